"""Made-up files of the kind that public bodies and researchers publish, each with its clean answer.

`python -m benchmarks.survey DIR [--files N] [--seed N]` writes a pack that `python -m benchmarks.corpora --corpus DIR`
reads and scores: DIR/csv, DIR/clean and DIR/pollock_weights.json. The answer follows Pollock (Vitagliano et al., VLDB
2023): one header, whose lines are joined from top to bottom, then the records of the first table; titles, notes and
further tables are no part of it. A column without a name has an empty one. Sums below the table are left out as well,
which is what the reader promises, and so are lines without content.
"""
