"""The reductions over the sales lines, from a filtered view to a small table: the only readers of `Dataset.lines`."""

from analytics.lines.baskets import baskets
from analytics.lines.by_customer import MOMENTS, PARTS
from analytics.lines.moments import Squares, Worth, squares
from analytics.lines.newcomers import newcomers
from analytics.lines.page import customers, page
from analytics.lines.pairs import Together, pairs
from analytics.lines.purchases import buyers, can_net, firsts, of_customer, purchases
from analytics.lines.requests import BUYER, BUYERS, CUSTOMER, Totals
from analytics.lines.rows import members, order_days, revenue, rows
from analytics.lines.sums import ADDITIVE, history, lives, on_days, sums
from analytics.lines.unit_prices import unit_prices

__all__ = [
    "ADDITIVE",
    "BUYER",
    "BUYERS",
    "CUSTOMER",
    "MOMENTS",
    "PARTS",
    "Squares",
    "Together",
    "Totals",
    "Worth",
    "baskets",
    "buyers",
    "can_net",
    "customers",
    "firsts",
    "history",
    "lives",
    "members",
    "newcomers",
    "of_customer",
    "on_days",
    "order_days",
    "page",
    "pairs",
    "purchases",
    "revenue",
    "rows",
    "squares",
    "sums",
    "unit_prices",
]
