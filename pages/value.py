"""Value: what customers are expected to bring, who is overdue, and how far to trust it."""

from ui import shell
from ui.card import row
from ui.cards import fitting as fitting_cards
from ui.cards import gates
from ui.cards import value as cards
from ui.content import purchases

view = shell.view()
gates.needs_buyers(view)

fit = fitting_cards.fitted(view.source, view.filters.where, purchases.as_of(view))
cards.verdict(view, fit)

if fit.models:
    cards.horizon_choice(view)
    cards.figures(view)
    row(view, cards.best)

if fit.backtest:
    row(view, cards.by_group if fit.models else cards.lapsed, cards.tested)

row(view, cards.overdue)
if fit.models or not fit.backtest:
    row(view, cards.lapsed)
