"""Takeaways of Markets: how markets differ, and where one buys less than its peers."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from analytics import formats
from analytics.amounts import money, signed
from analytics.dataset import NOT_RECORDED
from analytics.formats import count_of, numbered
from analytics.sentences import words
from analytics.tables.drivers.findings import Mover
from analytics.tables.markets import FEWEST_CUSTOMERS


def scorecard(card: pl.DataFrame, plural: str, currency: str) -> str:
    """The largest market, the fastest and the slowest of those with enough customers."""
    if card.is_empty():
        return "Nothing was sold in this view."
    recorded = card.filter(pl.col("member") != NOT_RECORDED)
    if recorded.is_empty():
        return f"None of the {plural} is recorded in this view."
    card = recorded
    top = card.row(0, named=True)
    if top["revenue"] <= 0:
        return f"None of the {plural} has revenue above 0 in this view."
    place = f"the largest of {card.height:,} {plural}" if card.height > 1 else f"the only one of the {plural}"
    sentences = [f"{top['member']} is {place} ({money(top['revenue'], currency)})"]
    if "growth" in card.columns:
        known = card.filter(~pl.col("few")).drop_nulls("growth").sort("growth")
        if known.height > 1:
            low, high = known.row(0, named=True), known.row(-1, named=True)
            sentences.append(f"{high['member']} {words.highest(high['growth'])}")
            sentences.append(f"{low['member']} {words.lowest(low['growth'])}")
    few = int(card["few"].sum())
    verb = numbered(few, "is", "are")
    tail = f" {few:,} with fewer than {FEWEST_CUSTOMERS} customers {verb} not ranked by rates." if few else ""
    return "; ".join(sentences) + "." + tail


def white_space(gaps: pl.DataFrame) -> str:
    """The gap with the most money at stake."""
    if gaps.is_empty():
        return "No market buys less of a category than its peers beyond chance."
    top = gaps.row(0, named=True)
    return (
        f"{top['market']} spends {top['share_text']} on {top['category']} where its peers spend {top['peers_text']}: "
        f"{top['text']} at stake in this period ({top['range_text']}). "
        f"{count_of(gaps.height, 'gap lies', 'gaps lie')} beyond chance."
    )


def side_by_side(rows: pl.DataFrame, first: str, second: str) -> str:
    """Where two markets differ in rank most."""
    known = rows.drop_nulls(["first_rank", "second_rank"])
    if known.is_empty():
        return f"{first} beside {second}."
    known = known.with_columns((pl.col("first_rank") - pl.col("second_rank")).alias("apart"))
    top = known.sort(pl.col("apart").abs(), descending=True, maintain_order=True).row(0, named=True)
    if not top["apart"]:
        return f"{first} and {second} rank alike in every score."
    return (
        f"They lie furthest apart in {top['score'].lower()}: {first} {top['first_text']} (rank {top['first_rank']}), "
        f"{second} {top['second_text']} (rank {top['second_rank']})."
    )


def market_findings(
    gaps: pl.DataFrame, findings: Sequence[Mover], currency: str, *, let_go: Sequence[str] = ()
) -> list[str]:
    """At most five findings: markets that moved unlike the rest beyond chance, then the two widest gaps; `let_go` names
    the dimensions whose filters gaps leave out."""
    out = []
    for item in findings:
        rest = formats.change_text(item.growth_rest, "count")
        if item.excess > 0:
            word = "outgrows the others" if item.moved >= 0 else "holds up better than the others"
        else:
            word = "shrinks" if item.moved < 0 else "falls behind"
        out.append(
            f"{item.members[0]} {word}: {formats.change_text(item.growth, 'count')} ({signed(item.moved, currency)}), "
            f"all others {rest}."
        )
    for row in gaps.head(2).to_dicts():
        gap = (
            f"{row['market']} buys {'no' if not row['share'] else 'less'} {row['category']}: {row['share_text']} of "
            f"its revenue, peers {row['peers_text']}; {row['text']} at stake."
        )
        out.append(words.without_filters(let_go, gap))
    return out[:5]
