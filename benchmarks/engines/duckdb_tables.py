"""The tables that DuckDB's engines are filled with."""

from __future__ import annotations

import duckdb
import polars as pl

from analytics.dataset import NO_CUSTOMER, Dataset
from data.store import store
from data.store.store import DatasetVersion


def load_companions(con: duckdb.DuckDBPyConnection, entry: DatasetVersion, *, enums: bool) -> frozenset[str]:
    """Fill `customers` and `returns`, dimensions as ENUM or text; returns the dimensions that returns carry."""
    data = store.load(entry.name)
    for name, members in data.members.items():
        listed = ", ".join(text_sql(member) for member in members)
        con.execute(f"CREATE TYPE {name}_members AS ENUM ({listed})")
    customers = data.customers.with_row_index("customer").filter(pl.col("customer") != NO_CUSTOMER)
    columns = ["customer", "customer_id", "name", "first_on", "second_on", *data.segments]
    frames = {"customers": customers.select(columns)}
    names: list[str] = []
    if data.returns is not None:
        names = [name for name in data.members if name in data.returns.columns]
        nobody = [
            pl.when(pl.col("customer") != NO_CUSTOMER).then(pl.col(name)).alias(name)
            for name in data.segments
            if name in names
        ]
        frames["returns"] = data.returns.with_columns(nobody).select("day", *names, "quantity", "amount")
    as_text = {key: frame.with_columns(pl.selectors.enum().cast(pl.String)) for key, frame in frames.items()}
    load_frames(con, as_text)
    if enums:
        for table, frame in frames.items():
            for name in frame.select(pl.selectors.enum()).columns:
                con.execute(f"ALTER TABLE {table} ALTER {name} TYPE {name}_members")
    return frozenset(names)


def flat(data: Dataset, rows: str, more: str = "") -> str:
    """SELECT of the wide lines: dimensions as ENUM, what is known of the customer, null where there is none."""
    enums = ", ".join(
        f"CASE WHEN l.customer <> {NO_CUSTOMER} THEN l.{name}::{name}_members END AS {name}"
        if name in data.segments
        else f"l.{name}::{name}_members AS {name}"
        for name in data.members
    )
    return f"""SELECT nullif(l.customer, {NO_CUSTOMER}) AS customer, l.day, l."order", {enums}, l.quantity,
        l.revenue, l.cost, l.discount, first_on, second_on {more}
        FROM {rows} l LEFT JOIN customers c ON l.customer = c.customer"""


def own_lines(entry: DatasetVersion) -> str:
    """The dataset's lines as a table."""
    return f"read_parquet('{store.lines_path(entry.path)}')"


def known_customer() -> pl.Expr:
    """The customer's code, null where there is none."""
    return pl.when(pl.col("customer") != NO_CUSTOMER).then(pl.col("customer")).alias("customer")


def load_frames(con: duckdb.DuckDBPyConnection, frames: dict[str, pl.DataFrame]) -> None:
    for name, frame in frames.items():
        con.register("loading", frame.to_arrow())
        con.execute(f"CREATE TABLE {name} AS SELECT * FROM loading")
        con.unregister("loading")


def text_sql(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
