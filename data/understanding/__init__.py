"""Understanding files by evidence over all columns at once: facts -> relations -> readings -> recipe.

Names are a prior only. What arithmetic proves on the rows wins; what the files cannot tell is asked.
"""
