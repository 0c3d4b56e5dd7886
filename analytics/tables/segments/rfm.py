"""RFM: how recently, how often and for how much each customer bought, as scores from 1 to 5 and eleven named groups."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from analytics.runs import first_rows, run_sums

Array = NDArray[Any]

BY_SCORES: Final = {
    5: ("New", "Potential", "Potential", "Champions", "Champions"),
    4: ("Promising", "Potential", "Potential", "Loyal", "Champions"),
    3: ("About to sleep", "About to sleep", "Needs attention", "Loyal", "Loyal"),
    2: ("Hibernating", "Hibernating", "At risk", "At risk", "At risk"),
    1: ("Lost", "Lost", "At risk", "Can't lose", "Can't lose"),
}
"""R -> the group by FM from 1 to 5."""

GROUPS: Final = (
    "Champions",
    "Loyal",
    "Potential",
    "New",
    "Promising",
    "Needs attention",
    "About to sleep",
    "At risk",
    "Can't lose",
    "Hibernating",
    "Lost",
)
"""The groups, from those who buy now to those who stopped."""

ACTIONS: Final = {
    "Champions": "Reward them, show them new products first, ask for reviews and referrals.",
    "Loyal": "Offer what goes with what they buy; a loyalty scheme fits here.",
    "Potential": "Recommend related products; one more order makes them loyal.",
    "New": "Help with the first purchase and invite to a second soon.",
    "Promising": "Small, recent buyers: build trust before offering more.",
    "Needs attention": "Once average or better, now slowing: a limited offer on what they bought before.",
    "About to sleep": "Remind them with popular products before they are gone.",
    "At risk": "Bought often or much, not lately: a personal message, ask what went wrong.",
    "Can't lose": "Among the best once, gone longest: call them.",
    "Hibernating": "Low value and quiet: a standard win-back mail, no more.",
    "Lost": "Do not spend on them beyond a general mail.",
}
"""What a shop does with a group."""

GROUP: Final = pl.Enum(GROUPS)
_CODES: Final = np.array(
    [[0] * 6] + [[0, *(GROUPS.index(name) for name in BY_SCORES[r])] for r in range(1, 6)], np.uint8
)
"""Code of the group by R and FM, each from 1."""

NOT_YET: Final = "Not yet a customer"
"""Stands for the group, at the earlier of two dates, of customers whose first order came after it."""

SLIPPING: Final = 2
"""Highest recency score of a customer who has slipped."""

RECENT_DAYS: Final = 365
"""Days up to the as-of date whose net revenue says what a customer brings in a year."""


def per_customer(purchases: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """One row per customer who bought up to a day, by customer code.

    Takes `lines.purchases` up to that day. Columns: customer, first_day, last_day, days (purchase days), orders,
    revenue, money (revenue less what came back), recent (money of the RECENT_DAYS up to the day). Money in
    ten-thousandths.
    """
    known = purchases.filter(pl.col("day") <= as_of)
    code = known["customer"].to_numpy()
    starts = first_rows(code)
    ends = np.append(starts[1:], code.size)[: starts.size]
    net = (known["revenue"] - known["returned"]).to_numpy()
    since = (known["day"] > as_of - timedelta(days=RECENT_DAYS)).to_numpy()
    return pl.DataFrame(
        {
            "customer": code[starts],
            "first_day": known["day"].gather(starts),
            "last_day": known["day"].gather(ends - 1),
            "days": ends - starts,
            "orders": run_sums(known["orders"].to_numpy(), starts),
            "revenue": run_sums(known["revenue"].to_numpy(), starts),
            "money": run_sums(net, starts),
            "recent": run_sums(np.where(since, net, 0), starts),
        },
        schema={
            "customer": pl.UInt32, "first_day": pl.Date, "last_day": pl.Date, "days": pl.Int64, "orders": pl.Int64,
            "revenue": pl.Int64, "money": pl.Int64, "recent": pl.Int64,
        },
    )  # fmt: skip


def score(values: Array) -> Array:
    """1 + floor(5 x share of customers strictly below), so that ties share a score.

    A value has score s or more where at least ceil((s - 1) n / 5) values are below it, that is where it exceeds the
    value of that rank: four order statistics tell all scores.
    """
    out = np.ones(values.size, np.int64)
    ranks = [-(-(least - 1) * values.size // 5) - 1 for least in (2, 3, 4, 5)]
    if values.size:
        ordered = np.partition(values, sorted(set(ranks)))
        for rank in ranks:
            out += values > ordered[rank]
    return out


def rfm(purchases: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The columns of `per_customer`, recency (days since the last order), r, f, m, fm (Int64, 1 to 5), group (Enum)."""
    people = per_customer(purchases, as_of)
    r, f, m = (score(people[name].to_physical().cast(pl.Int64).to_numpy()) for name in ("last_day", "orders", "money"))
    fm = (f + m + 1) // 2
    return people.with_columns(
        (pl.lit(as_of) - pl.col("last_day")).dt.total_days().alias("recency"),
        *(pl.Series(name, values, pl.Int64) for name, values in (("r", r), ("f", f), ("m", m), ("fm", fm))),
        pl.Series("group", _CODES[r, fm], pl.UInt8).cat.to(GROUP),
    )


