"""Sales Insights: start with `streamlit run Home.py`."""

# Ten first visitors at once would otherwise meet a half-imported pandas.
import pandas  # noqa: F401
import pyarrow  # noqa: F401

from ui import shell

shell.run()
