"""What was kept though it may be misread: prices far from the usual one, days to come, days far from all others.

The same limits as those of the rules that can set such rows aside; here they are said of what stayed, in any import.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import polars as pl

from analytics.formats import count_of
from data.rules.compared import PRICE_FACTOR, PRICE_ROWS
from data.terms.texts import money

_FAR: Final = 366
"""Days from all others that make a day doubtful."""


def doubts(lines: pl.DataFrame, today: date | None, unit_scale: int = 1) -> tuple[str, ...]:
    """One sentence for each kind of doubt about canonical lines that are kept, with its rows and their money."""
    sentences = [_prices(lines, unit_scale), _days_to_come(lines, today), _far_days(lines, today)]
    return tuple(sentence for sentence in sentences if sentence)


def _prices(lines: pl.DataFrame, unit_scale: int) -> str:
    if "product_id" not in lines.columns:
        return ""
    price = pl.col("revenue").cast(pl.Float64) * unit_scale / pl.col("quantity").cast(pl.Float64)
    called = pl.col("product" if "product" in lines.columns else "product_id").cast(pl.String).alias("called")
    sold = lines.lazy().select("product_id", "revenue", called, price.abs().alias("price"))
    sold = sold.filter(pl.col("price").is_finite() & (pl.col("price") > 0) & pl.col("product_id").is_not_null())
    usual = pl.col("price").median().over("product_id")
    far = sold.with_columns(usual.alias("usual"), pl.len().over("product_id").alias("many")).filter(
        (pl.col("many") >= PRICE_ROWS)
        & ((pl.col("price") > pl.col("usual") * PRICE_FACTOR) | (pl.col("price") < pl.col("usual") / PRICE_FACTOR))
    )
    rows = far.with_columns((pl.col("price") / pl.col("usual")).log().abs().alias("off")).sort(
        "off", descending=True, maintain_order=True
    ).collect()  # fmt: skip
    if not rows.height:
        return ""
    first = rows.row(0, named=True)
    times = max(first["price"] / first["usual"], first["usual"] / first["price"])
    way = "times" if first["price"] > first["usual"] else "times less than"
    return (
        f"{_counted(rows.height)} a price more than {PRICE_FACTOR} times, or less than a tenth of, what the item "
        f"usually costs, such as {first['called']} at {money(round(first['price']))}, {times:,.0f} {way} its usual "
        f"{money(round(first['usual']))}. {_worth(rows)}."
    )


def _days_to_come(lines: pl.DataFrame, today: date | None) -> str:
    if today is None:
        return ""
    late = lines.filter(pl.col("ordered_on") > today)
    if not late.height:
        return ""
    return (
        f"{_counted(late.height)} a date after the day of the import, {today}; the last is {_days(late)[1]}. "
        f"{_worth(late)}."
    )


def _far_days(lines: pl.DataFrame, today: date | None) -> str:
    """Days more than a year from all but a thousandth (of few rows: a hundredth) of the rows, and not to come."""
    share = 0.001 if lines.height >= 2000 else 0.01
    days = lines["ordered_on"].to_physical()
    low, high = days.quantile(share), days.quantile(1 - share)
    if low is None or high is None:
        return ""
    day = pl.col("ordered_on").to_physical()
    far = lines.filter((day < low - _FAR) | (day > high + _FAR))
    if today is not None:
        far = far.filter(pl.col("ordered_on") <= today)
    if not far.height:
        return ""
    return f"{_counted(far.height)} a date more than a year away from all others, {_when(far)}. {_worth(far)}."


def _days(lines: pl.DataFrame) -> tuple[str, str]:
    """The first and the last day."""
    first, last = lines.select(first=pl.col("ordered_on").min(), last=pl.col("ordered_on").max()).row(0)
    return str(first), str(last)


def _when(lines: pl.DataFrame) -> str:
    first, last = _days(lines)
    return f"on {first}" if first == last else f"from {first} to {last}"


def _worth(rows: pl.DataFrame) -> str:
    """What rows come to."""
    return f"{'They come' if rows.height != 1 else 'It comes'} to {money(int(rows['revenue'].sum()))}"


def _counted(rows: int) -> str:
    return count_of(rows, "row has", "rows have")
