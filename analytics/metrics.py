"""METRICS: every number the app shows, one row each.

A reduction returns whole-number measures; a metric is a sum of measures or a ratio of two such sums. So a ratio is
always sum / sum at the level shown, never a mean of ratios, and an empty denominator gives null.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from analytics.dataset import Dataset

MEASURES: Final = (
    "lines",
    "units",
    "discount",
    "revenue",
    "cost",
    "orders",
    "customers",
    "known_revenue",
    "known_orders",
    "new_customers",
    "repeat_customers",
    "returned_units",
    "returned_amount",
)
"""Columns of every reduction's result, Int64; money among them in ten-thousandths of the currency unit. UNIT_MEASURES
are Float64 where a dataset has parts of a unit."""

UNIT_MEASURES: Final = frozenset({"units", "returned_units"})

Kind = Literal["sum", "distinct", "ratio"]
Unit = Literal["money", "count", "units", "share", "number"]


@dataclass(frozen=True)
class Metric:
    """One row of METRICS. `plus` minus `less`, over `per` where it is a ratio."""

    name: str
    label: str
    sentence: str
    """The definition in one sentence, shown beside the number."""
    kind: Kind
    unit: Unit
    plus: tuple[str, ...]
    less: tuple[str, ...] = ()
    per: tuple[str, ...] = ()
    better: Literal["more", "less"] = "more"
    needs: tuple[str, ...] = ()
    """What a dataset must have: `cost`, `discount`, `customers`, `returns`."""

    @property
    def measures(self) -> tuple[str, ...]:
        """Measures that the metric is computed from."""
        return tuple(dict.fromkeys(self.plus + self.less + self.per))


def _rows() -> tuple[Metric, ...]:
    money: Unit = "money"
    count: Unit = "count"
    units: Unit = "units"
    share: Unit = "share"
    number: Unit = "number"
    return (
        Metric(
            "revenue",
            "Revenue",
            "What was invoiced: unit price x quantity, less discounts, before returns.",
            "sum",
            money,
            ("revenue",),
        ),
        Metric(
            "profit",
            "Profit",
            "Revenue less the cost of the units sold.",
            "sum",
            money,
            ("revenue",),
            ("cost",),
            needs=("cost",),
        ),
        Metric(
            "margin",
            "Margin",
            "Profit divided by revenue, as a ratio of the two sums.",
            "ratio",
            share,
            ("revenue",),
            ("cost",),
            ("revenue",),
            needs=("cost",),
        ),
        Metric(
            "orders",
            "Orders",
            "Distinct orders. An order that spans two categories counts once in the total and once in each.",
            "distinct",
            count,
            ("orders",),
        ),
        Metric(
            "customers",
            "Customers",
            "Distinct known customers who bought. A line without a customer counts for nobody.",
            "distinct",
            count,
            ("customers",),
            needs=("customers",),
        ),
        Metric("units", "Products sold", "Units sold: the sum of quantities.", "sum", units, ("units",)),
        Metric(
            "aov", "Average order value", "Revenue divided by orders.", "ratio", money, ("revenue",), (), ("orders",)
        ),
        Metric(
            "return_rate",
            "Return rate",
            "Units returned, dated by the return, divided by units sold.",
            "ratio",
            share,
            ("returned_units",),
            (),
            ("units",),
            better="less",
            needs=("returns",),
        ),
        Metric(
            "gross_sales",
            "Gross sales",
            "Unit price x quantity, before discounts and returns.",
            "sum",
            money,
            ("revenue", "discount"),
            needs=("discount",),
        ),
        Metric(
            "discount",
            "Discounts",
            "Amounts taken off the price: gross sales less revenue.",
            "sum",
            money,
            ("discount",),
            better="less",
            needs=("discount",),
        ),
        Metric(
            "discount_rate",
            "Discount rate",
            "Discounts divided by gross sales.",
            "ratio",
            share,
            ("discount",),
            (),
            ("revenue", "discount"),
            better="less",
            needs=("discount",),
        ),
        Metric(
            "net_revenue",
            "Net revenue",
            "Revenue less the money returned, each return dated by its own day.",
            "sum",
            money,
            ("revenue",),
            ("returned_amount",),
            needs=("returns",),
        ),
        Metric("cost", "Cost", "Unit cost x quantity.", "sum", money, ("cost",), better="less", needs=("cost",)),
        Metric(
            "units_per_order",
            "Units per order",
            "Units sold divided by orders.",
            "ratio",
            number,
            ("units",),
            (),
            ("orders",),
        ),
        Metric(
            "revenue_per_customer",
            "Revenue per customer",
            "Revenue of known customers divided by known customers.",
            "ratio",
            money,
            ("known_revenue",),
            (),
            ("customers",),
            needs=("customers",),
        ),
        Metric(
            "orders_per_customer",
            "Orders per customer",
            "Orders of known customers divided by known customers.",
            "ratio",
            number,
            ("known_orders",),
            (),
            ("customers",),
            needs=("customers",),
        ),
        Metric(
            "repeat_rate",
            "Repeat purchase rate",
            "Of the known customers who bought in the period, the share with "
            "two or more orders ever up to its end, counted on unfiltered history.",
            "ratio",
            share,
            ("repeat_customers",),
            (),
            ("customers",),
            needs=("customers",),
        ),
        Metric(
            "new_customers",
            "New customers",
            "Customers whose first purchase ever falls inside the period.",
            "distinct",
            count,
            ("new_customers",),
            needs=("customers",),
        ),
        Metric(
            "returned_units",
            "Units returned",
            "Units returned, each dated by its return.",
            "sum",
            units,
            ("returned_units",),
            better="less",
            needs=("returns",),
        ),
        Metric(
            "return_rate_amount",
            "Return rate by amount",
            "Money returned, dated by the return, divided by revenue.",
            "ratio",
            share,
            ("returned_amount",),
            (),
            ("revenue",),
            better="less",
            needs=("returns",),
        ),
    )


METRICS: Final[dict[str, Metric]] = {metric.name: metric for metric in _rows()}


def missing(metric: Metric, data: Dataset, dimensions: Iterable[str] = ()) -> str | None:
    """What the dataset lacks for a metric, as words for people; None where it lacks nothing.

    `dimensions` are those that the numbers are filtered or grouped by: returns must carry them to be counted there.
    """
    present = {
        "cost": data.has("cost"),
        "discount": data.has("discount"),
        "customers": data.has_customers,
        "returns": data.returns is not None,
    }
    columns = {
        "cost": "a cost column on the order lines",
        "discount": "a discount column on the order lines",
        "customers": "customer ids on the order lines",
        "returns": "a returns table or negative quantities",
    }
    lacking = [columns[need] for need in metric.needs if not present[need]]
    if "returns" in metric.needs and data.returns is not None:
        uncarried = [name for name in dict.fromkeys(dimensions) if name not in data.returns.columns]
        lacking += [f"the column {name!r} on the returns" for name in uncarried]
    return f"{metric.label}: the data needs {' and '.join(lacking)}." if lacking else None


def definition(metric: Metric, data: Dataset) -> str:
    """The metric's sentence, with a word on how returns are valued where it counts their money."""
    if "returned_amount" in metric.measures and data.returns_valued != "amount":
        return f"{metric.sentence} Returns are valued at {data.returns_valued}."
    return metric.sentence


def available(data: Dataset) -> list[Metric]:
    """The metrics that a dataset can show, in the registry's order."""
    return [metric for metric in METRICS.values() if missing(metric, data) is None]
