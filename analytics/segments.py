"""Segments that people define and save: a rule, from which the customers follow anew in every version of a dataset."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from analytics.dataset import NO_CUSTOMER, Dataset, SetAside
from analytics.dates import day_text
from analytics.filters import Where, one_line, where

Range = tuple[int, int]
ANY: Range = (1, 5)


@dataclass(frozen=True)
class Segment:
    """Customers by their RFM scores and groups, counted over the orders that `where` keeps, up to a day."""

    name: str
    as_of: date
    where: Where = ()
    groups: tuple[str, ...] = ()
    """Names of RFM groups; empty for any."""
    r: Range = ANY
    f: Range = ANY
    m: Range = ANY
    """Least and greatest score, both included."""


def inside(scored: pl.DataFrame, segment: Segment) -> pl.DataFrame:
    """The rows of `rfm.rfm` whose customers belong to a segment; scored up to its day, under its `where`."""
    kept = pl.lit(True)
    for name, (least, most) in (("r", segment.r), ("f", segment.f), ("m", segment.m)):
        kept = kept & pl.col(name).is_between(least, most)
    if segment.groups:
        kept = kept & pl.col("group").cast(pl.String).is_in(segment.groups)
    return scored.filter(kept)


def describe(segment: Segment, labels: Mapping[str, str]) -> str:
    """The rule in one English line; `labels` names the dimensions."""
    parts = [f"{labels.get(name, name)}: {one_line(values)}" for name, values in segment.where]
    if segment.groups:
        parts.append(one_line(segment.groups, 4))
    for name, (least, most) in (("R", segment.r), ("F", segment.f), ("M", segment.m)):
        if (least, most) != ANY:
            parts.append(f"{name} {least}" if least == most else f"{name} {least} to {most}")
    rule = "; ".join(parts) or "every customer"
    return f"{rule}, as of {day_text(segment.as_of)}"


def lacking(segment: Segment, data: Dataset) -> list[str]:
    """Dimensions that a segment's rule names and a dataset does not have."""
    return [name for name, _ in segment.where if name not in data.members]


def narrowed(
    data: Dataset, segment: Segment, lines: pl.LazyFrame, customers: Iterable[int], rows: int, money: int
) -> Dataset:
    """The dataset with the lines of some customers alone: every page then shows the segment.

    `lines` are those lines, `rows` and `money` what they are in number and revenue. Returns that do not name their
    customer cannot be told apart and are left out, as are targets, which were set for everybody.
    """
    counted = data.reconciliation
    reason = f"Lines of customers outside the saved segment '{segment.name}', and lines without a customer."
    outside = SetAside("outside_segment", reason, counted.lines_kept - rows, counted.revenue - money)
    returns = None
    if data.returns is not None and "customer" in data.returns.columns:
        codes = [code for code in customers if code != NO_CUSTOMER]
        returns = data.returns.filter(pl.col("customer").is_in(codes))
    return replace(
        data,
        lines=lines,
        returns=returns,
        targets=None,
        reconciliation=replace(counted, lines_kept=rows, revenue=money, set_aside=(*counted.set_aside, outside)),
    )


def to_plain(segment: Segment) -> dict[str, Any]:
    """A segment's rule as plain values, to be stored."""
    return {
        "as_of": segment.as_of.isoformat(),
        "where": {name: list(values) for name, values in segment.where},
        "groups": list(segment.groups),
        "r": list(segment.r),
        "f": list(segment.f),
        "m": list(segment.m),
    }


def from_plain(name: str, result: Mapping[str, Any]) -> Segment:
    """The segment that `to_plain` stored. KeyError, TypeError or ValueError where it is no such thing."""

    def scores(key: str) -> Range:
        least, most = (int(value) for value in result[key])
        return least, most

    return Segment(
        name=name,
        as_of=date.fromisoformat(result["as_of"]),
        where=where({str(key): [str(value) for value in values] for key, values in result["where"].items()}),
        groups=tuple(str(group) for group in result["groups"]),
        r=scores("r"),
        f=scores("f"),
        m=scores("m"),
    )
