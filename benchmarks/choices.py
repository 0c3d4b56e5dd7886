"""What a visitor may choose on a dashboard, and what the page must then say, counted anew in the plainest way."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import polars as pl
import pyarrow as pa

from analytics import dimensions, filters, formats, grains, periods
from analytics.dataset import MONEY_SCALE, Dataset
from analytics.metrics import METRICS
from analytics.periods import Comparison, Period
from benchmarks.visit import DrawnPage, Visit

MOST_FILTERS: Final = 2
"""Dimensions filtered at once; with more of them, pages of the demo data are soon empty and cost nothing."""

TILES: Final = {"revenue": "money", "orders": "count", "customers": "count", "units": "count"}
"""Metric of a tile that is counted anew -> its unit."""


@dataclass(frozen=True)
class WidgetState:
    """The state of the widgets."""

    preset: str = "last_12_months"
    compare: str = "previous_year"
    grain: str = "month"
    metric: str = "revenue"
    members: tuple[tuple[str, tuple[str, ...]], ...] = ()


class OfferedChoices:
    """The choices that a dataset offers, and their answers."""

    def __init__(self, data: Dataset) -> None:
        self.data = data
        self._lines = data.lines.collect()
        names = [one[-1] for hierarchy in ("geography", "product") if (one := dimensions.levels(data, hierarchy)[:2])]
        self._names = [*names, *dimensions.others(data), *data.segments]
        self._known: dict[Any, dict[str, float]] = {}

    @cached_property
    def _offered(self) -> dict[str, list[str]]:
        return {
            "preset": [name for name in periods.PRESETS if name != "custom"],
            "compare": [name for name in periods.COMPARISONS if name != "custom"],
            "grain": list(grains.grains(self.data.calendar)),
            "metric": ["revenue", "orders", "customers", "units"],
        }

    def change(self, now: WidgetState, rng: random.Random) -> WidgetState:
        """One more click: another period, comparison, time step or metric, or, mostly, other members of a dimension."""
        kind = rng.choice(["preset", "compare", "grain", "metric", *["members"] * 4])
        if kind != "members":
            chosen: dict[str, Any] = {
                kind: rng.choice([one for one in self._offered[kind] if one != getattr(now, kind)])
            }
            return replace(now, **chosen)
        kept = dict(now.members)
        if len(kept) >= MOST_FILTERS or (kept and rng.random() < 0.25):
            del kept[rng.choice(sorted(kept))]
        else:
            name = rng.choice([name for name in self._names if name not in kept])
            members = self.data.members[name]
            kept[name] = tuple(rng.sample(members, rng.randint(1, min(3, len(members)))))
        return replace(now, members=tuple(sorted(kept.items())))

    def set(self, visit: Visit, before: WidgetState, after: WidgetState) -> None:
        """Click what makes one choice the other."""
        for label, name, words in (
            ("Period", "preset", periods.PRESETS.__getitem__),
            ("Compare with", "compare", periods.COMPARISONS.__getitem__),
            ("Metric", "metric", lambda name: METRICS[name].label),
        ):
            if getattr(before, name) != getattr(after, name):
                visit.set(label, words(getattr(after, name)))
        if before.grain != after.grain:
            visit.set("Time steps", [grains.GRAINS[after.grain].label])
        was, wanted = dict(before.members), dict(after.members)
        for name in {*was, *wanted}:
            if was.get(name) != wanted.get(name):
                visit.set(self.label(name), list(wanted.get(name, ())))

    def label(self, name: str) -> str:
        """What a dimension is called."""
        return dimensions.dimension(name, self.data).label

    def faults(self, choice: WidgetState, answer: DrawnPage) -> list[str]:
        """What an answer says otherwise than it should; empty where all is right."""
        data = self.data
        period = periods.preset(choice.preset, data.first_day, data.last_day)
        grain = periods.coarsen(choice.grain, period, data.calendar)
        compared = periods.compare(period, choice.compare, data.first_day, grain=grain, calendar=data.calendar)
        out = [f"error: {text}" for text in answer.errors]
        line = formats.plain(period.describe_days())
        if not any(text.startswith(line) for text in answer.texts):
            out.append(f"the period is not {line}")
        chips = {self.chip(name, members) for name, members in choice.members}
        shown = {label for label in answer.buttons if ": " in label}
        if chips != shown:
            out.append(f"filters {sorted(shown)}, expected {sorted(chips)}")
        now = self._count(period, choice.members)
        if not now["lines"]:
            return [*out, *([] if any("No order lines" in text for text in answer.alerts) else ["not empty"])]
        base = self._count(compared.base, choice.members) if compared.base else {}
        for name, unit in TILES.items():
            said = self._said(now[name], base.get(name), unit)
            tile = answer.metrics.get(METRICS[name].label)
            if tile is None or said not in tile.help:
                out.append(f"{name} should be {said!r}, is {tile.help[-80:] if tile else 'not there'!r}")
        title = f"**{METRICS[choice.metric].label} over time**"
        if not any(text.startswith(title) for text in answer.texts):
            out.append(f"no card {title}")
        if choice.metric in ("revenue", "units"):
            out += self._chart(answer, now[choice.metric])
        return out

    def chip(self, name: str, members: tuple[str, ...]) -> str:
        """The button that removes a filter."""
        ordered = sorted(set(members))
        shown = ", ".join(formats.plain(one) for one in ordered[:2])
        return f"{self.label(name)}: {shown}" + (f" + {len(ordered) - 2}" if len(ordered) > 2 else "")

    def _said(self, now: float, base: float | None, unit: str) -> str:
        def full(value: float) -> str:
            return formats.text(value, unit, self.data.currency, compact=False)

        compared = f", against {full(base)}." if base is not None and base > 0 else "."
        return formats.plain(f"In full: {full(now)}{compared}")

    def _chart(self, answer: DrawnPage, total: float) -> list[str]:
        chart = answer.charts.get("Metric over time")
        if chart is None:
            return ["no trend"]
        found = chart.datasets[0].data.data if chart.datasets else chart.data.data
        rows = pl.from_arrow(pa.ipc.open_stream(io.BytesIO(found)).read_all())
        drawn = float(rows["value"].sum())  # type: ignore[index]
        return [] if abs(drawn - total) < 0.005 else [f"the trend adds up to {drawn}, expected {total}"]

    def _count(self, period: Period, members: tuple[tuple[str, tuple[str, ...]], ...]) -> dict[str, float]:
        key = period, members
        if key not in self._known:
            kept = self._lines.filter(pl.col("day").is_between(period.start, period.end))
            for name, values in members:
                kept = kept.filter(pl.col(name).cast(pl.String).is_in(list(values)))
            buyers = kept.filter(pl.col("customer") > 0)["customer"]
            self._known[key] = {
                "lines": kept.height,
                "revenue": int(kept["revenue"].cast(pl.Int64).sum()) / MONEY_SCALE,
                "orders": kept["order"].n_unique(),
                "customers": buyers.n_unique(),
                "units": int(kept["quantity"].cast(pl.Int64).sum()),
            }
        return self._known[key]


def view(data: Dataset, choice: WidgetState) -> filters.Filters:
    """A choice as the filters that the app makes of it."""
    period = periods.preset(choice.preset, data.first_day, data.last_day)
    grain = periods.coarsen(choice.grain, period, data.calendar)
    compared: Comparison = periods.compare(period, choice.compare, data.first_day, grain=grain, calendar=data.calendar)
    return filters.Filters(period, compared, filters.where(dict(choice.members)))
