"""Tables that were written wrong are refused though their digests are right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.exceptions import PanicException

from data.building.layout import Prepared
from data.errors import DataError
from data.prepare import PublishedDataset
from data.store import contract, opening, store, writing
from tests.data.conftest import Shop
from tests.data.store.conftest import load_and_wait, refusal


def swapped(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """The first two rows have each other's value."""
    order = [1, 0, *range(2, frame.height)]
    return frame.with_columns(frame[column].gather(order))


def shifted(frame: pl.DataFrame, column: str, by: int) -> pl.DataFrame:
    return frame.with_columns((pl.col(column).cast(pl.Int64) + by).cast(frame.schema[column]))


def other_members(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    kept = frame.schema[column].categories.to_list()  # type: ignore[attr-defined]
    return frame.with_columns(pl.col(column).cast(pl.String).cast(pl.Enum([*kept[::-1], "more"])))


WRONG: dict[str, tuple[str, Callable[[pl.DataFrame], pl.DataFrame], str]] = {
    "lines without a column": ("lines", lambda f: f.drop("revenue"), "expected a column revenue"),
    "lines of text": ("lines", lambda f: f.with_columns(pl.col("product").cast(pl.String)), "product to be Enum"),
    "money as a fraction": ("lines", lambda f: f.with_columns(pl.col("revenue").cast(pl.Float64)), "to be Int64"),
    "small codes": ("lines", lambda f: f.with_columns(pl.col("order").cast(pl.UInt16)), "order to be UInt32"),
    "a day with a time": ("lines", lambda f: f.with_columns(pl.col("day").cast(pl.Datetime)), "day to be Date"),
    "a dimension of text": ("lines", lambda f: f.with_columns(pl.lit("x").alias("channel")), "channel to be Enum"),
    "cost as a fraction": ("lines", lambda f: f.with_columns(pl.lit(0.5).alias("cost")), "cost to be Int64"),
    "a customer too many": ("lines", lambda f: shifted(f, "customer", 99), "customer codes below"),
    "an order too many": ("lines", lambda f: shifted(f, "order", 99), "order codes below"),
    "a day too early": ("lines", lambda f: f.with_columns(pl.col("day") - pl.duration(days=40)), "days from"),
    "backwards": ("lines", lambda f: f.reverse(), "rows by customer, day, order and product"),
    "products swapped": ("lines", lambda f: swapped(swapped(f.reverse(), "product").reverse(), "product"), "out of"),
    "a row less": ("lines", lambda f: f.head(-1), "3 rows, found 2"),
    "a row twice": ("lines", lambda f: pl.concat([f, f.tail(1)]), "3 rows, found 4"),
    "a gap": (
        "lines",
        lambda f: f.with_columns(pl.when(pl.int_range(pl.len()) > 0).then("quantity").alias("quantity")),
        "a value of quantity in every row",
    ),
    "other members": ("lines", lambda f: other_members(f, "category"), "members of category that the lines have"),
    "orders without numbers": ("orders", lambda f: f.rename({"order_id": "id"}), "expected a column order_id"),
    "numbers that are no text": ("orders", lambda f: f.with_columns(pl.lit(1).alias("order_id")), "to be String"),
    "orders cut": ("orders", lambda f: f.head(1), "order codes below 1"),
    "customers without names": ("customers", lambda f: f.drop("name"), "expected a column name"),
    "customers without attributes": ("customers", lambda f: f.drop("customer_metric"), "column customer_metric"),
    "attributes of text": (
        "customers",
        lambda f: f.with_columns(pl.col("customer_metric").cast(pl.String)),
        "customer_metric to be Enum",
    ),
    "customers cut": ("customers", lambda f: f.head(1), "customer codes below 1"),
    "products in another order": ("products", lambda f: f.reverse(), "row i to be product code i"),
    "other products": ("products", lambda f: other_members(f, "product"), "members of product that the lines have"),
    "returns without money": ("returns", lambda f: f.drop("amount"), "expected a column amount"),
    "returns of nobody": ("returns", lambda f: shifted(f, "customer", 99), "customer codes below"),
    "returns with other members": ("returns", lambda f: other_members(f, "product"), "members of product"),
    "targets without months": ("targets", lambda f: f.drop("month"), "expected a column month"),
}  # fmt: skip


@pytest.mark.parametrize("held", [True, False], ids=["held", "scanned"])
@pytest.mark.parametrize("wrong", WRONG)
def test_tables_that_cannot_be_used_are_refused(
    made: PublishedDataset, wrong: str, held: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Their digests are right: what was written is the mistake."""
    table, change, expected = WRONG[wrong]
    broken = replace(made.prepared, **{table: change(getattr(made.prepared, table))})
    monkeypatch.setattr(Prepared, "days", (date(2023, 12, 31), date(2024, 1, 6)))
    path = tmp_path / "broken"
    path.mkdir()
    writing.write(broken, path)
    if not held:
        monkeypatch.setenv("SALES_MEMORY_MB", "0")
    with pytest.raises(DataError) as refused:
        load_and_wait(path)
    said = str(refused.value)
    assert expected in said, said
    assert ".parquet is damaged: expected" in said


def test_slices_meet(shop: Shop, version: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fall between two slices is a fall."""
    for size in (1, 2, 3):
        monkeypatch.setattr(contract, "SLICE", size)
        data = store.load_version(version, name="shop")
        orders = pl.read_parquet(version / "orders.parquet").height
        contract.rows(version, data, orders)
        with pytest.raises(DataError, match="out of order"):
            contract.rows(version, replace(data, lines=data.lines.reverse()), orders)


def test_a_panic_is_a_sentence(version: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def panics(*_: Any, **__: Any) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr(opening.pl, "read_parquet", panics)
    assert "found a problem (PanicException: index out of bounds). Prepare it again." in refusal(version)
