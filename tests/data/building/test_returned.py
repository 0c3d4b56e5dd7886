"""Money given back that stands on the lines themselves."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from data import guided

SALES = """Order No,Order Date,Customer,Product,Quantity,Amount,Refunded Amount
A1,2025-01-13,Eva,Candle,4,20.00,0.00
A2,2025-01-14,Leo,Cup,2,18.00,18.00
A3,2025-01-15,Leo,Plate,3,27.00,9.00
"""


def test_money_given_back_becomes_returns_and_no_breakdown(tmp_path: Path) -> None:
    (tmp_path / "sales.csv").write_text(SALES, encoding="utf-8")
    with guided.understood([tmp_path / "sales.csv"]) as files:
        result = files.prepare(
            guided.ImportOptions(currency="EUR"), home=tmp_path / "home", name="shop", today=date(2026, 1, 1)
        )
    lines, returns = result.prepared.lines, result.prepared.returns
    assert int(lines["revenue"].sum()) == 65_0000
    assert "refunded" not in lines.columns
    assert returns is not None
    assert returns.sort("amount").select("quantity", "amount").rows() == [(0, 9_0000), (2, 18_0000)]
