"""UCI Online Retail by its shipped recipe: one flat file of texts, cancellations, missing customers."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from analytics.dataset import MONEY_SCALE, NO_CUSTOMER, Dataset
from data.prepare import PublishedDataset
from data.store import store


@pytest.fixture(scope="module")
def oracle(oracles: dict[str, Any]) -> dict[str, Any]:
    return dict(oracles["online_retail_2010_2011"])


@pytest.fixture(scope="module")
def lines(online_retail_dataset: Dataset) -> pl.DataFrame:
    return online_retail_dataset.lines.collect()


def _revenue(frame: pl.DataFrame, column: str = "revenue") -> float:
    return round(frame[column].sum() / MONEY_SCALE, 2)


def test_sales(lines: pl.DataFrame, oracle: dict[str, Any]) -> None:
    sales = oracle["sales_only"]
    assert (lines.height, _revenue(lines), lines["order"].n_unique()) == (530104, 10666684.54, 19960)
    assert (sales["lines"], sales["revenue"], sales["invoices"]) == (530104, 10666684.54, 19960)


def test_sales_with_a_customer(lines: pl.DataFrame, oracle: dict[str, Any]) -> None:
    known = lines.filter(pl.col("customer") != NO_CUSTOMER)
    found = (known.height, _revenue(known), known["order"].n_unique(), known["customer"].n_unique())
    assert found == (397884, 8911407.90, 18532, 4338)
    expected = oracle["sales_with_customer"]
    assert found == (expected["lines"], expected["revenue"], expected["invoices"], expected["customers"])


def test_every_row_and_all_money_is_accounted_for(online_retail_dataset: Dataset, oracle: dict[str, Any]) -> None:
    counts = online_retail_dataset.reconciliation
    aside = {item.rule: (item.rows, item.money) for item in counts.set_aside}
    assert aside == {"negative_price": (2, -221_241_200), "zero_price": (2515, 0)}
    assert counts.rows_read == oracle["lines"] == 541909
    assert counts.rows_read == counts.lines_kept + counts.returns_kept + 2 + 2515
    total = counts.revenue + counts.returns_money + sum(money for _, money in aside.values())
    assert round(total / MONEY_SCALE, 2) == oracle["net_revenue_all_lines"] == 9747747.93


def test_cancellations_are_returns_of_their_customer(online_retail_dataset: Dataset, oracle: dict[str, Any]) -> None:
    returns = online_retail_dataset.returns
    assert returns is not None
    assert returns.height == oracle["cancel_lines"] == 9288
    assert _revenue(returns, "amount") == -oracle["cancel_revenue"] == 896812.49
    assert (returns["quantity"] > 0).all()
    assert returns.filter(pl.col("customer") == NO_CUSTOMER).height == 383
    assert online_retail_dataset.returns_valued == "amount"
    # Row 0 is nobody, and customer 13256 has a single row, with a price of zero.
    assert online_retail_dataset.customers.height - 1 == oracle["customers"] - 1


def test_net_by_month_and_country(
    online_retail_dataset: Dataset, online_retail: PublishedDataset, oracle: dict[str, Any]
) -> None:
    aside, returns = store.set_aside(online_retail.path), online_retail_dataset.returns
    assert aside is not None
    assert returns is not None
    parts = [
        online_retail_dataset.lines.select("day", pl.col("country").cast(pl.String), money="revenue").collect(),
        returns.select("day", pl.col("country").cast(pl.String), money=-pl.col("amount")),
        aside.select(
            pl.col("source: InvoiceDate").str.slice(0, 10).str.to_date().alias("day"),
            pl.col("source: Country").alias("country"),
            "money",
        ),
    ]
    rows = pl.concat(parts)
    assert rows.height == oracle["lines"]
    by_month = rows.group_by(pl.col("day").dt.strftime("%Y-%m")).agg(pl.col("money").sum())
    assert {month: round(money / MONEY_SCALE, 2) for month, money in by_month.iter_rows()} == oracle["net_by_month"]
    by_country = dict(rows.group_by("country").agg(pl.col("money").sum()).iter_rows())
    for country, expected in oracle["net_by_country_top"].items():
        assert round(by_country[country] / MONEY_SCALE, 2) == expected


def test_rows_set_aside_keep_their_original_text(online_retail: PublishedDataset) -> None:
    aside = store.set_aside(online_retail.path)
    assert aside is not None
    first = aside.filter(pl.col("rule") == "negative_price").row(0, named=True)
    assert first["source: InvoiceNo"] == "A563186"
    assert first["source: UnitPrice"] == "-11062.06"
    assert first["file"] == "online_retail_2010_2011_raw_strings.parquet"
    assert (first["role"], first["reason"]) == ("lines", "The price is below zero.")


def test_ids_are_text_without_the_spreadsheet_decimals(
    online_retail_dataset: Dataset, online_retail: PublishedDataset
) -> None:
    ids = online_retail_dataset.customers["customer_id"]
    assert "17850" in ids
    assert not ids.drop_nulls().str.contains(".", literal=True).any()
    orders = store.order_ids(online_retail.path).collect()
    assert orders.height == 19960
    first = online_retail_dataset.lines.head(1).collect().row(0, named=True)
    assert orders.row(first["order"], named=True)["order"] == first["order"]


def test_an_order_has_one_day_customer_and_place(lines: pl.DataFrame, online_retail: PublishedDataset) -> None:
    per_order = lines.group_by("order").agg(pl.col("day", "customer", "country").n_unique())
    assert per_order.select(pl.col("day", "customer", "country").max()).row(0) == (1, 1, 1)
    # No invoice of this file spans two days, customers or countries, so the import had nothing to decide.
    assert online_retail.prepared.reconciliation.notes == ()


def test_dimensions_of_an_absent_column_are_absent(online_retail_dataset: Dataset) -> None:
    assert set(online_retail_dataset.members) == {"product", "country"}
    assert online_retail_dataset.measures == ("quantity", "revenue")
