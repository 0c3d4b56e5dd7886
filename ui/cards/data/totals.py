"""What an import would come to as it stands, beside what it came to before the last change."""

from __future__ import annotations

from datetime import date

import streamlit as st

from analytics import formats
from analytics.dataset import MONEY_SCALE
from analytics.periods import Period
from data.trial import ImportTotals
from ui.cards.data.job import Job


def money(amount: int, currency: str) -> str:
    """Ten-thousandths in full."""
    return formats.text(amount / MONEY_SCALE, "money", currency, compact=False)


def strip(work: Job, currency: str) -> None:
    """Rows, revenue, orders and days; below them those before the last change, or of the dataset as it is now."""
    now, before = work.trial, work.earlier
    if now is None or now.problem:
        return
    label_before = "so far" if work.recipe_of and not work.history else "before"
    with st.container(key="data_totals", gap="xsmall"):
        with st.grid(4, min_column_width=150, gap="small"):
            for label, shown, old in (
                ("Rows", f"{now.rows:,}", f"{before.rows:,}" if before else ""),
                ("Revenue", money(now.revenue, currency), money(before.revenue, currency) if before else ""),
                ("Orders", f"{now.orders:,}", f"{before.orders:,}" if before else ""),
                ("Days", f"{_days(now):,}", f"{_days(before):,}" if before else ""),
            ):
                st.metric(
                    label,
                    shown,
                    f"{label_before}: {old}" if old and old != shown else None,
                    delta_color="off",
                    delta_arrow="off",
                    border=True,
                    height="stretch",
                )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(_between(work, now, before), width="stretch")
            if work.history:
                st.button("Undo the last change", key="data_undo", icon=":material/undo:", on_click=work.undo)


def _between(work: Job, now: ImportTotals, before: ImportTotals | None) -> str:
    """First to last day, and what the last change did."""
    sentence = f"Sales from {_period(now)}."
    if before is None or before.problem:
        return sentence
    if work.recipe_of and not work.history:
        return f"{sentence} The dataset has sales from {_period(before)} now."
    if before == now:
        return f"{sentence} The last change left all of this as it was."
    return f"{sentence} Before the last change: {_period(before)}." if _period(before) != _period(now) else sentence


def _days(of: ImportTotals) -> int:
    return _span(of).days if of.first_day else 0


def _period(of: ImportTotals) -> str:
    return _span(of).describe() if of.first_day else "no day"


def _span(of: ImportTotals) -> Period:
    return Period(date.fromisoformat(of.first_day), date.fromisoformat(of.last_day))
