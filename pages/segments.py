"""Segments: who buys how recently, how often and for how much, who moved, and what to do about it."""

from ui import queries, shell
from ui.card import row
from ui.cards import gates, saved_segments
from ui.cards import segments as cards

view = shell.view()
data = queries.dataset(view.source)
gates.needs_buyers(view)
cards.figures(view)
row(view, cards.grid, cards.groups, widths=(7, 5))
row(view, cards.migration, cards.slipped, widths=(7, 5))
row(view, cards.actions)
row(view, cards.profile)
saved_segments.card(data, view)
