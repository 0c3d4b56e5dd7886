"""The reductions over the sales lines: the only module that reads `Dataset.lines`, each from a filtered view to a small table."""

from analytics.lines.passes import page
from analytics.lines.people import customers
from analytics.lines.requests import BUYER, BUYERS, Totals
from analytics.lines.rows import members, revenue, rows

__all__ = ["BUYER", "BUYERS", "Totals", "customers", "members", "page", "revenue", "rows"]
