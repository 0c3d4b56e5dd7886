"""Files without a recipe on the command line: what stays open is asked, checks come before the import."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.__main__ import main


def test_a_date_that_stays_open_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "sales.csv"
    path.write_text(
        "Order,Date,Product,Quantity,Amount\n"
        + "".join(f"A{n},0{n % 9 + 1}/0{n % 7 + 2}/2024,Pen,1,2.50\n" for n in range(40)),
        encoding="utf-8",
    )
    home = ["--home", str(tmp_path / "home"), "--name", "open"]
    assert main(["prepare", str(path), *home]) == 1
    assert "Say --day-first or --month-first." in capsys.readouterr().err
    assert main(["prepare", str(path), *home, "--month-first", "--currency", "EUR"]) == 0
    said = capsys.readouterr().out
    # The first row says 01/02/2024, which is then the second of January.
    assert "2024-01-02 to 2024-09-07" in said
    assert main(["recipe", "open", "--home", str(tmp_path / "home")]) == 0
    recipe = tmp_path / "again.toml"
    recipe.write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["prepare", str(recipe), *home]) == 0


TWICE = (
    "Order,Date,Product,Quantity,Amount\nA1,2024-01-31,Pen,1,2.50\nA1,2024-01-31,Pen,1,2.50\nA2,2024-02-01,Pen,2,5.00\n"
)


def test_the_command_line_checks_before_it_prepares(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, home = tmp_path / "sales.csv", tmp_path / "home"
    path.write_text(TWICE, encoding="utf-8")
    command = ["prepare", str(path), "--currency", "EUR", "--home", str(home)]
    assert main([*command, "--check"]) == 0
    said = capsys.readouterr().out
    assert "Duplicate lines (duplicate_lines): 1 row, 2.50." in said
    assert "such as sales.csv, row 3: Order A1, Date 2024-01-31" in said
    assert "keep: Keep (chosen)" in said
    assert "set_aside: Set aside (revenue -2.50)" in said
    assert not home.exists()
    assert main([*command, "--policy", "duplicate_lines=set_aside"]) == 0
    assert "+ set aside: duplicate_lines             1                2.50" in capsys.readouterr().out
    assert main([*command, "--policy", "duplicate_lines=drop"]) == 1
    assert capsys.readouterr().err == "--policy duplicate_lines=drop: expected keep or set_aside, found 'drop'.\n"
    assert main([*command, "--policy", "colour=red"]) == 1
    assert capsys.readouterr().err.startswith("--policy colour=red: expected a rule (missing_product, ")


def test_the_command_line_refreshes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, home = tmp_path / "sales.csv", ["--home", str(tmp_path / "home")]
    path.write_text(TWICE, encoding="utf-8")
    assert main(["prepare", str(path), "--currency", "EUR", *home]) == 0
    assert main(["refresh", "sales", "--from", str(tmp_path), *home]) == 0
    assert "Nothing changed." in capsys.readouterr().out
    path.write_text(TWICE + "A3,2024-02-02,Pen,4,10.00\n", encoding="utf-8")
    assert main(["refresh", "sales", "--from", str(path), *home]) == 0
    said = capsys.readouterr().out
    assert "  Lines kept: 3 -> 4\n  Revenue: 10.00 -> 20.00\n  Last day: 2024-02-01 -> 2024-02-02\n" in said
    assert main(["refresh", "nothing", *home]) == 1
