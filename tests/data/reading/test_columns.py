"""What each column of a table holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import polars as pl

from data.reading import Reading, columns


def test_each_kind(table_of: Callable[..., Reading]) -> None:
    lines = ["order,day,qty,net,note,paid,nothing"]
    lines += [
        f'{n:05},{n % 28 + 1:02}/05/2024,{n},"{n},50",text {n},{"yes" if n % 2 else "no"},' for n in range(1, 100)
    ]
    lines += ["00100,someday,n/a,free,text,no,"]
    found = table_of("\n".join(lines))
    by_name = {column.name: column for column in columns.understand(found.scan())}
    assert {name: column.kind for name, column in by_name.items()} == {
        "order": "identifier",
        "day": "date",
        "qty": "number",
        "net": "number",
        "note": "text",
        "paid": "truth",
        "nothing": "empty",
    }
    assert by_name["order"].distinct == 100
    assert by_name["day"].odd == ((101, "someday"),)
    assert by_name["day"].dates is not None
    assert by_name["day"].dates.order == "day_first"
    assert (by_name["net"].odd, by_name["net"].odd_count) == (((101, "free"),), 1)
    assert by_name["net"].numbers is not None
    assert by_name["net"].numbers.decimal == ","
    assert by_name["qty"].numbers is not None
    assert by_name["qty"].numbers.whole
    assert (by_name["nothing"].filled, by_name["nothing"].empty) == (0, 100)
    assert by_name["paid"].examples == ("no", "yes")


def test_typed_columns() -> None:
    frame = pl.LazyFrame({"__row": [1, 2], "day": [date(2024, 1, 1), None], "n": [1.5, 2.5], "b": [True, None]})
    kinds = {column.name: column.kind for column in columns.understand(frame)}
    assert kinds == {"day": "date", "n": "number", "b": "truth"}


def test_numbers_beside_codes_are_identifiers(table_of: Callable[..., Reading]) -> None:
    found = table_of("invoice,n\n" + "\n".join(f"{5000 + n},{n}" for n in range(40)) + "\nC5001,-1\nC5002,-2\n")
    invoice, amount = columns.understand(found.scan())
    assert (invoice.kind, amount.kind) == ("identifier", "number")
