"""Files are brought in by lists: uses, meanings, what is missing, the totals before and after, and one step back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.store import store

WEB = "Order No,Order Date,Customer,Product,Quantity,Unit Price,Amount\n" + "".join(
    f"B{n},2025-{n % 12 + 1:02}-15,C{n % 9},{('Mug', 'Quilt', 'Soap')[n % 3]},{n % 3 + 1},"
    f"{(4, 25, 9)[n % 3]}.00,{(n % 3 + 1) * (4, 25, 9)[n % 3]}.00\n"
    for n in range(60)
)
REVENUE = 20 * (1 * 4 + 2 * 25 + 3 * 9)
"""Each item is on 20 rows."""

NOTES = "Shelf;Colour\n" + "".join(f"{n};red\n" for n in range(14))


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


def test_a_meaning_belongs_to_one_column(folder: Path) -> None:
    app = shown(folder, web=WEB)
    app = choose(app, "Customer", "product")
    assert (meaning(app, "Customer"), meaning(app, "Product")) == ("product", "")
    app = choose(app, "Product", "product")
    assert meaning(app, "Product") == "product"
    assert meaning(app, "Customer") != "product"


def test_a_missing_role_is_named_with_an_offer(folder: Path) -> None:
    app = shown(folder, web=WEB)
    app = choose(app, "Order Date", "")
    assert "web.csv: no column was taken as the order date. 'Order Date' holds dates; use it?" in texts(app)
    assert not any("4 · Prepare" in one.value for one in app.markdown)
    app = press(app, "Use 'Order Date' as the order date")
    assert any("4 · Prepare" in one.value for one in app.markdown)
    assert totals(app)["Revenue"][0] == f"${REVENUE:,}.00"


def test_a_file_left_out_stands_in_sight_and_comes_in_by_hand(folder: Path) -> None:
    app = shown(folder, web=WEB, notes=NOTES)
    assert "notes.csv is left out · 14 rows" in texts(app).replace("*", "")
    press(app, "Prepare")
    account = next(frame.value for frame in app.dataframe if "What became of them" in frame.value)
    left = account[account["What became of them"] == "Left out: notes.csv"]
    assert left["Rows"].tolist() == ["14"]
    assert left["Why"].item()
    app = choose(app, "Use it as", "products")
    said = texts(app)
    assert "recipe" not in said.lower().replace("download the recipe", "")
    assert "notes.csv: no column was taken as the product number." in said
    app = press(app, "Leave notes.csv out") if any("Leave" in b.label for b in app.button) else press(
        app, "Undo the last change"
    )  # fmt: skip
    assert totals(app)["Revenue"][0] == f"${REVENUE:,}.00"


@pytest.mark.parametrize("use", ["returns", "targets", "products", "customers", "categories", "territories", "orders"])
def test_no_use_speaks_of_keys_of_a_recipe(use: str, folder: Path) -> None:
    app = choose(shown(folder, web=WEB, notes=NOTES), "Use it as", use)
    said = texts(app)
    assert "lines.columns" not in said
    assert "key " not in said
    assert "recipe, " not in said


def test_what_was_chosen_is_kept_and_can_be_changed_after_the_import(folder: Path) -> None:
    app = shown(folder, web=WEB)
    app = choose(app, "Order No", "")
    app = press(app, "Prepare")
    first = store.find("web")
    assert '"Order No": ""' in store.choices_text(first.path)
    # Another visitor, who brings the file again.
    again = AppTest.from_function(page, args=(str(folder),), default_timeout=240)
    again.session_state["dropped"] = True
    again = ran(again.run())
    menu = next(one for one in again.menu_button if one.label == "Manage")
    menu.set_value("change")
    again = ran(again.run())
    assert "Drop the files that it was made from: web.csv." in texts(again)
    again.session_state["dropped"] = False
    again = ran(again.run())
    assert (meaning(again, "Order No"), totals(again)["Orders"][0]) == ("", "36")
    again = choose(again, "Order No", "order_id")
    assert totals(again)["Orders"] == ("60", "before: 36")
    again = press(again, "Prepare")
    assert store.find("web").version != first.version
    assert len(store.versions("web")) == 2
    changed = next(frame.value for frame in again.dataframe if "before" in frame.value)
    assert changed.empty or "Revenue" not in changed["figure"].tolist()


def test_a_new_export_under_another_name_is_read_as_the_old_one_was(folder: Path) -> None:
    app = press(shown(folder, web=WEB), "Prepare")
    next(one for one in app.menu_button if one.label == "Manage").set_value("refresh")
    app = ran(app.run())
    assert "Drop the files that it was made from: web.csv. They may be new exports of the same kind." in texts(app)
    (folder / "web.csv").unlink()
    (folder / "web (2).csv").write_text(WEB + "B99,2026-01-15,C1,Mug,1,4.00,4.00\n", encoding="utf-8")
    app.session_state["dropped"] = False
    app = ran(app.run())
    assert "web (2).csv is read as web.csv was." in texts(app)
    assert "The recipe says what the files are" in texts(app)
    assert totals(app)["Revenue"][0] == f"${REVENUE + 4:,}.00"


def test_nothing_dropped_shows_what_is_needed_and_a_sample_that_imports(folder: Path) -> None:
    from ui.cards.data import sample

    app = shown(folder)
    said = texts(app)
    for what in ("When", "What", "How much", "Which order or customer"):
        assert f"**{what}**" in said
    assert f"in the folder {folder.parent / 'home'}" in said
    app = shown(folder, sample_sales=sample.text())
    assert not app.radio
    lines = [line.split(",") for line in sample.text().splitlines()[1:]]
    assert totals(app)["Rows"][0] == str(len(lines))
    assert totals(app)["Revenue"][0] == f"${sum(float(line[-1]) for line in lines):,.2f}"
    assert all(float(line[6]) * float(line[7]) == pytest.approx(float(line[8])) for line in lines)
