"""The speed comparison: the app against DuckDB, plain polars and pandas on the same data, each answer checked first.

`python -m benchmarks.pages` times the reductions of the pages, `benchmarks.prepare` the import, `benchmarks.rerun` a
filter click, `benchmarks.start` importing and memory after the start. Nothing of the app imports this package.
"""
