"""Numbers and days as the sentences say them, and the comparisons that several of them make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

from analytics import formats
from analytics.dataset import MONEY_SCALE
from analytics.evaluation import value
from analytics.metrics import METRICS, Metric, Unit

GREW: Final = ("grew", "fell", "stood still")
GROW: Final = ("grow", "fall", "stand still")
"""Up, down and neither: what was, and what should be."""


def pairs(table: pl.DataFrame, metric: str, *kept: str) -> pl.DataFrame:
    """The kept columns, `value` and `value_base` of a metric; Enum columns as text."""
    if "value" in table.columns:
        now = pl.col("value").cast(pl.Float64)
        base = pl.col("value_base") if "value_base" in table.columns else pl.lit(None)
    else:
        now = value(metric)
        compared = all(f"{name}_base" in table.columns for name in METRICS[metric].measures)
        base = value(metric, "_base") if compared else pl.lit(None)
    columns = [pl.col(n).cast(pl.String) if table.schema[n] in (pl.Enum, pl.Categorical) else pl.col(n) for n in kept]
    return table.select(*columns, now.alias("value"), base.cast(pl.Float64).alias("value_base"))


def share_of(values: list[float], row: Metric) -> float | None:
    """The largest value's part of all, None where parts do not add up to a whole."""
    total = sum(values)
    return max(values) / total if row.kind == "sum" and total > 0 and min(values) >= 0 else None


def differences(rows: list[tuple[str, float | None, float | None]], row: Metric) -> list[tuple[str, float]]:
    """Members with a base, and value less base. A sum or count that is gone is 0 now, a ratio is unknown."""
    gone = None if row.kind == "ratio" else 0.0
    known = [(name, gone if now is None else now, base) for name, now, base in rows]
    return [(name, now - base) for name, now, base in known if now is not None and base is not None]


def moves(moved: list[tuple[str, float]], row: Metric, currency: str) -> str:
    """The biggest rise and the biggest fall, as far as they can be written; of one member alone what it moved by."""
    ordered = sorted(moved, key=lambda item: (-item[1], item[0]))
    texts = {name: formats.signed_text(by, row.unit, currency) for name, by in (*ordered[:1], *ordered[-1:])}
    if len(ordered) == 1:
        ((name, text),) = texts.items()
        return f" {name} moved by {text}." if text[0] in "+-" else ""
    parts = [
        f"biggest {word}: {name} ({texts[name]})"
        for word, sign, ends in (("rise", 1, ordered[:1]), ("fall", -1, ordered[-1:]))
        for name, by in ends
        if by * sign > 0 and texts[name][0] in "+-"
    ]
    joined = "; ".join(parts)
    return f" {joined[0].upper()}{joined[1:]}." if joined else ""


def without_filters(labels: Sequence[str], sentence: str) -> str:
    """A sentence of rows that the filters on some dimensions were left out of; see `dimensions.let_go`."""
    return f"Without the filter on {' and '.join(labels)}: {sentence}" if labels else sentence


def counted(number: float | None) -> str:
    return formats.text(number, "count")


def more(change: float, unit: Unit, what: str, same: str) -> str:
    """A change of how many or how much: `+3% orders`, or `as many orders` where it rounds to nothing."""
    text = formats.change_text(change, unit)
    return f"{text} {what}" if text[0] in "+-" else f"as {same} {what}"


def grew(growth: float) -> str:
    """What somebody did over a span: `grew 12%`, `fell 3%`, or `stood still` where it rounds to nothing."""
    text = formats.change_text(growth, "count")
    return GREW[2] if text[0] not in "+-" else f"{GREW[0] if growth > 0 else GREW[1]} {text[1:]}"


def highest(growth: float, verbs: tuple[str, str, str] = GREW, unit: Unit = "count") -> str:
    """What the member with the highest growth did beside the others: `grew most`, or `fell least` where all fell."""
    return _moved(growth, verbs, "most", "least", unit)


def lowest(growth: float, verbs: tuple[str, str, str] = GREW, unit: Unit = "count") -> str:
    """What the member with the lowest growth did beside the others: `fell most`, or `grew least` where all grew."""
    return _moved(growth, verbs, "least", "most", unit)


def _moved(growth: float, verbs: tuple[str, str, str], if_up: str, if_down: str, unit: Unit) -> str:
    text = formats.change_text(growth, unit)
    if text[0] not in "+-":
        return f"{verbs[2]} ({text})"
    return f"{verbs[0]} {if_up} ({text})" if growth > 0 else f"{verbs[1]} {if_down} ({text})"


def times(factor: float) -> str:
    """How many times as much: one decimal, and two where one would hide what lies beyond 1."""
    return f"{factor:,.2f}" if factor < 2 else f"{factor:,.1f}"


def percent(share: float | None) -> str:
    return formats.text(share, "share")


def amount(ten_thousandths: int, currency: str) -> str:
    return formats.text(ten_thousandths / MONEY_SCALE, "money", currency)


def signed(ten_thousandths: int, currency: str) -> str:
    return formats.signed_text(ten_thousandths / MONEY_SCALE, "money", currency)
