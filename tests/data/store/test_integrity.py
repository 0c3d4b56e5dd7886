"""A dataset that is not what was written is never opened: each damage ends in a sentence that names the file."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.exceptions import PanicException

from data.__main__ import main
from data.building.layout import Prepared
from data.errors import DataError
from data.prepare import Result, prepare
from data.recipe import recipes
from data.recipe.toml import toml_text
from data.store import contract, integrity, locations, manifest, opening, store, writing
from tests.data.conftest import Shop

FILES = ("customers", "lines", "orders", "products", "returns", "set_aside", "targets")
FLIPS = 400

TARGETS = """
[targets]
files = "targets.csv"
dates = "%Y-%m"
columns = { month = "Month", revenue = "Goal" }
"""


def with_targets(shop: Shop) -> Shop:
    """A shop that has every file that there can be."""
    (shop.folder / "targets.csv").write_text("Month,Goal\n2024-01,100\n2024-02,120\n", encoding="utf-8")
    shop.recipe.write_text(shop.recipe.read_text(encoding="utf-8") + TARGETS, encoding="utf-8")
    return shop


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """The shop with its targets, prepared once for all tests."""
    folder = tmp_path_factory.mktemp("shop")
    shop = with_targets(Shop(folder))
    result = prepare(recipes.read(shop.recipe), folder, home=folder / "home", name="shop")
    assert {file.stem for file in result.path.glob("*.parquet")} == set(FILES)
    return result


@pytest.fixture
def version(made: Result, shop: Shop, tmp_path: Path) -> Path:
    """A copy of the published version that a test can spoil, beside the files that it was prepared from."""
    with_targets(shop)
    home = shutil.copytree(made.path.parents[2], tmp_path / "home")
    return home / made.path.relative_to(made.path.parents[2])


def flipped(content: bytes, bit: int) -> bytes:
    changed = bytearray(content)
    changed[bit // 8] ^= 1 << (bit % 8)
    return bytes(changed)


def refusal(version: Path) -> str:
    """The sentence that opening a version ends in."""
    with pytest.raises(DataError) as refused:
        store.load_version(version, name="shop")
    return str(refused.value)


# --- Bits -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", FILES)
def test_every_flipped_bit_of_a_table_is_caught(version: Path, table: str) -> None:
    file = version / f"{table}.parquet"
    content, chance = file.read_bytes(), random.Random(table)
    for _ in range(FLIPS):
        file.write_bytes(flipped(content, chance.randrange(8 * len(content))))
        said = refusal(version)
        assert said.startswith(f"Dataset 'shop': {table}.parquet is damaged: ")
        assert "Prepare it again from its files" in said
    file.write_bytes(content)
    assert store.load_version(version, name="shop").lines.collect().height == 3


def test_every_flipped_bit_of_the_description_is_caught(version: Path) -> None:
    """All bits of its digest and of the layout's line, and some of the rest."""
    file = version / "dataset.toml"
    content, chance = file.read_bytes(), random.Random(2)
    first = len(b"\n".join(content.split(b"\n")[:2])) + 1
    for bit in (*range(8 * first), *(chance.randrange(8 * len(content)) for _ in range(FLIPS))):
        file.write_bytes(flipped(content, bit))
        with pytest.raises(DataError, match=r"^Dataset 'shop': dataset\.toml is damaged: .* Prepare it again"):
            manifest.read(version)
    file.write_bytes(content)
    assert manifest.read(version).version == version.name


def test_flips_in_the_demo_are_caught(tmp_path: Path) -> None:
    copy = shutil.copytree(locations.DEMO, tmp_path / "demo")
    chance = random.Random(1)
    for file in sorted(copy.iterdir()):
        content = file.read_bytes()
        for _ in range(20):
            file.write_bytes(flipped(content, chance.randrange(8 * len(content))))
            with pytest.raises(DataError, match=rf"{file.name} is damaged: .* or prepare it again"):
                store.load_version(copy, name="demo")
        file.write_bytes(content)
    assert store.load_version(copy, name="demo").version == store.find("demo").version


def test_the_demo_is_as_it_was_written() -> None:
    integrity.check(locations.DEMO)


def test_the_demo_is_opened_without_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    demo = shutil.copytree(locations.DEMO, tmp_path / "demo")
    before = {file.name: (file.stat().st_mtime_ns, file.read_bytes()) for file in demo.iterdir()}
    for file in demo.iterdir():
        file.chmod(0o444)
    demo.chmod(0o555)
    monkeypatch.setattr(store, "DEMO", demo)
    assert store.load("demo", home=tmp_path / "none").lines.collect().height == 60_000
    assert {file.name: (file.stat().st_mtime_ns, file.read_bytes()) for file in demo.iterdir()} == before
    demo.chmod(0o755)


