"""Sentences on products, markets and what is bought together where there is little to say."""

from __future__ import annotations

import polars as pl

from analytics.sentences import affinity as affinity_sentences
from analytics.sentences import drivers as drivers_sentences
from analytics.sentences import markets as markets_sentences
from analytics.sentences import products as products_sentences
from analytics.tables.drivers.price_volume import of_items


def test_what_is_bought_together_is_compared_with_all_orders() -> None:
    """Lift divides by the share of all orders, of which those with the item are some: not by that of the others."""
    row = {"item": "Glove", "offer": "Lamp", "both": 32, "confidence": 0.582, "lift": 2.41, "beyond": True}
    assert affinity_sentences.affinity(pl.DataFrame([row]), 200, 10) == (
        "Of the orders with Glove, 58.2% hold Lamp as well, 2.4 times the share of all orders (32 orders with both)."
    )
    close = pl.DataFrame([row | {"lift": 1.04}])
    assert "1.04 times the share" in affinity_sentences.affinity(close, 200, 10)
    none = pl.DataFrame([row]).clear()
    assert affinity_sentences.affinity(none, 1, 10) == (
        "1 order is too few to say what is bought together: a pair needs 10."
    )
    assert affinity_sentences.affinity(none, 9, 10).startswith("9 orders are too few")


def growth_of(**growth: float) -> pl.DataFrame:
    rows = [
        {"member": name, "revenue": 100.0 - n, "change_text": f"{by:+.0%}", "gain": by}
        for n, (name, by) in enumerate(growth.items())
    ]
    return pl.DataFrame(rows)


def test_one_item_gains_and_loses_on_nothing() -> None:
    assert products_sentences.matrix(growth_of(Lamp=0.0), "products", "EUR") == (
        "Lamp is the only one of the products with revenue above 0 in both periods (€100.00, +0%)."
    )
    alike = growth_of(Lamp=1e-17, Lock=-1e-17)
    assert (
        products_sentences.matrix(alike, "products", "EUR") == "All products with revenue in both periods grew alike."
    )
    assert "Lock (€99.00, -3%) is the largest that loses on the rest." in products_sentences.matrix(
        growth_of(Lamp=0.1, Lock=-0.03), "products", "EUR"
    )


def test_what_was_given_away_was_sold_all_the_same() -> None:
    classes = pl.DataFrame(
        {"abc": ["A", "B", "C"], "items": [0, 0, 2], "items_share": [0.0, 0.0, 1.0], "share": [0.0] * 3}
    )
    assert products_sentences.abc(classes, "products") == (
        "None of the products sold in this view brought revenue above 0."
    )
    assert products_sentences.matrix(growth_of(), "products", "EUR") == (
        "None of the products brought revenue above 0 in both periods."
    )


def profits_of(**profit: float) -> pl.DataFrame:
    rows = [{"member": name, "revenue": 10.0, "profit": by, "margin": by / 10} for name, by in profit.items()]
    return pl.DataFrame(rows).sort("profit")


def test_margins_that_are_alike_are_thinnest_nowhere() -> None:
    said = [
        products_sentences.profit(profits_of(**profit), "products", "EUR")
        for profit in ({"A": 4.0, "B": 4.0}, {"A": 4.0, "B": 5.0}, {"A": 4.0}, {"A": -1.0, "B": -2.0})
    ]
    assert said == [
        "None of the products loses money; their margin is 40.0% each.",
        "None of the products loses money; A has the thinnest margin (40.0%).",
        "A, the only one of the products sold, has a margin of 40.0%.",
        "All 2 products lose money, €3.00 in all. Most: B (-€2.00 on €10.00).",
    ]


def test_a_product_s_life_without_any_product() -> None:
    life = pl.DataFrame(schema={"stage": pl.String, "revenue_base": pl.Float64})
    stages = pl.DataFrame({"stage": ["Launched"], "items": [0]})
    assert products_sentences.product_life(stages, life, "EUR") == (
        "Nothing was sold in this view, nor in what it is compared with."
    )


def test_markets_that_rank_alike_lie_nowhere_apart() -> None:
    rows = pl.DataFrame(
        {"score": ["Revenue", "Margin"], "first_rank": [1, 2], "second_rank": [1, 2], "first_text": ["a", "b"],
         "second_text": ["c", "d"]}
    )  # fmt: skip
    assert markets_sentences.side_by_side(rows, "Spain", "Ghana") == "Spain and Ghana rank alike in every score."


def test_what_is_not_recorded_is_no_market() -> None:
    card = pl.DataFrame({"member": ["Not recorded", "F"], "revenue": [9.0, 4.0], "few": [False, False]})
    assert (
        markets_sentences.scorecard(card, "gender groups", "EUR") == "F is the only one of the gender groups (€4.00)."
    )
    assert markets_sentences.scorecard(card.head(1), "gender groups", "EUR") == (
        "None of the gender groups is recorded in this view."
    )


def test_a_bridge_adds_up_and_a_summary_s_sentence_does_not_say_so() -> None:
    frame = pl.DataFrame({"product": ["a"], "units": [2], "units_base": [1], "revenue": [200], "revenue_base": [100]})
    found = of_items(frame, ("product",))
    said = drivers_sentences.moved_most(found, "EUR")
    assert drivers_sentences.bridge(found, "EUR") == f"{said} The parts add up to it exactly."
    same = of_items(frame.with_columns(pl.col("units_base") * 2, pl.col("revenue_base") * 2), ("product",))
    assert drivers_sentences.bridge(same, "EUR") == "Revenue did not change."
