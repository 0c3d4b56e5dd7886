"""Retention: who comes back, how soon, and what became of last period's customers."""

from ui import shell
from ui.card import row
from ui.cards import gates
from ui.cards import retention as cards

view = shell.view()
gates.needs_buyers(view)
cards.figures(view)

row(view, cards.bridge, cards.bridge_customers, widths=(7, 5))
cards.cohorts(view)
row(view, cards.came_back, cards.first_members)
row(view, cards.waiting)
