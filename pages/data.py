"""Data: from any sales files to dashboards, in four steps on one page."""

from ui import shell
from ui.cards.data import check as check_cards
from ui.cards.data import drop as drop_cards
from ui.cards.data import finish as finish_cards
from ui.cards.data import understand as understand_cards

shell.arrive()

drop_cards.step()
if understand_cards.step():
    findings = check_cards.step()
    finish_cards.step(findings)
