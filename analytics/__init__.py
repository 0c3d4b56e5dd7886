"""Pure functions from order lines to the tables, charts and sentences of Sales Insights.

Nothing in this package imports Streamlit, opens a file or reads the clock.
"""
