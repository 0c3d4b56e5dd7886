"""Two people who edit from one state: nothing that either saved is lost, and each clash is shown and decided."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.store.saved import Saved
from tests.ui.conftest import ROOT
from tests.ui.visits import opened, press, text

OUTLOOK, SEGMENTS = "pages/outlook.py", "pages/segments.py"
TEN_THOUSAND = 10_000


@pytest.fixture
def home(prepared_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own that may be written."""
    shutil.copytree(prepared_home, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("SALES_HOME", str(tmp_path))
    monkeypatch.setenv("SALES_WRITE", "1")
    return tmp_path


def visitor(page: str, dataset: str = "whole") -> AppTest:
    """Somebody who opens a page in a session of their own."""
    app = AppTest.from_file(str(ROOT / "Home.py"), default_timeout=60)
    return opened(app, page, dataset=dataset, preset="all")


def field(app: AppTest, month: str) -> Any:
    return next(one for one in app.number_input if one.label == month)


def type_targets(app: AppTest, **amounts: float) -> AppTest:
    """Type into the fields of 2026 and save."""
    for month, amount in amounts.items():
        field(app, f"{month} 2026").set_value(amount)
    return press(app, "Save targets")


def asked(app: AppTest) -> list[list[str]]:
    """The values that a conflict shows: what, saved now, yours."""
    tables = [one.value for one in app.dataframe if list(one.value.columns) == ["what", "now", "mine"]]
    return [] if not tables else tables[0].to_numpy().tolist()


def targets(home: Path) -> dict[str, int]:
    """Saved targets by month, in currency units."""
    found = Saved(home).items("whole", "targets").get("targets", {"rows": []})
    return {row[0][:7]: row[-1] // TEN_THOUSAND for row in found["rows"]}


# --- Targets ----------------------------------------------------------------------------------------------------------


def test_different_months_are_both_kept(home: Path) -> None:
    first, second = visitor(OUTLOOK), visitor(OUTLOOK)
    type_targets(first, January=100.0)
    type_targets(second, February=200.0)
    assert "Saved." in text(second)
    assert targets(home) == {"2026-01": 100, "2026-02": 200}
    assert field(second, "January 2026").value == 100.0


def test_a_run_in_between_takes_nobodys_months_back(home: Path) -> None:
    """The fields of an open page keep their old amounts; they must not be saved as if they had been typed."""
    first, second = visitor(OUTLOOK), visitor(OUTLOOK)
    type_targets(first, January=100.0, March=300.0)
    second.run()
    assert "Somebody else has set other targets for January, March since these fields were filled." in text(second)
    type_targets(second, February=200.0)
    assert targets(home) == {"2026-01": 100, "2026-02": 200, "2026-03": 300}


def test_fields_are_filled_again_when_asked(home: Path) -> None:
    first, second = visitor(OUTLOOK), visitor(OUTLOOK)
    type_targets(first, January=100.0)
    press(second.run(), "Fill them again")
    assert field(second, "January 2026").value == 100.0
    assert "since these fields were filled" not in text(second)
    type_targets(second, January=150.0)
    assert targets(home) == {"2026-01": 150}
    assert asked(second) == []


@pytest.mark.parametrize("mine", [True, False], ids=["mine", "theirs"])
def test_the_same_month_is_asked_about(home: Path, mine: bool) -> None:
    first, second = visitor(OUTLOOK), visitor(OUTLOOK)
    type_targets(first, January=100.0)
    type_targets(second, January=111.0, February=200.0)
    assert targets(home) == {"2026-01": 100, "2026-02": 200}
    assert "Somebody else has set these targets since you looked" in text(second)
    assert asked(second) == [["January 2026", "€100.00", "€111.00"]]
    press(second, "Save mine instead" if mine else "Keep what is saved")
    assert targets(home) == {"2026-01": 111 if mine else 100, "2026-02": 200}
    assert asked(second) == []
    assert field(second, "January 2026").value == (111.0 if mine else 100.0)


def test_a_third_who_saves_before_the_choice_is_asked_about_too(home: Path) -> None:
    first, second, third = visitor(OUTLOOK), visitor(OUTLOOK), visitor(OUTLOOK)
    type_targets(first, January=100.0)
    type_targets(second, January=111.0)
    type_targets(third.run(), January=122.0)
    assert asked(third) == [["January 2026", "€100.00", "€122.00"]]
    press(third, "Save mine instead")
    press(second, "Save mine instead")
    assert asked(second) == [["January 2026", "€122.00", "€111.00"]]
    assert targets(home) == {"2026-01": 122}
    press(second, "Save mine instead")
    assert targets(home) == {"2026-01": 111}


def test_a_target_that_was_taken_away_is_asked_about(home: Path) -> None:
    type_targets(visitor(OUTLOOK), January=100.0)
    first, second = visitor(OUTLOOK), visitor(OUTLOOK)
    press(first, "Forget what was edited")
    type_targets(second, January=111.0)
    assert asked(second) == [["January 2026", "no target", "€111.00"]]
    assert targets(home) == {}


def test_the_same_amount_is_no_clash(home: Path) -> None:
    first, second = visitor(OUTLOOK), visitor(OUTLOOK)
    for one in (first, second):
        type_targets(one, January=100.0)
    assert asked(second) == []
    assert "Saved." in text(second)


def test_targets_by_another_dimension_are_asked_about(home: Path) -> None:
    first, second = visitor(OUTLOOK), visitor(OUTLOOK)
    first.multiselect(key="target_edit_by").set_value(["country"]).run()
    type_targets(first, January=100.0)
    type_targets(second, January=111.0)
    assert asked(second) == [["January 2026", "1 target by country, €100.00 in all", "€111.00"]]
    assert Saved(home).items("whole", "targets")["targets"]["dimensions"] == ["country"]
    press(second, "Save mine instead")
    assert Saved(home).items("whole", "targets")["targets"] == {"dimensions": [], "rows": [["2026-01-01", 1_110_000]]}


def test_forgetting_asks_where_others_have_saved(home: Path) -> None:
    type_targets(visitor(OUTLOOK), January=100.0)
    first, second = visitor(OUTLOOK), visitor(OUTLOOK)
    type_targets(first, February=200.0)
    press(second, "Forget what was edited")
    assert targets(home) == {"2026-01": 100, "2026-02": 200}
    assert asked(second) == [["Edited targets", "2 targets, €300.00 in all", "forget 1 target, €100.00 in all"]]
    press(second, "Forget them all the same")
    assert targets(home) == {}
    press(first, "Forget what was edited")
    assert "is forgotten" in text(first)


def test_below_zero_or_unreadable_targets_lose_nothing(home: Path) -> None:
    app = visitor(OUTLOOK)
    Saved(home).put("whole", "targets", "targets", {"dimensions": 7}, seen=None)
    type_targets(app, January=1.0)
    assert "Not saved" in text(app)
    assert Saved(home).items("whole", "targets")["targets"] == {"dimensions": 7}


# --- Segments ---------------------------------------------------------------------------------------------------------


def define(app: AppTest, name: str, *groups: str) -> AppTest:
    app.multiselect(key="segment_groups").set_value(list(groups)).run()
    app.text_input(key="segment_name").set_value(name).run()
    return press(app, "Save segment")


def groups(home: Path) -> dict[str, list[str]]:
    return {name: found["groups"] for name, found in Saved(home).items("whole", "segment").items()}


@pytest.mark.parametrize("mine", [True, False], ids=["mine", "theirs"])
def test_a_segment_of_the_same_name_is_asked_about(home: Path, mine: bool) -> None:
    first, second = visitor(SEGMENTS), visitor(SEGMENTS)
    define(first, "VIP", "Champions")
    define(second, "VIP", "Loyal")
    assert groups(home) == {"VIP": ["Champions"]}
    assert "There is a segment 'VIP' already" in text(second)
    ((_, now, wanted),) = asked(second)
    assert (now.split(",")[0], wanted.split(",")[0]) == ("Champions", "Loyal")
    press(second, "Replace it with mine" if mine else "Keep the one that is there")
    assert groups(home) == {"VIP": ["Loyal" if mine else "Champions"]}
    assert asked(second) == []


def test_a_third_segment_of_the_name_is_asked_about_too(home: Path) -> None:
    first, second = visitor(SEGMENTS), visitor(SEGMENTS)
    define(first, "VIP", "Champions")
    define(second, "VIP", "Loyal")
    press(define(first, "VIP", "Champions", "Loyal"), "Replace it with mine")
    press(second, "Replace it with mine")
    assert asked(second)[0][1].startswith("Champions, Loyal, as of")
    assert groups(home) == {"VIP": ["Champions", "Loyal"]}
    press(second, "Replace it with mine")
    assert groups(home) == {"VIP": ["Loyal"]}


def test_a_changed_segment_is_not_deleted_unasked(home: Path) -> None:
    define(visitor(SEGMENTS), "VIP", "Champions")
    first, second = visitor(SEGMENTS), visitor(SEGMENTS)
    press(define(first, "VIP", "Loyal"), "Replace it with mine")
    press(second, "Delete")
    assert groups(home) == {"VIP": ["Loyal"]}
    assert "Somebody else has changed the segment 'VIP'" in text(second)
    press(second, "Delete it all the same")
    assert groups(home) == {}
    press(first, "Delete")
    assert groups(home) == {}
    assert asked(first) == []


def test_a_chosen_segment_that_is_deleted_is_named(home: Path) -> None:
    first, second = visitor(SEGMENTS), visitor(SEGMENTS)
    define(first, "VIP", "Champions")
    second.run().selectbox(key="segment").set_value("VIP").run()
    press(first, "Delete")
    second.run()
    assert not second.exception
    assert "The saved segment 'VIP' is no longer among those that can be chosen here." in text(second)