# --- Files ------------------------------------------------------------------------------------------------------------


DAMAGES: dict[str, Callable[[Path], Any]] = {
    "missing": lambda file: file.unlink(),
    "a folder": lambda file: (file.unlink(), file.mkdir()),
    "empty": lambda file: file.write_bytes(b""),
    "cut": lambda file: file.write_bytes(file.read_bytes()[:-1]),
    "grown": lambda file: file.write_bytes(file.read_bytes() + b"\0"),
    "another": lambda file: shutil.copy(file.with_name("products.parquet"), file),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("table", [name for name in FILES if name != "products"])
def test_a_file_that_is_not_the_one_written(version: Path, table: str, damage: str) -> None:
    DAMAGES[damage](version / f"{table}.parquet")
    said = refusal(version)
    assert said.startswith(f"Dataset 'shop': {table}.parquet")
    assert "Prepare it again" in said


def test_a_version_under_another_ones_name(version: Path) -> None:
    other = version.rename(version.with_name("0123456789abcdef"))
    assert "dataset.toml is damaged: expected that of version 0123456789abcdef" in refusal(other)


def test_line_ends_of_another_system_are_found(version: Path) -> None:
    file = version / "dataset.toml"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert "dataset.toml is damaged" in refusal(version)


@pytest.mark.parametrize("file", ["lines.parquet", "orders.parquet", "dataset.toml"])
def test_a_file_without_rights_is_no_damage(version: Path, file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real = Path.open

    def refusing(path: Path, *arguments: Any, **named: Any) -> Any:
        if path.name == file:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *arguments, **named)

    monkeypatch.setattr(Path, "open", refusing)
    said = refusal(version)
    assert said.startswith(f"Dataset 'shop': {file}: expected a file that this user may read")
    assert "the right to read" in said
    assert "damaged" not in said


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root, to become somebody without rights")
@pytest.mark.parametrize(
    ("closed", "what"),
    [("", "folder of datasets"), ("shop", "current"), ("shop/current", "current"), ("shop/versions", "dataset.toml")],
)
def test_a_folder_without_rights_is_said_to_be_one(version: Path, closed: str, what: str) -> None:
    """Tried by a process of a user who owns nothing here."""
    home = version.parent.parent.parent
    for above in (*home.parents, home):
        if str(above).startswith("/tmp/"):
            above.chmod(0o755)
    # Datasets are their owner's alone; here only one folder is closed to others.
    for path in home.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    (home / closed).chmod(0)
    code = (
        "import os, sys, pathlib; from data.store import store; os.setuid(65534); "
        "store.load('shop', home=pathlib.Path(sys.argv[1]))"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code, str(home)], capture_output=True, text=True, check=False, cwd=root
    )
    (home / closed).chmod(0o755)
    (said,) = [line for line in done.stderr.splitlines() if line.startswith("data.errors.DataError: ")]
    assert what in said
    assert "right to read" in said


# --- Tables that were written wrong -----------------------------------------------------------------------------------


