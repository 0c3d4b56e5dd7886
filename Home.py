"""Sales Insights: start with `streamlit run Home.py`."""

# Ten first visitors at once would otherwise meet a half-imported pandas.
import pandas  # noqa: F401
import pyarrow  # noqa: F401
import streamlit as st
from starlette.middleware import Middleware

if __name__ == "__main__":
    from ui import shell

    shell.run()
else:
    # The server imports this file for its application; each run of the script for a visitor is `__main__`.
    from ui.server import ahead
    from ui.server.middleware import Guard

    ahead.start()
    app = st.App(__file__, middleware=[Middleware(Guard)])
