"""What the customer pages' charts show: counts and money as rows to draw, with the numbers as people read them.

Money comes in as ten-thousandths where a column is whole, and leaves in currency units. `strength` is a cell's value as
a share of the largest, so that a text on it can stay readable.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from analytics import formats
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.metrics import Unit
from analytics.models.intervals import FEW
from analytics.tables import bridge as bridges
from analytics.tables import rfm
from analytics.tables.value import Backtest

GRID_MEASURES: Final[dict[str, tuple[str, Unit]]] = {
    "customers": ("Customers", "count"),
    "money": ("Net revenue", "money"),
    "each": ("Net revenue per customer", "money"),
}
"""What a cell of the RFM grid may show: label and unit."""

COHORT_UNITS: Final[dict[str, Unit]] = {"retention": "share", "revenue": "money", "orders": "number"}

ROOM: Final = 1.16
"""How far an axis reaches beyond its largest value, for the text that stands there."""

KIND_OF: Final = {
    **dict.fromkeys(("Champions", "Loyal", "Potential", "New", "Promising"), "buying"),
    **dict.fromkeys(("Needs attention", "About to sleep"), "slowing"),
    **dict.fromkeys(("At risk", "Can't lose", "Hibernating", "Lost"), "stopped"),
    rfm.NOT_YET: "not yet",
}
"""Group -> kind, which gives its colour in the flow."""

SHORT: Final = {rfm.NOT_YET: "Not yet"}
"""What stands beside the flow in place of a long name."""

BRIDGE_LABELS: Final = {
    "base": "Base",
    "new": "New",
    "recovered": "Recovered",
    "expansion": "Expansion",
    "contraction": "Contraction",
    "lapsed": "Lapsed",
    "unrecorded": "No customer",
    "now": "This period",
}


def texts(values: pl.Series, unit: Unit, currency: str = "", name: str = "text") -> pl.Series:
    """The values as people read them."""
    return pl.Series(name, [formats.text(value, unit, currency) for value in values], pl.String)


def span(low: pl.Series, high: pl.Series, unit: Unit, currency: str = "") -> pl.Series:
    """Intervals as people read them: `12.1% to 15.3%`."""
    pairs = zip(texts(low, unit, currency), texts(high, unit, currency), strict=True)
    return pl.Series("interval_text", [f"{a} to {b}" if a != "–" else "–" for a, b in pairs], pl.String)


def _strength(column: str = "value") -> pl.Expr:
    most = pl.col(column).max()
    return pl.when(most > 0).then((pl.col(column) / most).clip(0)).otherwise(0.0).fill_nan(0).alias("strength")


def rfm_grid(cells: pl.DataFrame, measure: str, currency: str) -> pl.DataFrame:
    """One row per score cell: r, fm, group, value, strength, enough, text and the tooltip's. Takes `rfm.grid`."""
    people = int(cells["customers"].sum())
    money = cells.with_columns(
        pl.col("group").cast(pl.String),
        (pl.col("money") / MONEY_SCALE).alias("money"),
        pl.when(pl.col("customers") > 0).then(pl.col("money") / (pl.col("customers") * MONEY_SCALE)).alias("each"),
    )
    share = money["customers"] / people if people else money["customers"].cast(pl.Float64)
    shown = money.with_columns(pl.col(measure).cast(pl.Float64).alias("value"))
    return shown.with_columns(
        _strength(),
        (pl.col("customers") >= FEW).alias("enough"),
        texts(shown["value"], GRID_MEASURES[measure][1], currency),
        texts(money["customers"], "count", name="customers_text"),
        texts(share, "share", name="share_text"),
        texts(money["money"], "money", currency, "money_text"),
        texts(money["each"], "money", currency, "each_text"),
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
        pl.col("group").cast(pl.String).replace_strict(rfm.ACTIONS, return_dtype=pl.String).alias("action"),
    )


