"""Rows of the charts of Segments: the RFM grid, its groups, the flow between them, and profiles."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from analytics import formats
from analytics.dataset import MONEY_SCALE
from analytics.formats import count_of
from analytics.metrics import Unit
from analytics.models.intervals import FEW
from analytics.tables import display
from analytics.tables.segments import rfm as rfm_tables

GRID_MEASURES: Final[dict[str, tuple[str, Unit]]] = {
    "customers": ("Customers", "count"),
    "money": ("Net revenue", "money"),
    "each": ("Net revenue per customer", "money"),
}
"""What a cell of the RFM grid may show: label and unit."""


KIND_OF: Final = {
    **dict.fromkeys(("Champions", "Loyal", "Potential", "New", "Promising"), "buying"),
    **dict.fromkeys(("Needs attention", "About to sleep"), "slowing"),
    **dict.fromkeys(("At risk", "Can't lose", "Hibernating", "Lost"), "stopped"),
    rfm_tables.NOT_YET: "not yet",
}
"""Group -> kind, which gives its colour in the flow."""

SHORT: Final = {rfm_tables.NOT_YET: "Not yet"}
"""What stands beside the flow in place of a long name."""


def rfm_grid(cells: pl.DataFrame, measure: str, currency: str) -> pl.DataFrame:
    """One row per score cell: r, fm, group, value, strength, enough, text and the tooltip's. Takes `rfm.grid`."""
    people = int(cells["customers"].sum())
    money = cells.with_columns(
        pl.col("group").cast(pl.String),
        (pl.col("money") / MONEY_SCALE).alias("money"),
        pl.when(pl.col("customers") > 0).then(pl.col("money") / (pl.col("customers") * MONEY_SCALE)).alias("each"),
    )
    share = money["customers"] / people if people else money["customers"].cast(pl.Float64)
    visible = money.with_columns(pl.col(measure).cast(pl.Float64).alias("value"))
    return visible.with_columns(
        display.strength(),
        (pl.col("customers") >= FEW).alias("enough"),
        display.texts(visible["value"], GRID_MEASURES[measure][1], currency),
        display.texts(money["customers"], "count", name="customers_text"),
        display.texts(share, "share", name="share_text"),
        display.texts(money["money"], "money", currency, "money_text"),
        display.texts(money["each"], "money", currency, "each_text"),
    ).drop("recent")


def rfm_groups(groups: pl.DataFrame) -> pl.DataFrame:
    """One row per group: group, customers, share, money, each, orders (per customer), recency. Takes `rfm.groups`."""
    people = int(groups["customers"].sum())
    some = pl.col("customers") > 0
    return groups.select(
        pl.col("group").cast(pl.String),
        "customers",
        (pl.col("customers") / max(people, 1)).alias("share"),
        (pl.col("money") / MONEY_SCALE).alias("money"),
        pl.when(some).then(pl.col("money") / (pl.col("customers") * MONEY_SCALE)).alias("each"),
        pl.when(some).then(pl.col("orders") / pl.col("customers")).alias("orders"),
        pl.col("recency"),
        pl.col("group").cast(pl.String).replace_strict(rfm_tables.ACTIONS, return_dtype=pl.String).alias("action"),
    )


