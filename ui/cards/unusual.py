"""The card of unusual days."""

from __future__ import annotations

from analytics import formats
from analytics.metrics import METRICS
from analytics.models import order_counts
from ui.card import Card, Rows
from ui.content import unusual as content
from ui.headings import ColumnConfig
from ui.sidebar import View


def unusual(view: View) -> Card:
    """Days that fell out of line, with what made them."""
    shown, explained = content.days(view)
    metric = METRICS[explained]
    rows = shown.rows.sort("closed", "day", descending=[False, True]).select(
        "day", "value", "usual", "times", "z", "why"
    )
    return Card(
        "Unusual days",
        name="unusual",
        table=rows,
        takeaway=shown.takeaway,
        note=f"More or fewer orders, or larger or smaller ones, than chance brings on any day of the period, beside "
        f"the {order_counts.LEVEL_DAYS} days before and the weekday's habit; z: that chance in standard deviations",
        columns={
            "day": ColumnConfig("Day", "day", format="ddd D MMM YYYY"),
            "value": ColumnConfig(metric.label, metric.unit),
            "usual": ColumnConfig("Usual", formats.estimate(metric.unit, rows["value"])),
            "times": ColumnConfig("Times the usual", format="%.2f"),
        },
        body=[Rows(rows.head(12), alt="Unusual days")] if rows.height else [],
        height="content",
    )