def flow(moves: pl.DataFrame, currency: str) -> pl.DataFrame:
    """Bands and nodes of the flow chart. Takes `rfm.migration`.

    A band has two points at each end and two between, so that it leaves and arrives level. Heights are customers, with
    a little room between the groups.
    """
    total = int(moves["customers"].sum())
    if not total:
        return pl.DataFrame()
    order = {name: rank for rank, name in enumerate((*rfm.GROUPS, rfm.NOT_YET))}
    rows = moves.sort(
        pl.col("from").replace_strict(order, return_dtype=pl.Int64),
        pl.col("to").replace_strict(order, return_dtype=pl.Int64),
    ).to_dicts()
    room, least = total * 0.008, total * 0.046  # a name is legible only beside a band or gap of some height
    nodes: list[dict[str, Any]] = []
    starts: list[dict[str, float]] = []
    for side, name in ((0, "from"), (1, "to")):
        sizes = {one: sum(row["customers"] for row in rows if row[name] == one) for one in order}
        at, start = 0.0, {}
        for one, size in sizes.items():
            if size:
                at += max(0.0, least - size) / 2
                start[one] = at
                label = f"{SHORT.get(one, one)} {formats.text(size, 'count')}"
                nodes.append(
                    {"part": "node", "at": float(side), "low": at, "high": at + size, "middle": at + size / 2,
                     "label": label, "kind": KIND_OF[one], "from": one, "to": one,
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


def people(data: Dataset, rows: pl.DataFrame) -> pl.DataFrame:
    """The same rows with customer_id and name in front, money in currency units; keeps `customer`, the code."""
    named = data.customers.select("customer_id", "name").with_row_index("customer")
    money = [n for n in ("money", "recent", "revenue", "now", "base", "change") if rows.schema.get(n) == pl.Int64]
    joined = rows.join(named, on="customer", how="left", maintain_order="left")
    return joined.select("customer", "customer_id", "name", pl.exclude("customer", "customer_id", "name")).with_columns(
        pl.col(money) / MONEY_SCALE
    )


def reasons(rows: pl.DataFrame) -> pl.Series:
    """Why each customer is in their group, in words. Takes rows of `rfm.rfm`."""
    said = []
    for row in rows.select("recency", "days", "orders", "first_day", "last_day").iter_rows(named=True):
        orders = f"{row['orders']:,} order{'' if row['orders'] == 1 else 's'}"
        last = "today" if row["recency"] == 0 else f"{row['recency']:,} day{'' if row['recency'] == 1 else 's'} ago"
        text = f"{orders}, last {last}"
        if row["days"] > 2:
            gap = (row["last_day"] - row["first_day"]).days / (row["days"] - 1)
            text += f", usually every {max(gap, 1):,.0f} days"
            if row["recency"] > 2 * gap:
                text += f": overdue {row['recency'] / max(gap, 1):,.1f} times"
        said.append(text)
    return pl.Series("reason", said, pl.String)


def cohort_cells(rows: pl.DataFrame, measure: str, currency: str) -> pl.DataFrame:
    """One row per cell of a cohort grid, k = 0 left out for retention. Takes `cohorts.by_cohort` or `by_group`."""
    unit = COHORT_UNITS[measure]
    shown = rows.filter(pl.col("k") > 0) if measure == "retention" else rows
    value = pl.col(measure) / MONEY_SCALE if unit == "money" else pl.col(measure)
    shown = shown.with_columns(
        value.alias("value"),
        pl.Series("row", [f"{row} ({size:,})" for row, size in shown.select("row", "size").iter_rows()], pl.String),
        pl.col("k").cast(pl.Int64),
    )
    state = (
        pl.when(~pl.col("whole"))
        .then(pl.lit("This period is not over yet"))
        .when(~pl.col("enough"))
        .then(pl.lit("Few customers: mostly chance"))
        .otherwise(pl.lit("Whole period"))
    )
    written = [
        formats.text(v, unit, currency) if unit != "share" else "–" if v is None else f"{v * 100:.0f}%"
        for v in shown["value"]
    ]
    return shown.select(
        "row",
        "row_rank",
        "k",
        "value",
        _strength(),
        "enough",
        "whole",
        "customers",
        "eligible",
        pl.Series("text", written, pl.String),
        texts(shown["customers"], "count", name="customers_text"),
        texts(shown["eligible"], "count", name="eligible_text"),
        state.alias("state"),
    )


def cohort_table(cells: pl.DataFrame) -> pl.DataFrame:
    """A cohort grid as people download it: one row per cohort, one column per period since."""
    wide = cells.sort("k", "row_rank").pivot("k", index=["row_rank", "row"], values="value").sort("row_rank")
    return wide.drop("row_rank").rename({"row": "cohort"})


def cohort_curves(
    rows: pl.DataFrame, pooled: pl.DataFrame | None, pooled_name: str, measure: str, currency: str, *, most: int = 6
) -> pl.DataFrame:
    """One row per line and period since, of whole periods with enough customers: row, row_rank, k, value, texts.

    The latest `most` cohorts that are observed for two periods or more, or the largest groups; `pooled` (retention over
    all cohorts) is the line named `pooled_name`.
    """
    unit = COHORT_UNITS[measure]
    kept = rows.filter("whole", "enough")
    told = kept.group_by("row", "row_rank").agg(pl.len().alias("points")).filter(pl.col("points") > 2).sort("row_rank")
    # Cohorts read by date, so the latest are last; groups read by size, so the first are largest.
    chosen = told.tail(most) if pooled is not None else told.head(most)
    lines = kept.join(chosen.select("row"), on="row").select("row", "row_rank", "k", "eligible", pl.col(measure))
    if pooled is not None and measure == "retention" and not kept.is_empty():
        one = pooled.select(
            pl.lit(pooled_name).alias("row"), pl.lit(-1, pl.Int64).alias("row_rank"), "k", "eligible", measure
        )
        lines = pl.concat([lines, one.filter(pl.col("k") <= kept["k"].max())])
    lines = lines.filter(pl.col("k") > 0) if measure == "retention" else lines
    value = pl.col(measure) / MONEY_SCALE if unit == "money" else pl.col(measure)
    shown = lines.select("row", "row_rank", pl.col("k").cast(pl.Int64), value.alias("value"), "eligible")
    return shown.with_columns(
        texts(shown["value"], unit, currency), texts(shown["eligible"], "count", name="eligible_text")
    ).sort("row_rank", "k")


def ranges(
    rows: pl.DataFrame, member: str, value: str, unit: Unit, currency: str = "", *, size: str, low: str, high: str
) -> pl.DataFrame:
    """Values with intervals, in the rows' order: member, value, low, high, enough, edge (room) and texts."""
    shown = rows.select(
        pl.col(member).cast(pl.String).alias("member"),
        pl.col(value).alias("value"),
        pl.col(low).alias("low"),
        pl.col(high).alias("high"),
        pl.col(size).alias("customers"),
        "enough",
    )
    return shown.with_columns(
        (pl.col("high").max() * ROOM).alias("edge"),
        texts(shown["value"], unit, currency),
        span(shown["low"], shown["high"], unit, currency),
        texts(shown["customers"], "count", name="size_text"),
    )


def waiting(curves: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Share who came back by each day, 1 - survival: series, day, value, low, high and texts. Takes thinned curves.

    The band is drawn only where one series stands alone.
    """
    alone = len(curves) == 1
    frames = [
        curve.select(
            pl.lit(name).alias("series"),
            "day",
            (1 - pl.col("survival")).alias("value"),
            (1 - pl.col("high")).alias("low"),
            (1 - pl.col("low")).alias("high"),
            "at_risk",
        )
        for name, curve in curves.items()
    ]
    shown = pl.concat(frames)
    shown = shown.with_columns(
        texts(shown["value"], "share"),
        span(shown["low"], shown["high"], "share"),
        texts(shown["at_risk"], "count", name="risk_text"),
    )
    return shown if alone else shown.with_columns(pl.lit(None, pl.Float64).alias(name) for name in ("low", "high"))


def waterfall(found: bridges.Bridge, currency: str) -> pl.DataFrame:
    """One row per bar: step, member, kind, low, high, end, next (the bar after it), text, customers."""
    rows, at = [], found.base / MONEY_SCALE
    bars: list[tuple[str, float, int | None]] = [("base", at, None)]
    for step, customers, change in found.steps.select("step", "customers", "change").iter_rows():
        if step != "unrecorded" or change:
            bars.append((step, change / MONEY_SCALE, customers))
    bars.append(("now", found.now / MONEY_SCALE, None))
    names = [BRIDGE_LABELS[step] for step, _, _ in bars]
    for number, (step, money, customers) in enumerate(bars):
        whole = step in ("base", "now")
        start, end = (0.0, money) if whole else (at, at + money)
        at = end
        rows.append(
            {
                "step": step,
                "member": names[number],
                "kind": "total" if whole else "rise" if money >= 0 else "fall",
                "low": min(start, end),
                "high": max(start, end),
                "end": end,
                "next": names[number + 1] if number + 1 < len(bars) else None,
                "value": money,
                "text": formats.text(money, "money", currency)
                if whole
                else formats.signed_text(money, "money", currency),
                "customers": customers,
                "customers_text": formats.text(customers, "count"),
            }
        )
    return pl.DataFrame(rows, schema_overrides={"customers": pl.Int64, "next": pl.String})


def columns(rows: pl.DataFrame, member: str, value: str, unit: Unit) -> pl.DataFrame:
    """Counts by step with their share of all: member, value, share, value_text, share_text, short."""
    total = float(rows[value].sum() or 0)
    shown = rows.select(
        pl.col(member).alias("member"),
        pl.col(value).alias("value"),
        (pl.col(value) / total if total else pl.lit(None, pl.Float64)).alias("share"),
    )
    return shown.with_columns(
        texts(shown["value"], unit, name="value_text"),
        texts(shown["share"], "share", name="share_text"),
        pl.Series("short", [_whole_percent(share) for share in shown["share"]], pl.String),
    )


def _whole_percent(share: float | None) -> str:
    return "" if not share else "<1%" if share < 0.005 else f"{share * 100:.0f}%"


def lorenz(curve: pl.DataFrame) -> pl.DataFrame:
    """Points of the Lorenz curve with their texts. Takes `Concentration.curve`."""
    return curve.with_columns(
        texts(curve["customers"], "share", name="customers_text"), texts(curve["revenue"], "share", name="revenue_text")
    )


def backtest(found: Backtest) -> pl.DataFrame:
    """One row per purchase count: member, customers, actual, predicted, baseline (mean per customer) and texts."""
    table = found.by_count.rename({"count": "member"})
    return table.with_columns(
        texts(table["customers"], "count", name="customers_text"),
        *(texts(table[name], "number", name=f"{name}_text") for name in ("actual", "predicted", "baseline")),
    )


def profile(rows: pl.DataFrame, labels: Mapping[str, str], *, most: int = 9) -> pl.DataFrame:
    """The members that a group has most and least against the others, which tell something first. Takes `profile`.

    Columns: member (dimension and member), times, low, high (cut to 1/8 to 8), edge_low and edge_high (as far to both
    sides of 1 as any interval reaches, with room for the texts), tells and texts.
    """
    known = rows.filter("enough").drop_nulls("times")
    telling = known.filter("tells").sort("times", "dimension", "member", descending=[True, False, False])
    above, below = telling.filter(pl.col("times") > 1).head(most), telling.filter(pl.col("times") < 1).tail(most)
    shown = pl.concat([above, below])
    shown = shown.with_columns(
        pl.format("{}: {}", pl.col("dimension").replace_strict(labels, return_dtype=pl.String), "member").alias(
            "member"
        )
    )
    reach = pl.max_horizontal(pl.col("high").clip(0.125, 8), 1 / pl.col("low").clip(0.125, 8)).max() ** 1.3
    return shown.select(
        "member",
        "customers",
        pl.col("times").clip(0.125, 8),
        pl.col("low").clip(0.125, 8),
        pl.col("high").clip(0.125, 8),
        reach.alias("edge_high"),
        (1 / reach).alias("edge_low"),
        "tells",
        pl.Series("times_text", [f"{v:,.2f}×" for v in shown["times"]], pl.String),
        pl.Series(
            "interval_text", [f"{a:,.2f}× to {b:,.2f}×" for a, b in shown.select("low", "high").iter_rows()], pl.String
        ),
        texts(shown["share"], "share", name="share_text"),
        texts(shown["others_share"], "share", name="others_text"),
        texts(shown["customers"], "count", name="size_text"),
    )
