"""Files are brought in by lists: uses, meanings, what is missing, the totals before and after, and one step back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

WEB = "Order No,Order Date,Customer,Product,Quantity,Unit Price,Amount\n" + "".join(
    f"B{n},2025-{n % 12 + 1:02}-15,C{n % 9},{('Mug', 'Quilt', 'Soap')[n % 3]},{n % 3 + 1},"
    f"{(4, 25, 9)[n % 3]}.00,{(n % 3 + 1) * (4, 25, 9)[n % 3]}.00\n"
    for n in range(60)
)
REVENUE = 20 * (1 * 4 + 2 * 25 + 3 * 9)
"""Each item is on 20 rows."""


def page(folder: str) -> None:
    """The Data page over the files of a folder, as if they had been dropped once."""
    import hashlib
    from pathlib import Path

    import streamlit as st

    from ui.cards.data import check, datasets, drop, finish, understand
    from ui.cards.data.job import HandedFile, job

    work = job()
    if not st.session_state.get("dropped"):
        st.session_state["dropped"] = True
        work.files = [
            HandedFile(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), path, path.stat().st_size)
            for path in sorted(Path(folder).iterdir())
        ]
    drop.step()
    totals = understand.step()
    if totals is not None:
        finish.step(check.step(totals))
    datasets.step()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALES_WRITE", "1")
    monkeypatch.setenv("SALES_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("SALES_WORKSPACES", str(tmp_path / "workspaces"))
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


def shown(folder: Path, **files: str) -> AppTest:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return ran(AppTest.from_function(page, args=(str(folder),), default_timeout=240).run())


def ran(app: AppTest) -> AppTest:
    assert not app.exception, app.exception[0].message
    return app


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label.replace("\\", "") == label).click()
    return ran(app.run())


def choose(app: AppTest, label: str, option: str) -> AppTest:
    next(box for box in app.selectbox if box.label == label).set_value(option)
    return ran(app.run())


def meaning(app: AppTest, column: str) -> Any:
    return next(box for box in app.selectbox if box.label == column).value


def totals(app: AppTest) -> dict[str, tuple[str, str]]:
    """Label -> value and what is said below it, of the first strip."""
    return {one.label: (one.value, one.delta) for one in app.metric[:4]}


def texts(app: AppTest) -> str:
    all_of = [*app.markdown, *app.caption, *app.info, *app.error, *app.warning, *app.success]
    return "\n".join(str(one.value) for one in all_of).replace("\\", "").replace("\u2060", "")


def test_a_meaning_set_by_its_list_shows_the_totals_before_and_after(folder: Path) -> None:
    app = shown(folder, web=WEB)
    assert totals(app) == {
        "Rows": ("60", ""), "Revenue": (f"${REVENUE:,}.00", ""), "Orders": ("60", ""), "Days": ("335", "")
    }  # fmt: skip
    assert "Sales from 15 Jan – 15 Dec 2025." in texts(app)
    assert meaning(app, "Order No") == "order_id"
    app = choose(app, "Order No", "")
    # A customer's day is an order then: 9 customers on 12 days, of which 36 pairs occur.
    assert totals(app)["Orders"] == ("36", "before: 60")
    assert totals(app)["Revenue"] == (f"${REVENUE:,}.00", "")
    app = press(app, "Undo the last change")
    assert meaning(app, "Order No") == "order_id"
    assert totals(app)["Orders"][0] == "60"
