"""What a published version comes to, as an import's totals say it."""

from __future__ import annotations

from pathlib import Path

from data import trial
from data.store import store
from tests.ui.refreshed import prepare, truth


def test_a_version_s_totals_are_those_of_its_lines(tmp_path: Path) -> None:
    prepare(tmp_path, earlier=2)
    (entry,) = [entry for entry in store.entries(home=tmp_path) if entry.name == "shop"]
    found, lines = trial.of_version(entry), truth(2)
    assert found is not None
    assert (found.rows, found.revenue, found.orders) == (
        lines.height,
        lines["revenue"].sum(),
        lines["order_id"].n_unique(),
    )
    assert (found.first_day, found.last_day) == (str(lines["day"].min()), str(lines["day"].max()))


def test_a_version_that_cannot_be_read_has_none(tmp_path: Path) -> None:
    prepare(tmp_path)
    (entry,) = [entry for entry in store.entries(home=tmp_path) if entry.name == "shop"]
    (entry.path / "orders.parquet").unlink()
    assert trial.of_version(entry) is None
