"""Takeaways of Drivers: why revenue moved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from analytics import formats
from analytics.amounts import money, share, signed
from analytics.dataset import MONEY_SCALE
from analytics.metrics import METRICS, Metric
from analytics.sentences.words import grew
from analytics.tables.drivers.contributions import CANCELS, MetricChange
from analytics.tables.drivers.findings import Mover
from analytics.tables.drivers.price_volume import MEANINGS, PARTS, PriceVolumeBridge

PART_WORDS: Final = {
    "price": "prices",
    "volume": "volume",
    "mix": "the mix",
    "new": "new items",
    "lost": "lost items",
}


def bridge(bridge: PriceVolumeBridge, currency: str) -> str:
    """What moved revenue most, up and down, and that the parts add up."""
    sentence = moved_most(bridge, currency)
    return f"{sentence} The parts add up to it exactly." if any(bridge.parts.values()) else sentence


def moved_most(bridge: PriceVolumeBridge, currency: str) -> str:
    """What moved revenue most, up and down."""
    parts = {name: amount / MONEY_SCALE for name, amount in bridge.parts.items()}
    change = (bridge.revenue - bridge.base) / MONEY_SCALE
    if not change and not any(parts.values()):
        return "Revenue did not change."
    up = [name for name in parts if parts[name] > 0]
    down = [name for name in parts if parts[name] < 0]
    sentences = []
    for names, word in ((up, "added most"), (down, "took most")):
        if names:
            name = max(names, key=lambda n: abs(parts[n]))
            sentences.append(f"{PART_WORDS[name]} {word} ({signed(parts[name], currency)})")
    joined = "; ".join(sentences)
    return f"Revenue moved by {signed(change, currency)}: {joined}."


def drill(bridge: PriceVolumeBridge, part: str, plural: str, currency: str) -> str:
    """What makes up one bar."""
    amount = bridge.parts[part] / MONEY_SCALE
    rows = bridge.items.filter(pl.col(part) != 0).sort(pl.col(part).abs(), "item", descending=[True, False])
    if rows.is_empty():
        return f"{PARTS[part]} is {money(0, currency)}: {MEANINGS[part]}."
    top = rows.row(0, named=True)
    if rows.height == 1:
        return f"{PARTS[part]} {signed(amount, currency)}, all by {top['item']}: {MEANINGS[part]}."
    return (
        f"{PARTS[part]} {signed(amount, currency)}, over {rows.height:,} {plural}: {MEANINGS[part]}. "
        f"Largest: {top['item']} ({signed(top[part] / MONEY_SCALE, currency)})."
    )


def _amount(value: float, row: Metric, currency: str) -> str:
    return formats.signed_text(value, row.unit, currency)


def finding(finding: Mover, metric: str, currency: str, labels: Mapping[str, str]) -> str:
    """One finding in plain words: who moved, against its own past and the rest, and its share of the whole change."""
    row = METRICS[metric]
    names = " × ".join(
        f"{member} ({labels[name].lower()})" for name, member in zip(finding.dimensions, finding.members, strict=True)
    )
    part = ""
    # A part that moved against the whole, or by more than it, has no share of it that says anything.
    if finding.share_of_change is not None and 0 < finding.share_of_change <= 1:
        part = f", {share(finding.share_of_change)} of the whole change"
    they = "It" if len(finding.dimensions) == 1 else "Together they"
    made = f"{they} made {_amount(finding.moved, row, currency)}{part}."
    if row.unit == "share" or finding.growth is None:
        if finding.value and not finding.base:
            return f"{names} is new. {made}"
        then, now = (formats.text(v, row.unit, currency) for v in (finding.base, finding.value))
        beside = ""
        if row.per and finding.growth_rest is not None:
            beside = f" while all others moved by {_amount(finding.growth_rest, row, currency)}"
        return f"{names} went from {then} to {now}{beside}. {made}{_by_rate_and_weight(finding, row, currency)}"
    own = grew(finding.growth)
    if len(finding.dimensions) == 2:
        return f"{names} {own}: {_beside(finding, row, currency)} than both lead one to expect. {made}"
    if finding.growth_rest is None:
        return f"{names} {own}. {made}"
    if abs(finding.excess) > (finding.value or 0) + (finding.base or 0):
        # Beside others that grew many times over, the pace that it missed is worth more than all that it ever sold.
        return f"{names} {own} while all others {grew(finding.growth_rest)}. {made}"
    return (
        f"{names} {own} while all others {grew(finding.growth_rest)}: {_beside(finding, row, currency)} "
        "than had it kept "
        f"pace. {made}"
    )


def _by_rate_and_weight(finding: Mover, row: Metric, currency: str) -> str:
    """A ratio's contribution split: a member may keep its own ratio and move the whole by being a larger part of it."""
    if not row.per or finding.by_rate is None:
        return ""
    by_weight = finding.moved - finding.by_rate
    own, weight = (_amount(value, row, currency) for value in (finding.by_rate, by_weight))
    if abs(by_weight) > abs(finding.by_rate):
        return f" Mostly its weight moved: {weight}, its own {row.label.lower()} {own}."
    return f" Mostly its own {row.label.lower()} moved: {own}, its weight {weight}."


def _beside(finding: Mover, row: Metric, currency: str) -> str:
    unit = formats.estimate(row.unit, [finding.value, finding.base])
    return f"{formats.text(abs(finding.excess), unit, currency)} {'more' if finding.excess > 0 else 'less'}"


def contributions(table: pl.DataFrame, whole: MetricChange, currency: str, plural: str) -> str:
    """Which members of one dimension gave and took most, and how much of the change the first made."""
    row = METRICS[whole.metric]
    moved = table.filter(pl.col("moved") != 0)
    if moved.is_empty():
        return f"No {plural} moved."
    up, down = moved.filter(pl.col("moved") > 0), moved.filter(pl.col("moved") < 0)
    sentences = [f"Of {table.height:,} {plural}, {up.height:,} rose and {down.height:,} fell"]
    if up.height:
        top = up.sort("moved", descending=True).row(0, named=True)
        sentences.append(f"{top['member']} added most ({_amount(top['moved'], row, currency)})")
    if down.height:
        low = down.sort("moved").row(0, named=True)
        sentences.append(f"{low['member']} took most ({_amount(low['moved'], row, currency)})")
    return "; ".join(sentences) + "."


def cancelling(table: pl.DataFrame, metric: str, currency: str) -> str:
    """Whether a small change hides large ones, and where most."""
    if table.is_empty():
        return "In no dimension did some members rise and others fall."
    row, first = METRICS[metric], table.row(0, named=True)
    sentence = (
        f"By {first['dimension'].lower()}, rises of {_amount(first['rises'], row, currency)} and falls of "
        f"{_amount(first['falls'], row, currency)} leave {_amount(first['net'], row, currency)}"
    )
    if first["cancelled"] < CANCELS:
        return f"Little cancels out. Most does {sentence[0].lower()}{sentence[1:]}."
    return (
        f"{sentence}: {first['up']} ({_amount(first['up_moved'], row, currency)}) and {first['down']} "
        f"({_amount(first['down_moved'], row, currency)}) pull apart most."
    )
