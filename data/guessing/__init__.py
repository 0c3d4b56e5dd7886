"""Guesses about files: which file plays which role, which column means what, and which columns join.

Every guess carries the sentence that explains it, and each can be overruled.
"""