def swapped(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """The first two rows have each other's value."""
    order = [1, 0, *range(2, frame.height)]
    return frame.with_columns(frame[column].gather(order))


def shifted(frame: pl.DataFrame, column: str, by: int) -> pl.DataFrame:
    return frame.with_columns((pl.col(column).cast(pl.Int64) + by).cast(frame.schema[column]))


def other_members(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    kept = frame.schema[column].categories.to_list()  # type: ignore[attr-defined]
    return frame.with_columns(pl.col(column).cast(pl.String).cast(pl.Enum([*kept[::-1], "more"])))


WRONG: dict[str, tuple[str, Callable[[pl.DataFrame], pl.DataFrame], str]] = {
    "lines without a column": ("lines", lambda f: f.drop("revenue"), "expected a column revenue"),
    "lines of text": ("lines", lambda f: f.with_columns(pl.col("product").cast(pl.String)), "product to be Enum"),
    "money as a fraction": ("lines", lambda f: f.with_columns(pl.col("revenue").cast(pl.Float64)), "to be Int64"),
    "small codes": ("lines", lambda f: f.with_columns(pl.col("order").cast(pl.UInt16)), "order to be UInt32"),
    "a day with a time": ("lines", lambda f: f.with_columns(pl.col("day").cast(pl.Datetime)), "day to be Date"),
    "a dimension of text": ("lines", lambda f: f.with_columns(pl.lit("x").alias("channel")), "channel to be Enum"),
    "cost as a fraction": ("lines", lambda f: f.with_columns(pl.lit(0.5).alias("cost")), "cost to be Int64"),
    "a customer too many": ("lines", lambda f: shifted(f, "customer", 99), "customer codes below"),
    "an order too many": ("lines", lambda f: shifted(f, "order", 99), "order codes below"),
    "a day too early": ("lines", lambda f: f.with_columns(pl.col("day") - pl.duration(days=40)), "days from"),
    "backwards": ("lines", lambda f: f.reverse(), "rows by customer, day, order and product"),
    "products swapped": ("lines", lambda f: swapped(swapped(f.reverse(), "product").reverse(), "product"), "out of"),
    "a row less": ("lines", lambda f: f.head(-1), "3 rows, found 2"),
    "a row twice": ("lines", lambda f: pl.concat([f, f.tail(1)]), "3 rows, found 4"),
    "a gap": (
        "lines",
        lambda f: f.with_columns(pl.when(pl.int_range(pl.len()) > 0).then("quantity").alias("quantity")),
        "a value of quantity in every row",
    ),
    "other members": ("lines", lambda f: other_members(f, "category"), "members of category that the lines have"),
    "orders without numbers": ("orders", lambda f: f.rename({"order_id": "id"}), "expected a column order_id"),
    "numbers that are no text": ("orders", lambda f: f.with_columns(pl.lit(1).alias("order_id")), "to be String"),
    "orders cut": ("orders", lambda f: f.head(1), "order codes below 1"),
    "customers without names": ("customers", lambda f: f.drop("name"), "expected a column name"),
    "customers without attributes": ("customers", lambda f: f.drop("customer_metric"), "column customer_metric"),
    "attributes of text": (
        "customers",
        lambda f: f.with_columns(pl.col("customer_metric").cast(pl.String)),
        "customer_metric to be Enum",
    ),
    "customers cut": ("customers", lambda f: f.head(1), "customer codes below 1"),
    "products in another order": ("products", lambda f: f.reverse(), "row i to be product code i"),
    "other products": ("products", lambda f: other_members(f, "product"), "members of product that the lines have"),
    "returns without money": ("returns", lambda f: f.drop("amount"), "expected a column amount"),
    "returns of nobody": ("returns", lambda f: shifted(f, "customer", 99), "customer codes below"),
    "returns with other members": ("returns", lambda f: other_members(f, "product"), "members of product"),
    "targets without months": ("targets", lambda f: f.drop("month"), "expected a column month"),
}  # fmt: skip


@pytest.mark.parametrize("held", [True, False], ids=["held", "scanned"])
@pytest.mark.parametrize("wrong", WRONG)
def test_tables_that_cannot_be_used_are_refused(
    made: Result, wrong: str, held: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Their digests are right: what was written is the mistake."""
    table, change, expected = WRONG[wrong]
    broken = replace(made.prepared, **{table: change(getattr(made.prepared, table))})
    monkeypatch.setattr(Prepared, "days", (date(2023, 12, 31), date(2024, 1, 6)))
    path = tmp_path / "broken"
    path.mkdir()
    writing.write(broken, path)
    if not held:
        monkeypatch.setenv("SALES_MEMORY_MB", "0")
    with pytest.raises(DataError) as refused:
        load_and_wait(path)
    said = str(refused.value)
    assert expected in said, said
    assert ".parquet is damaged: expected" in said


def test_slices_meet(shop: Shop, version: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fall between two slices is a fall."""
    for size in (1, 2, 3):
        monkeypatch.setattr(contract, "SLICE", size)
        data = store.load_version(version, name="shop")
        orders = pl.read_parquet(version / "orders.parquet").height
        contract.rows(version, data, orders)
        with pytest.raises(DataError, match="out of order"):
            contract.rows(version, replace(data, lines=data.lines.reverse()), orders)


def test_a_panic_is_a_sentence(version: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def panics(*_: Any, **__: Any) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr(opening.pl, "read_parquet", panics)
    assert "found a problem (PanicException: index out of bounds). Prepare it again." in refusal(version)


# --- Large files ------------------------------------------------------------------------------------------------------


def load_and_wait(version: Path) -> None:
    """Open a version, until nothing of it is being checked any more; DataError where it is damaged."""
    store.load_version(version, name="shop")
    end = time.monotonic() + 20
    while integrity.pending(version):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_large_files_are_checked_in_the_background(version: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(integrity, "AT_ONCE", 0)
    real = integrity._compare
    asked: list[str] = []

    def slow(folder: Path, one: manifest.Listed, read: Callable[[int], None] = lambda _: None) -> None:
        asked.append(integrity.pending(folder))
        real(folder, one, read)

    monkeypatch.setattr(integrity, "_compare", slow)
    load_and_wait(version)
    assert [said.split(",")[0] for said in asked] == [f"{name}.parquet" for name in FILES]
    assert all("% of 0 MB" in said for said in asked)


@pytest.mark.parametrize("table", FILES)
def test_a_flip_in_a_large_file_is_found_in_the_background(
    version: Path, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = version / f"{table}.parquet"
    monkeypatch.setattr(integrity, "AT_ONCE", 0)
    content = file.read_bytes()
    # Inside the data, where Parquet's readers notice nothing.
    file.write_bytes(flipped(content, 8 * 60))
    with pytest.raises(DataError, match=rf"{table}\.parquet is damaged: .* Prepare it again"):
        load_and_wait(version)


def test_a_check_that_fails_itself_does_not_go_on_for_ever(version: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALES_MEMORY_MB", "0")

    def broken(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(contract, "rows", broken)
    with pytest.raises(DataError, match="its rows could not be checked \\(ZeroDivisionError\\)"):
        load_and_wait(version)


# --- What is read later -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["orders", "set_aside"])
def test_what_is_read_later_is_checked_then(version: Path, table: str) -> None:
    store.load_version(version, name="shop")
    file = version / f"{table}.parquet"
    file.write_bytes(flipped(file.read_bytes(), 8 * 60))
    with pytest.raises(DataError, match=rf"Dataset 'shop': {table}\.parquet is damaged"):
        store.order_ids(version) if table == "orders" else store.set_aside(version)


# --- Preparing again --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", ["lines.parquet", "dataset.toml"])
def test_preparing_again_mends_a_damaged_version(shop: Shop, version: Path, file: str, tmp_path: Path) -> None:
    (version / file).write_bytes(b"no longer")
    again = prepare(recipes.read(shop.recipe), shop.folder, home=tmp_path / "home", name="shop").path
    assert again == version
    integrity.check(version)
    assert [path.name for path in version.parent.iterdir()] == [version.name]
    assert store.load("shop", home=tmp_path / "home").lines.collect().height == 3


# --- Layouts ----------------------------------------------------------------------------------------------------------


def as_layout_1(version: Path) -> Path:
    """The version as it was written before there were digests: named by the digest of all its files."""
    file = version / "dataset.toml"
    content = dict(manifest.read(version).content)
    for key in ("sha256", "layout", "files"):
        del content[key]
    file.write_text(toml_text(content), encoding="utf-8")
    total = hashlib.sha256()
    for path in sorted(version.iterdir()):
        total.update(f"{path.name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return version.rename(version.with_name(total.hexdigest()[:16]))


def test_datasets_from_before_there_were_digests_open(version: Path) -> None:
    old = as_layout_1(version)
    (old.parent.parent / "current").write_text(old.name + "\n", encoding="utf-8")
    data = store.load("shop", home=old.parents[2])
    assert data.version == old.name
    assert data.lines.collect().height == 3
    for file in sorted(old.iterdir()):
        content = file.read_bytes()
        for bit in (8 * 60, 8 * 100 + 3):
            file.write_bytes(flipped(content, bit))
            said = refusal(old)
            assert "is damaged" in said
            assert "repare it again" in said
        file.write_bytes(content)


def test_a_newer_layout_asks_for_a_newer_app(version: Path) -> None:
    _, _, text = (version / "dataset.toml").read_bytes().partition(b"\n")
    text = text.replace(b"layout = 2", b"layout = 3")
    seal = hashlib.sha256(text).hexdigest()
    (version / "dataset.toml").write_bytes(f'sha256 = "{seal}"\n'.encode() + text)
    said = refusal(version)
    assert "layout 2 or less, found layout 3, which a newer version of this app wrote. Update the app" in said


def test_a_panic_on_the_command_line_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def panics(**_: Any) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr(store, "entries", panics)
    assert main(["list", "--home", str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        "Expected files that can be read, found a problem (index out of bounds). Nothing was changed.\n"
    )
