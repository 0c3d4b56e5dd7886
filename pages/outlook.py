"""Outlook: what comes next, how the targets stand, and which days fell out of line."""

from ui import parts, queries, shell
from ui.card import row
from ui.cards import gates
from ui.cards import outlook as cards
from ui.cards import targets as targets_cards
from ui.cards import unusual as unusual_cards

view = shell.view()
data = queries.dataset(view.source)
ledger = gates.needs_lines(view)

row(view, cards.forecast)
if cards.runs(view):
    row(view, cards.running, cards.quality, widths=(5, 7))
else:
    row(view, cards.quality)
row(view, cards.members)
targets_cards.target(view)
row(view, unusual_cards.unusual)
parts.reconciliation(data, view.source, ledger)
