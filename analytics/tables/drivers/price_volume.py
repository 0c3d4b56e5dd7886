"""The price-volume-mix bridge: why revenue went from the base period's to this one's, exactly.

Over items sold in both periods, with Q their total units: price = (p1 - p0) q1, volume = p0 q0 (Q1/Q0 - 1),
mix = p0 (q1 - q0 Q1/Q0); what only one period sold is new or lost. Each item's parts are whole ten-thousandths and sum
to its change: price and volume are rounded, mix takes what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl

from analytics import formats, lines
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.filters import Filters

PARTS: Final = {
    "price": "Price",
    "volume": "Volume",
    "mix": "Mix",
    "new": "New",
    "lost": "Lost",
}
"""Column -> what the bridge calls it, in the order drawn."""

MEANINGS: Final = {
    "price": "the same items at other prices: (price now - price then) x units now",
    "volume": "more or fewer units in all, at the base's prices and mix",
    "mix": "dearer or cheaper items than the base's mix",
    "new": "items that only this period sold",
    "lost": "items that only the base period sold",
}

DEAREST_ITEMS: Final = 12
"""Items in a drill: half of them the largest rises, half the largest falls."""


@dataclass(frozen=True)
class PriceVolumeBridge:
    """A bridge at one grain."""

    items: pl.DataFrame
    """One row per item: item (text), units, units_base, revenue, revenue_base and PARTS (whole numbers, money in
    ten-thousandths; units may have decimals). Its parts sum to revenue less revenue_base."""

    @property
    def parts(self) -> dict[str, int]:
        """Sum of each of PARTS, ten-thousandths."""
        return {name: int(self.items[name].sum()) for name in PARTS}

    @property
    def revenue(self) -> int:
        """Revenue of the period."""
        return int(self.items["revenue"].sum())

    @property
    def base(self) -> int:
        """Revenue of the base."""
        return int(self.items["revenue_base"].sum())

    @property
    def residual(self) -> int:
        """What the parts leave unexplained: always 0."""
        return self.revenue - self.base - sum(self.parts.values())


def grains(data: Dataset) -> dict[str, tuple[str, ...]]:
    """Grain -> its dimensions, as far as the dataset carries them; the product is first."""
    offered: dict[str, tuple[str, ...]] = {"product": ("product",)}
    for name in ("subcategory", "category"):
        if data.has(name):
            offered[name] = (name,)
    if data.place:
        offered[f"{data.place}_product"] = (data.place, "product")
    return offered


def bridge(data: Dataset, filters: Filters, dimensions: tuple[str, ...]) -> PriceVolumeBridge:
    """The bridge of a view with a base, over items told apart by some dimensions. ValueError without a base."""
    if filters.base is None:
        raise ValueError("a bridge needs a period to compare with")
    return of_items(lines.sums(data, filters, dimensions), dimensions)


def of_items(frame: pl.DataFrame, dimensions: tuple[str, ...]) -> PriceVolumeBridge:
    """The bridge over a frame of units and revenue with their base, one row per item."""
    name = pl.concat_str([pl.col(dimension).cast(pl.String) for dimension in dimensions], separator=" · ")
    measures = ("units", "units_base", "revenue", "revenue_base")
    table = frame.select(name.alias("item"), *(pl.col(column).fill_null(0) for column in measures))
    table = table.filter(pl.any_horizontal(pl.col(measures) != 0))
    both = (pl.col("units") > 0) & (pl.col("units_base") > 0)
    growth = pl.col("units").filter(both).sum() / pl.col("units_base").filter(both).sum()
    at_base_prices = pl.col("revenue_base") / pl.col("units_base") * pl.col("units")
    price = (pl.col("revenue") - at_base_prices).round().cast(pl.Int64, strict=False)
    volume = (pl.col("revenue_base") * (growth - 1)).round().cast(pl.Int64, strict=False)
    table = table.with_columns(
        pl.when(both).then(price).otherwise(0).alias("price"),
        pl.when(both).then(volume).otherwise(0).alias("volume"),
        pl.when(both).then(0).otherwise(pl.col("revenue")).alias("new"),
        pl.when(both).then(0).otherwise(-pl.col("revenue_base")).alias("lost"),
    )
    rest = pl.col("revenue") - pl.col("revenue_base") - pl.col("price") - pl.col("volume")
    table = table.with_columns(pl.when(both).then(rest).otherwise(0).alias("mix"))
    return PriceVolumeBridge(table.select("item", *measures, *PARTS))


def waterfall(bridge: PriceVolumeBridge, base_label: str, now_label: str, currency: str) -> pl.DataFrame:
    """One row per bar, in the order drawn: step (key), member (what it is called), kind (`total`, `rise`, `fall`), low,
    high, end (what is reached with it), amount (all in currency units), next (the bar after it), text, meaning."""
    rows, reached = [("base", base_label, "total", 0, bridge.base, "")], bridge.base
    for name, amount in bridge.parts.items():
        kind = "fall" if amount < 0 else "rise"
        rows.append((name, PARTS[name], kind, reached, reached + amount, MEANINGS[name]))
        reached += amount
    rows.append(("now", now_label, "total", 0, bridge.revenue, ""))
    table = pl.DataFrame(
        rows,
        schema={
            "step": pl.String, "member": pl.String, "kind": pl.String, "start": pl.Int64, "end": pl.Int64,
            "meaning": pl.String,
        },
        orient="row",
    )  # fmt: skip
    table = table.select(
        "step", "member", "kind", "meaning",
        (pl.min_horizontal("start", "end") / MONEY_SCALE).alias("low"),
        (pl.max_horizontal("start", "end") / MONEY_SCALE).alias("high"),
        pl.col("end") / MONEY_SCALE,
        ((pl.col("end") - pl.col("start")) / MONEY_SCALE).alias("amount"),
        pl.col("member").shift(-1).alias("next"),
    )  # fmt: skip
    texts = [
        formats.text(amount, "money", currency) if kind == "total" else formats.signed_text(amount, "money", currency)
        for kind, amount in table.select("kind", "amount").iter_rows()
    ]
    return table.with_columns(pl.Series("text", texts, pl.String))


def drill(bridge: PriceVolumeBridge, part: str, currency: str, *, most: int = DEAREST_ITEMS) -> pl.DataFrame:
    """The items that make up a part most: member, moved (currency units), text, change_text (units then and now);
    rises first."""
    rows = bridge.items.filter(pl.col(part) != 0).sort(part, "item", descending=[True, False])
    half = most // 2
    if rows.height > most:
        up = max(half, most - rows.filter(pl.col(part) < 0).height)
        up = min(up, rows.filter(pl.col(part) > 0).height)
        rows = pl.concat([rows.head(up), rows.tail(most - up)])
    moved = rows.select(
        pl.col("item").alias("member"), (pl.col(part) / MONEY_SCALE).alias("moved"), "units", "units_base"
    )
    return moved.with_columns(
        pl.Series("text", [formats.signed_text(v, "money", currency) for v in moved["moved"]], pl.String),
        pl.Series(
            "change_text",
            [f"{formats.text(b, 'units')} → {formats.text(n, 'units')} units"
             for n, b in moved.select("units", "units_base").iter_rows()],
            pl.String,
        ),
    )  # fmt: skip


def items_table(bridge: PriceVolumeBridge) -> pl.DataFrame:
    """Every item with its parts in currency units, largest change first."""
    money = ("revenue", "revenue_base", *PARTS)
    table = bridge.items.with_columns(pl.col(money) / MONEY_SCALE)
    change = (pl.col("revenue") - pl.col("revenue_base")).alias("change")
    return table.select("item", change, *PARTS, "revenue", "revenue_base", "units", "units_base").sort(
        pl.col("change").abs(), "item", descending=[True, False]
    )
