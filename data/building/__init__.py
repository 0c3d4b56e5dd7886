"""Building: from checked rows to the tables of a dataset."""
