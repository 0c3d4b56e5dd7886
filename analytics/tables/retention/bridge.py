"""The customer bridge: from the base period's revenue to this period's, by what became of each customer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import polars as pl

STEPS: Final = ("new", "recovered", "expansion", "contraction", "lapsed", "unrecorded")
"""The changes in the order they are drawn; `unrecorded` is the change of what has no customer recorded."""

STAYED: Final = "unchanged"
"""Customers who brought exactly the same in both periods."""

STEP: Final = pl.Enum((*STEPS, STAYED))


@dataclass(frozen=True, eq=False)
class RevenueBridge:
    """Money in ten-thousandths; base + sum of steps = now exactly."""

    base: int
    now: int
    steps: pl.DataFrame
    """One row per STEPS: step, customers (null for `unrecorded`), change (Int64)."""
    customers: pl.DataFrame
    """One row per customer who bought in either period: customer, step (STEP), now, base, change."""
    buyers_base: int
    retained: int
    """Customers of the base period who bought again now."""
    base_of_buyers: int
    """Revenue of known customers in the base period."""
    now_of_buyers: int
    """Revenue now of those customers."""
    kept: int
    """Sum over those customers of the lower of the two."""

    @property
    def residual(self) -> int:
        """What the steps leave unexplained: always 0."""
        return self.now - self.base - int(self.steps["change"].sum())

    @property
    def nrr(self) -> float | None:
        """Net revenue retention: revenue now of base-period buyers / their base revenue; None without base revenue."""
        return self.now_of_buyers / self.base_of_buyers if self.base_of_buyers > 0 else None

    @property
    def grr(self) -> float | None:
        """Gross revenue retention: sum of min(now, base) / base, never above 1."""
        return self.kept / self.base_of_buyers if self.base_of_buyers > 0 else None


def bridge(
    now: pl.DataFrame, base: pl.DataFrame, first_on: pl.DataFrame, start: date, unrecorded: int, unrecorded_base: int
) -> RevenueBridge:
    """Takes `lines.customers` of both periods, the day of each one's first purchase, and this period's start.

    A customer who bought now and not in the base is new where their first purchase ever is not before `start`,
    otherwise recovered, whatever the gap. `unrecorded` is revenue without a customer.
    """
    joined = (
        now.select("customer", pl.col("revenue").alias("now"))
        .join(base.select("customer", pl.col("revenue").alias("base")), on="customer", how="full", coalesce=True)
        .join(first_on, on="customer", how="left")
    )
    absent_now, absent_base = pl.col("now").is_null(), pl.col("base").is_null()
    change = pl.col("now").fill_null(0) - pl.col("base").fill_null(0)
    step = (
        pl.when(absent_base & (pl.col("first_on") >= start))
        .then(pl.lit("new", STEP))
        .when(absent_base)
        .then(pl.lit("recovered", STEP))
        .when(absent_now)
        .then(pl.lit("lapsed", STEP))
        .when(change > 0)
        .then(pl.lit("expansion", STEP))
        .when(change < 0)
        .then(pl.lit("contraction", STEP))
        .otherwise(pl.lit(STAYED, STEP))
    )
    people = joined.select("customer", step.alias("step"), "now", "base", change.alias("change"))
    known = people.group_by("step").agg(pl.len().cast(pl.Int64).alias("customers"), pl.col("change").sum())
    known = known.with_columns(pl.col("step").cast(pl.String))
    steps = pl.DataFrame({"step": STEPS}).join(known, on="step", how="left", maintain_order="left")
    nobody = pl.col("step") == "unrecorded"
    steps = steps.with_columns(
        pl.when(~nobody).then(pl.col("customers").fill_null(0)).alias("customers"),
        pl.when(nobody).then(unrecorded - unrecorded_base).otherwise(pl.col("change").fill_null(0)).alias("change"),
    )
    bought = people.drop_nulls("base")
    both = bought.drop_nulls("now")
    return RevenueBridge(
        base=int(people["base"].sum()) + unrecorded_base,
        now=int(people["now"].sum()) + unrecorded,
        steps=steps,
        customers=people,
        buyers_base=bought.height,
        retained=both.height,
        base_of_buyers=int(bought["base"].sum()),
        now_of_buyers=int(both["now"].sum()),
        kept=int(both.select(pl.min_horizontal("now", "base").sum()).item()),
    )
