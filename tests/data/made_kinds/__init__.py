"""Sales files of every kind that people keep, made at random with a known truth.

`made_files` varies the money columns of one flat file; here the layout itself varies: orders told once, states, months
as columns, several files, units, spellings, damage by spreadsheets. Each kind is one function of `KINDS`.
"""
