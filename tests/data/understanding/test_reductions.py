"""Discounts in rows of their own: they lower the money of their order, and nothing was sold or came back."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from data import findings
from data.building.layout import Prepared
from data.prepare import read
from data.recipe import recipes
from data.rules.policies import Policies
from data.sources import ROW, Origin
from data.understanding.tables import table_of
from data.understanding.types import Understanding
from data.understanding.understand import understood

SALES = [
    ("T1", "2025-05-02", "Lamp", "2", "15.00", "30.00"),
    ("T1", "2025-05-02", "Rug", "1", "44.50", "44.50"),
    ("T2", "2025-05-03", "Lamp", "1", "15.00", "15.00"),
    ("T2", "2025-05-03", "Stool", "3", "21.25", "63.75"),
    ("T3", "2025-05-05", "Rug", "2", "44.50", "89.00"),
    ("T4", "2025-05-09", "Stool", "1", "21.25", "21.25"),
]
"""263.50 in 10 units."""


def _off(text: str, units: str = "1", order: str = "T2", money: str = "7.90") -> tuple[str, ...]:
    price = "7.90" if units.startswith("-") else "-7.90"
    return (order, "2025-05-03", text, units, price, f"-{money}")


def _table(rows: list[tuple[str, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=["Order", "Day", "Item", "Units", "Price", "Value"], orient="row")


def _of(table: pl.DataFrame) -> Understanding:
    return understood([table_of("t.csv", table.with_row_index(ROW, offset=2).lazy(), table.height)])


@pytest.mark.parametrize(
    "text",
    [
        "Discount 10 %", "Coupon MAY", "Treuerabatt", "Remise fidélité", "Código de descuento", "Sconto",
        "Zniżka stała", "Ledenkorting", "Rabat", "Desconto de cliente", "Скидка 5", "割引", "优惠", "할인 쿠폰",
        "İndirim", "Sleva", "خصم",
    ],
)  # fmt: skip
@pytest.mark.parametrize("units", ["1", "0", "", "-1"])
def test_a_discount_in_a_row_lowers_its_order(text: str, units: str) -> None:
    found = _of(_table([*SALES, _off(text, units)]))
    assert found.totals is not None
    assert (found.totals.revenue, found.totals.units, found.totals.orders) == (255.60, 10, 4)
    assert found.content["policies"]["discount_rows"] == "net"
    assert any(
        sentence.startswith("1 row is a discount on the other rows of their order: 7.90")
        for sentence in found.sentences
    )


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (_off("Lamp"), "a product that is sold"),
        (_off("Blanket"), "a text that says nothing of a discount"),
        (_off("Discount 10 %", order="T9"), "an order without any sale"),
    ],
)
def test_other_rows_below_zero_came_back(row: tuple[str, ...], why: str) -> None:
    found = _of(_table([*SALES, row]))
    assert found.totals is not None
    assert found.totals.revenue == 263.50, why
    assert "discount_rows" not in found.content["policies"]


def test_what_is_sold_as_a_discount_item_comes_back_as_one() -> None:
    batteries = [("T3", "2025-05-05", "Discount batteries", "2", "7.90", "15.80")]
    found = _of(_table([*SALES, *batteries, _off("Discount batteries")]))
    assert found.totals is not None
    assert found.totals.revenue == 279.30
    assert "discount_rows" not in found.content["policies"]


def _prepared(folder: Path, text: str, policy: str) -> tuple[Prepared, findings.Findings]:
    recipe = recipes.parse(
        'title = "Shop"\ncurrency = "EUR"\n[lines]\nfiles = "t.csv"\n[lines.columns]\norder_id = "Order"\n'
        'ordered_on = "Day"\nproduct = "Item"\nquantity = "Units"\nrevenue = "Value"\n[policies]\n'
        f'negative_quantity = "returns"\nnegative_price = "returns"\ndiscount_rows = "{policy}"\n',
        file="t.toml",
        name="t",
    )
    _table([*SALES, _off(text), _off("Lamp", "-1", "T1", "15.00")]).write_csv(folder / "t.csv")
    origin = Origin(folder, folder)
    return read(recipe, origin, name="t"), findings.find(recipe, origin, today=None)


@pytest.mark.parametrize(
    ("policy", "kept", "returned", "aside"),
    [("keep", 2_635_000, -229_000, 0), ("net", 2_556_000, -150_000, 0), ("set_aside", 2_635_000, -150_000, -79_000)],
)
def test_policies_of_discounts_in_rows(tmp_path: Path, policy: str, kept: int, returned: int, aside: int) -> None:
    prepared, found = _prepared(tmp_path, "Coupon MAY", policy)
    counts, outcome = prepared.reconciliation, found.outcome(_policies(policy))
    assert (counts.revenue, counts.returns_money, sum(each.money for each in counts.set_aside)) == (
        kept, returned, aside,
    )  # fmt: skip
    assert (outcome.revenue, outcome.returns_money, outcome.aside_money) == (kept, returned, aside)
    assert int(prepared.lines["quantity"].cast(int).sum()) == 10
    assert prepared.returns is not None
    assert int(prepared.returns["quantity"].cast(int).sum()) == (2 if policy == "keep" else 1)


def _policies(policy: str) -> Policies:
    return Policies({"negative_quantity": "returns", "negative_price": "returns", "discount_rows": policy})


def test_the_reason_of_rows_below_zero_is_true_of_all_of_them(tmp_path: Path) -> None:
    _, found = _prepared(tmp_path, "Blanket", "net")
    (rule,) = [each for each in found.by_rule if each.rule == "negative_quantity"]
    assert rule.rows == 2  # One with units below zero, one with money below zero.
    assert rule.reason == (
        "The row takes something back: its quantity or its money is below zero, or its status says so."
    )