def thresholds(scored: pl.DataFrame) -> dict[str, tuple[int | None, ...]]:
    """For r (days since 1970), f and m, the least value that has score 2, 3, 4 and 5; None where nobody has it.

    So a customer's score at a date is told without scoring everybody again, see `score_by`.
    """
    values = {"r": pl.col("last_day").to_physical().cast(pl.Int64), "f": pl.col("orders"), "m": pl.col("money")}
    cells = [
        value.filter(pl.col(name) >= least).min().alias(f"{name}{least}")
        for name, value in values.items()
        for least in (2, 3, 4, 5)
    ]
    row = scored.select(cells).row(0, named=True)
    return {name: tuple(row[f"{name}{least}"] for least in (2, 3, 4, 5)) for name in values}


def score_by(least: tuple[int | None, ...], value: int) -> int:
    """The score of a value by the thresholds of scores 2 to 5."""
    return 1 + sum(1 for edge in least if edge is not None and value >= edge)


def grid(scored: pl.DataFrame) -> pl.DataFrame:
    """One row per recency and FM score, all 25: r, fm, group, customers, money, recent (ten-thousandths)."""
    cells = pl.DataFrame(
        [(r, fm, name) for r, row in BY_SCORES.items() for fm, name in enumerate(row, 1)],
        schema={"r": pl.Int64, "fm": pl.Int64, "group": GROUP},
        orient="row",
    )
    result = scored.group_by("r", "fm").agg(
        pl.len().cast(pl.Int64).alias("customers"), pl.col("money").sum(), pl.col("recent").sum()
    )
    joined = cells.join(result, on=["r", "fm"], how="left", maintain_order="left")
    return joined.with_columns(pl.col("customers", "money", "recent").fill_null(0))


def groups(scored: pl.DataFrame) -> pl.DataFrame:
    """One row per group, all eleven in order: group, customers, orders, money, recent, recency (median days)."""
    result = scored.group_by("group").agg(
        pl.len().cast(pl.Int64).alias("customers"),
        pl.col("orders", "money", "recent").sum(),
        pl.col("recency").median(),
    )
    spine = pl.DataFrame({"group": GROUPS}, schema={"group": GROUP})
    joined = spine.join(result, on="group", how="left", maintain_order="left")
    return joined.with_columns(pl.col("customers", "orders", "money", "recent").fill_null(0))


def migration(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """One row per pair of groups that anyone moved between or stayed in: from, to (text), customers, recent.

    Takes `rfm` of the same orders at two dates. `recent` is the net revenue of the RECENT_DAYS up to the earlier date,
    0 for NOT_YET.
    """
    size = len(GROUPS)
    now, then = (frame["group"].to_physical().cast(pl.Int64).to_numpy() for frame in (after, before))
    was, money = np.full(after.height, size), np.zeros(after.height, np.int64)
    # Both frames go by customer code, and who bought by the earlier date has bought by the later one.
    at = np.searchsorted(after["customer"].to_numpy(), before["customer"].to_numpy())
    was[at], money[at] = then, before["recent"].to_numpy()
    key = was * size + now
    sums = np.zeros((size + 1) * size, np.int64)
    np.add.at(sums, key, money)
    counts = np.bincount(key, minlength=sums.size)
    result = np.flatnonzero(counts)
    names = np.array((*GROUPS, NOT_YET))
    return pl.DataFrame(
        {
            "from": names[result // size],
            "to": names[result % size],
            "customers": counts[result],
            "recent": sums[result],
        },
        schema_overrides={"from": pl.String, "to": pl.String, "customers": pl.Int64, "recent": pl.Int64},
    )


def slipped(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """One row per customer who bought nothing since and so fell in recency from above SLIPPING to SLIPPING or less.

    Those who brought most come first. A score is a rank: where others buy more often, it falls for those who came back,
    too, and they have not slipped.

    Columns: customer, from, to (Enum), recent (net revenue of the RECENT_DAYS up to the earlier date: what is at risk).
    """
    now = after[np.searchsorted(after["customer"].to_numpy(), before["customer"].to_numpy())]
    both = before.select("customer", pl.col("group").alias("from"), now["group"].alias("to"), "recent")
    fell = both.filter((before["r"] > SLIPPING) & (now["r"] <= SLIPPING) & (now["last_day"] == before["last_day"]))
    return fell.sort("recent", "customer", descending=[True, False])