def flow(moves: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Bands and nodes of the flow chart. Takes `rfm.migration`.

    A band has two points at each end and two between, so that it leaves and arrives level. Heights are customers, with
    a little room between the groups.
    """
    total = int(moves["customers"].sum())
    if not total:
        return pl.DataFrame()
    order = {name: rank for rank, name in enumerate((*rfm_tables.GROUPS, rfm_tables.NOT_YET))}
    rows = moves.sort(
        pl.col("from").replace_strict(order, return_dtype=pl.Int64),
        pl.col("to").replace_strict(order, return_dtype=pl.Int64),
    ).to_dicts()
    room, least = total * 0.008, total * 0.046  # a name is legible only beside a band or gap of some height
    nodes: list[dict[str, Any]] = []
    starts: list[dict[str, float]] = []
    for side, name in ((0, "from"), (1, "to")):
        sizes = {item: sum(row["customers"] for row in rows if row[name] == item) for item in order}
        at, start = 0.0, {}
        for item, size in sizes.items():
            if size:
                at += max(0.0, least - size) / 2
                start[item] = at
                label = f"{SHORT.get(item, item)} {formats.text(size, 'count')}"
                nodes.append(
                    {"part": "node", "at": float(side), "low": at, "high": at + size, "middle": at + size / 2,
                     "label": label, "kind": KIND_OF[item], "from": item, "to": item,
                     "customers_text": formats.text(size, "count")}
                )  # fmt: skip
                at += size + max(0.0, least - size) / 2 + room
        starts.append(start)
    bands = []
    for number, row in enumerate(rows):
        left, right = starts[0][row["from"]], starts[1][row["to"]]
        starts[0][row["from"]] += row["customers"]
        starts[1][row["to"]] += row["customers"]
        for x, y in ((0.0, left), (0.3, left), (0.7, right), (1.0, right)):
            bands.append(
                {"part": "band", "flow": number, "at": x, "low": y, "high": y + row["customers"],
                 "kind": KIND_OF[row["to"]], "from": row["from"], "to": row["to"],
                 "customers_text": formats.text(row["customers"], "count"),
                 "money_text": formats.text(row["recent"] / MONEY_SCALE, "money", currency)}
            )  # fmt: skip
    return pl.concat([pl.DataFrame(bands), pl.DataFrame(nodes)], how="diagonal")


def flow_table(moves: pl.DataFrame) -> pl.DataFrame:
    """The moves as people download them: from, to, customers, recent (currency units)."""
    return moves.with_columns(pl.col("recent") / MONEY_SCALE)


def reasons(rows: pl.DataFrame) -> pl.Series:
    """Why each customer is in their group, in words. Takes rows of `rfm.rfm`."""
    sentences = []
    for row in rows.select("recency", "days", "orders", "first_day", "last_day").iter_rows(named=True):
        last = "today" if row["recency"] == 0 else f"{count_of(row['recency'], 'day')} ago"
        text = f"{count_of(row['orders'], 'order')}, last {last}"
        if row["days"] > 2:
            gap = (row["last_day"] - row["first_day"]).days / (row["days"] - 1)
            text += f", usually every {count_of(gap, 'day') if round(gap) > 1 else 'day'}"
            if row["recency"] > 2 * gap:
                text += f": overdue {row['recency'] / max(gap, 1):,.1f} times"
        sentences.append(text)
    return pl.Series("reason", sentences, pl.String)


def profile(rows: pl.DataFrame, labels: Mapping[str, str], *, most: int = 9) -> pl.DataFrame:
    """The members that a group has most and least against the others, which tell something first. Takes `profile`.

    Columns: member (dimension and member), times, low, high (cut to 1/8 to 8), edge_low and edge_high (as far to both
    sides of 1 as any interval reaches, with room for the texts), tells and texts.
    """
    known = rows.filter("enough").drop_nulls("times")
    telling = known.filter("tells").sort("times", "dimension", "member", descending=[True, False, False])
    above, below = telling.filter(pl.col("times") > 1).head(most), telling.filter(pl.col("times") < 1).tail(most)
    visible = pl.concat([above, below])
    visible = visible.with_columns(
        pl.format("{}: {}", pl.col("dimension").replace_strict(labels, return_dtype=pl.String), "member").alias(
            "member"
        )
    )
    reach = pl.max_horizontal(pl.col("high").clip(0.125, 8), 1 / pl.col("low").clip(0.125, 8)).max() ** 1.3
    return visible.select(
        "member",
        "customers",
        pl.col("times").clip(0.125, 8),
        pl.col("low").clip(0.125, 8),
        pl.col("high").clip(0.125, 8),
        reach.alias("edge_high"),
        (1 / reach).alias("edge_low"),
        "tells",
        pl.Series("times_text", [f"{v:,.2f}×" for v in visible["times"]], pl.String),
        pl.Series(
            "interval_text",
            [f"{a:,.2f}× to {b:,.2f}×" for a, b in visible.select("low", "high").iter_rows()],
            pl.String,
        ),
        display.texts(visible["share"], "share", name="share_text"),
        display.texts(visible["others_share"], "share", name="others_text"),
        display.texts(visible["customers"], "count", name="size_text"),
    )
