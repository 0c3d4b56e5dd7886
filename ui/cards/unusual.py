"""The card of unusual days."""

from __future__ import annotations

from typing import Any

import streamlit as st

from analytics.dataset import Dataset
from analytics.metrics import METRICS
from analytics.models import anomalies
from ui import parts
from ui.content import unusual as content
from ui.sidebar import View


def unusual(data: Dataset, view: View) -> None:
    """Days that fell out of line, with what made them."""
    shown, explained = content.days(view)
    metric = METRICS[explained]
    columns: dict[str, Any] = {
        "day": st.column_config.DateColumn("Day", format="ddd D MMM YYYY"),
        "value": parts.number_column(metric.label, metric.unit, data),
        "usual": parts.number_column("Usual", metric.unit, data),
        "times": st.column_config.NumberColumn("Times the usual", format="%.2f"),
        "z": st.column_config.NumberColumn("Robust z", format="%.1f"),
        "why": "Made by",
    }
    with parts.card(
        "Unusual days",
        name="unusual",
        table=lambda: shown.rows.select(list(columns)),
        takeaway=shown.takeaway,
        note=f"Beyond {anomalies.LIMIT:.0f} robust standard deviations (z, of logs) from the level of the "
        f"{anomalies.LEVEL_DAYS} days before, the weekday allowed for",
        columns=columns,
        height="content",
    ):
        if shown.rows.height:
            st.dataframe(
                shown.rows.select(list(columns)).head(12),
                hide_index=True,
                column_config=columns,
                alt="Unusual days",
                height="content",
            )
