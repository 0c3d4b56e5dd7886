"""The corpora benchmark: the scores, and that each outcome is told by what it is."""

from __future__ import annotations

import json
import tempfile
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks import cases as packs
from benchmarks import corpora, judging, pollock, rivals
from data import reading
from data.reading import Finding, Reading, issues
from tests.data.reading.conftest import corpus

CLEAN = [["a", "b"], ["1", "x"], ["2", "y"]]


def test_a_perfect_file_scores_ten() -> None:
    assert pollock.score(CLEAN, CLEAN).total == 10
    assert pollock.score([], []).total == 10
    assert pollock.FAILED.total == 0


def test_each_measure_by_hand() -> None:
    """One of two header cells, one of three records, four of eight cells; the answer has six cells."""
    loaded = [["a", "c"], ["1", "x"], ["2", "z"], ["q", "r"]]
    measures = pollock.score(loaded, CLEAN).measures
    third, half, quarter = 1 / 3, 1 / 2, 4 / 8
    assert measures[:4] == (1.0, half, half, half)
    assert measures[4:7] == pytest.approx((third, half, 0.4))
    assert measures[7:] == pytest.approx((quarter, 4 / 6, 4 / 7))


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("1", "1.0", True),
        ("true", "1", True),
        ("False", "0", True),
        ("007", "7", True),
        ("28/01/2018", "2018-01-28", True),
        ("2018-01-28 00:00:00", "28/01/2018", True),
        ("00:15", "00:15:00", True),
        ("$48.00", "$48", True),
        ("$48", "48", False),
        ("Cup", "cup", False),
        ("1e3", "1000", True),
        ("", " ", False),
    ],
)
def test_cells_are_compared_by_value(left: str, right: str, same: bool) -> None:
    assert (pollock.spelled(left) == pollock.spelled(right)) is same


def reading_of(
    tmp_path: Path, rows: list[tuple[int, str, str]], findings: list[Finding], flagged: list[int]
) -> Reading:
    """A reading of columns a and b with the given rows."""
    import polars as pl

    frame = pl.DataFrame(rows, schema={"__row": pl.UInt32, "a": pl.String, "b": pl.String}, orient="row")
    frame.write_parquet(tmp_path / "table.parquet")
    special = issues.Issues(tmp_path)
    for row in flagged:
        special.add(row, "short_row")
    special.write(tmp_path / "issues.parquet")
    return Reading("f", "", 0, tmp_path, ("a", "b"), len(rows), tuple(findings), {"header_rows": [1]})


def outcome(found: Reading) -> str:
    return judging.compared(found, judging.lines(found), CLEAN)


def test_outcomes(tmp_path: Path) -> None:
    right, wrong = [(2, "1", "x"), (3, "2", "y")], [(2, "1", "x"), (3, "2", "WRONG")]
    assert outcome(reading_of(tmp_path, right, [], [])) == "exact"
    assert outcome(reading_of(tmp_path, wrong, [], [])) == "silently wrong"
    assert outcome(reading_of(tmp_path, wrong, [], [3])) == "changed and reported"
    assert outcome(reading_of(tmp_path, wrong, [Finding("x", "", (3,), 1, True)], [])) == "changed and reported"
    assert outcome(reading_of(tmp_path, wrong, [Finding("x", "", (3,), 1, False)], [])) == "silently wrong"
    assert outcome(reading_of(tmp_path, wrong, [], [2])) == "silently wrong"
    assert outcome(reading_of(tmp_path, right[:1], [], [])) == "silently wrong"
    assert outcome(reading_of(tmp_path, right[:1], [], [3])) == "changed and reported"


def test_a_run_over_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder, content in (("csv", "a;b\n1;x\n2;y\n"), ("clean", '"a","b"\n"1","x"\n"2","y"\n')):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "one.csv").write_text(content)
        (tmp_path / folder / "two.csv").write_text('"a","b"\n"1","x"\n"2","y"\n')
    (tmp_path / "csv" / "three.csv").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "clean" / "three.csv").write_text("a,b\n1,2\n")
    (tmp_path / "pollock_weights.json").write_text('{"one.csv": 3, "two.csv": 1, "three.csv": 1}')
    assert corpora.main(["--corpus", str(tmp_path), "--json", str(tmp_path / "out.json"), "--no-rivals"]) == 0
    told = {record["file"]: record for record in json.loads((tmp_path / "out.json").read_text())}
    assert {name: record["outcome"] for name, record in told.items()} == {
        "one.csv": "exact",
        "two.csv": "exact",
        "three.csv": "refused",
    }
    assert (told["one.csv"]["simple"], told["one.csv"]["weighted"], told["three.csv"]["simple"]) == (10, 30, 0)
    said = capsys.readouterr().out
    assert " 6.667     8.000" in said


def test_rivals_read_a_plain_file(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("a,b\n1,x\n2,y\n3,z\n")
    expected = [["a", "b"], ["1", "x"], ["2", "y"], ["3", "z"]]
    for name in rivals.RIVALS:
        pytest.importorskip("clevercsv") if name == "CleverCSV" else None
        assert rivals.load(name, str(path)) == expected, name
    (tmp_path / "bad.csv").write_text("a,b\n1,2,3,4\n")
    assert rivals.load("polars", str(tmp_path / "bad.csv")) is None


@pytest.mark.slow
def test_a_part_of_pollock(tmp_path: Path) -> None:
    folder = corpus("pollock_half", tmp_path)
    cases = packs.cases(folder, "pollock")
    assert len(cases) > 1_000
    chosen = [case for case in cases if case.file.startswith("file_")] + cases[7::60]
    records = corpora.run(chosen, with_rivals=False)
    assert {record.outcome for record in records} <= {"exact", "changed and reported"}
    assert sum(record.simple or 0 for record in records) / len(records) > 9.6
    assert max(record.seconds for record in records) < judging.TOO_SLOW


def test_decimals_are_compared_by_their_digits() -> None:
    """One with more digits than its column says, as damage makes them, is rounded where Python shows it."""
    value = Decimal("-506489610225444235003822.08")
    content = BytesIO()
    pq.write_table(
        pa.table({"value": pa.array([value, None], pa.decimal128(26, 2)).view(pa.decimal128(25, 2))}), content
    )
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as oracle, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "f.parquet"
        path.write_bytes(content.getvalue())
        found = reading.read(path, name="f")
        assert isinstance(found, Reading)
        assert judging.like_others(found, path, oracle) == "exact"
