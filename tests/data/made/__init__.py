"""Sales files of every kind that people keep, made at random with a known truth, and what becomes of them.

`layouts` varies the money columns of one flat file; in the other modules the layout itself varies: orders told once,
states, months as columns, several files, units, spellings, damage by spreadsheets. Each kind is a function of `KINDS`.
"""
