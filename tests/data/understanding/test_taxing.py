"""Tax that is on top of the lines or inside them, where an order's total tells."""

from __future__ import annotations

import polars as pl
import pytest

from data.sources import ROW
from data.understanding.tables import table_of
from data.understanding.types import Understanding
from data.understanding.understand import understood

ORDERS = [(("Vase", 2, 1150), ("Rahmen", 1, 4200)), (("Kerze", 5, 395),), (("Vase", 1, 1150), ("Kerze", 3, 395)),
          (("Rahmen", 2, 4200), ("Kerze", 1, 395), ("Vase", 4, 1150))]  # fmt: skip
"""Orders of product, units and cents a unit: 65.00, 19.75, 23.35 and 133.95, which is 242.05."""


def _invoices(rates: dict[str, int], *, on_top: bool) -> Understanding:
    header = ["Rechnung", "Datum", "Artikel", "Stück", "Preis", "MwSt", "Rechnungssumme"]
    body = []
    for number, items in enumerate(ORDERS):
        cents = sum(units * price * (100 + rates[what] * on_top) for what, units, price in items)
        body += [
            [f"R{number}", f"2025-02-{number + 10}", what, str(units), f"{price / 100:.2f}", f"{rates[what]}%",
             f"{cents / 10_000:.2f}"]
            for what, units, price in items
        ]  # fmt: skip
    frame = pl.DataFrame(body, schema=header, orient="row").with_row_index(ROW, offset=2)
    return understood([table_of("invoices.csv", frame.lazy(), len(body))])


@pytest.mark.parametrize(
    "rates", [{"Vase": 19, "Rahmen": 19, "Kerze": 19}, {"Vase": 19, "Rahmen": 7, "Kerze": 19}], ids=["one", "two"]
)
@pytest.mark.parametrize("on_top", [True, False])
def test_an_order_total_tells_whether_lines_hold_the_tax(rates: dict[str, int], on_top: bool) -> None:
    found = _invoices(rates, on_top=on_top)
    assert found.totals is not None
    assert found.totals.revenue == 242.05
    if on_top:
        assert not found.open({})
        assert not any(sentence.startswith("MwSt is tax and not counted") for sentence in found.sentences)
    assert "included_tax" not in found.content["lines"]["columns"]
