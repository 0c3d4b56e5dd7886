"""A recipe that is dropped on the Data page says what it is for, what is missing, or what is wrong with it."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from benchmarks import mutants
from data.understanding.types import Understanding
from tests.data.conftest import SHOP, SHOP_RECIPE
from ui.cards.data import job as job_module
from ui.cards.data.job import Job


def page(folder: str) -> None:
    """The page's first two steps over the files of a folder."""
    import hashlib
    from pathlib import Path

    from ui.cards.data import drop as drop_cards
    from ui.cards.data import understand as understand_cards
    from ui.cards.data.job import HandedFile, job

    work = job()
    work.files = [
        HandedFile(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), path, path.stat().st_size)
        for path in sorted(Path(folder).iterdir())
    ]
    drop_cards.step()
    understand_cards.step()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALES_WORKSPACES", str(tmp_path / "workspaces"))
    (tmp_path / "files").mkdir()
    return tmp_path / "files"


def shown(folder: Path) -> AppTest:
    app = AppTest.from_function(page, args=(str(folder),), default_timeout=120).run()
    assert not app.exception, app.exception[0].message
    return app


def plain(text: str) -> str:
    return text.replace("\\", "").replace("\u2060", "")


def test_a_recipe_alone_says_what_to_do(folder: Path) -> None:
    (folder / "shop.toml").write_text(SHOP_RECIPE, encoding="utf-8")
    app = shown(folder)
    said = [plain(info.value) for info in app.info]
    assert (
        "shop.toml is a recipe: it says how files are read. Drop the files that it names, too: sales.csv, items.csv, "
        "buyers.csv."
    ) in said
    assert not app.error
    assert not any("2 · Understand" in text.value for text in app.markdown)


def test_a_recipe_with_its_files_is_used(folder: Path) -> None:
    (folder / "shop.toml").write_text(SHOP_RECIPE, encoding="utf-8")
    for name, text in SHOP.items():
        (folder / name).write_text(text, encoding="utf-8")
    app = shown(folder)
    assert not app.error
    assert not app.warning, [one.value for one in app.warning]
    assert not any("is a recipe" in info.value for info in app.info)
    assert any("The recipe says what the files are" in caption.value for caption in app.caption)


def test_of_several_recipes_the_last_is_used(folder: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (folder / name).write_text(SHOP_RECIPE, encoding="utf-8")
    app = shown(folder)
    assert any("Of 2 recipes the last one is used, b.toml." in plain(caption.value) for caption in app.caption)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"a" + b".a" * 30_000 + b" = 1", "shop.toml: expected a recipe that is read within"),
        (b"title = \xff", "shop.toml: expected a recipe as UTF-8 text, found a file that cannot be read"),
        (b"a = 1\n" * 50_000, "shop.toml: expected a recipe of up to 256 kB, found one of 293 kB."),
        (SHOP_RECIPE.replace("%d-%m-%Y", "day").encode(), "shop.toml, key lines.dates: expected a date format"),
    ],
)
def test_a_recipe_that_cannot_be_used_stops_there(content: bytes, expected: str, folder: Path) -> None:
    """With its files beside it, too: nothing is guessed in place of what somebody wrote."""
    (folder / "shop.toml").write_bytes(content)
    for name, text in SHOP.items():
        (folder / name).write_text(text, encoding="utf-8")
    app = shown(folder)
    assert [plain(error.value).startswith(expected) for error in app.error] == [True]
    assert not any("2 · Understand" in text.value for text in app.markdown)


def test_mutants_of_a_recipe_never_end_the_page(folder: Path) -> None:
    for number in range(12):
        (folder / "shop.toml").write_bytes(mutants.toml(SHOP_RECIPE.encode(), Random(f"page {number}")))
        app = shown(folder)
        assert len(app.error) + len(app.info) >= 1


def test_what_the_machine_had_no_time_for_is_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A good file on a busy machine is offered again; one that is bad itself is not."""
    (folder / "sales.csv").write_text(SHOP["sales.csv"], encoding="utf-8")
    (folder / "bad.zip").write_bytes(b"PK\x03\x04 no archive")
    run, asked = job_module.run, []

    def busy(work: Job, task: str, *request: Any) -> dict[str, Any]:
        asked.append(task)
        if len(asked) > 1:
            return run(work, task, *request)
        said = [["sales.csv", "expected a machine with time to read the file, found one that is too busy."]]
        return {"tables": [], "refused": said, "again": True, "understood": Understanding(()).as_json()}

    monkeypatch.setattr(job_module, "run", busy)
    app = shown(folder)
    assert ["too busy" in warning.value for warning in app.warning] == [True]
    app.run()
    assert len(asked) == 1
    app.button(key="data_read_again").click().run()
    assert len(asked) == 2
    assert [plain(warning.value).split(":")[0] for warning in app.warning] == ["bad.zip"]
    assert [table.name for table in app.session_state["_import"].tables] == ["sales.csv"]
    assert "data_read_again" not in {button.key for button in app.button}


def test_the_box_takes_no_larger_file_than_a_visitor_may_hold(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the door refuses is "AxiosError: Request failed with status code 413" to the box."""
    monkeypatch.setenv("SALES_UPLOAD_MB", "40")
    app = shown(folder)
    assert app.get("file_uploader")[0].proto.max_upload_size_mb == 40
    assert any("Up to 40 MB a file and 40 MB together." in caption.value for caption in app.caption)
