"""Data: from any sales files to dashboards, in four steps on one page; below them the datasets there are."""

import streamlit as st

from ui import shell
from ui.cards.data import check as check_cards
from ui.cards.data import datasets as datasets_cards
from ui.cards.data import drop as drop_cards
from ui.cards.data import finish as finish_cards
from ui.cards.data import pending
from ui.cards.data import understand as understand_cards
from ui.menu import BY_NAME

shell.arrive()
if name := pending.opening():
    st.switch_page(BY_NAME["sales_performance"].script, query_params={"dataset": name})

drop_cards.step()
totals = understand_cards.step()
if totals is not None:
    findings = check_cards.step(totals)
    finish_cards.step(findings)
datasets_cards.step()
