"""Bad input: one clear sentence, exit code 1, and nothing written."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from data.__main__ import main
from data.store import store
from tests.data.conftest import Shop


def _fails(shop: Shop, capsys: pytest.CaptureFixture[str], *, origin: Path | None = None) -> str:
    """The message of a failing import into a home that must stay as it was."""
    home = shop.folder.parent / "home"
    before = sorted(home.rglob("*"))
    where = ["--from", str(origin)] if origin is not None else []
    assert main(["prepare", str(shop.recipe), *where, "--home", str(home)]) == 1
    assert sorted(home.rglob("*")) == before
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    return printed.err.rstrip("\n")


FILES = {
    "missing column": (
        *("sales.csv", "Qty\n", "Count\n"),
        "sales.csv, row 1, column Qty: expected a column of this name (lines: quantity), found the columns No, "
        "Date, Buyer, "
        "Item, Count. Correct the column's name in the recipe.",
    ),
    "missing key column": (
        *("items.csv", "Id,", "Key,"),
        "items.csv, row 1, column Id: expected a column of this name (key of products), found the columns Key, "
        "Name, Group, "
        "Price. Correct the column's name in the recipe.",
    ),
    "unparsable date": (
        *("sales.csv", "05-01-2024", "2024-01-05"),
        "sales.csv, row 5, column Date: expected a date like 31-12-2022 (%d-%m-%Y, from 1900 to 2199), found "
        "'2024-01-05'. "
        "Correct the rows, or the date format in the recipe.",
    ),
    "two-digit year": (
        *("sales.csv", "06-01-2024,8,P3", "06-01-24,8,P3"),
        "sales.csv, row 6, column Date: expected a date like 31-12-2022 (%d-%m-%Y, from 1900 to 2199), found "
        "'06-01-24'. "
        "Correct the rows, or the date format in the recipe.",
    ),
    "unparsable dates": (
        *("sales.csv", "31-12-2023", "12-31-2023"),
        "sales.csv, row 2, column Date: expected a date like 31-12-2022 (%d-%m-%Y, from 1900 to 2199), found "
        "'12-31-2023' "
        "(and 1 more rows like it). Correct the rows, or the date format in the recipe.",
    ),
    "unparsable quantity": (
        *("sales.csv", "P1,2", "P1,2.5"),
        "sales.csv, row 2, column Qty: expected a whole number such as 12, found '2.5'. Correct the rows.",
    ),
    "unparsable price": (
        *("items.csv", "1.2345", "£1.23"),
        "items.csv, row 2, column Price: expected a number such as 1234.56, found '£1.23'. Correct the rows.",
    ),
    "duplicate key": (
        *("items.csv", "P3,Gift", "P1,Gift"),
        "items.csv, column Id: expected each key once, found 'P1' in rows 2 and 4. Keep one row per key of products.",
    ),
    "too many fields": (
        *("sales.csv", "A3,05", "A3,extra,05"),
        "sales.csv, row 5: expected 5 fields as in the header, found 6. A text that holds the separator must stand in "
        "double quotes.",
    ),
}


@pytest.mark.parametrize("case", FILES)
def test_spoiled_file(case: str, shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    name, old, new, message = FILES[case]
    shop.change(name, old, new)
    assert _fails(shop, capsys) == message


def test_what_is_published_stays_in_use(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    home = shop.folder.parent / "home"
    assert main(["prepare", str(shop.recipe), "--home", str(home)]) == 0
    version = store.find("shop", home=home).version
    capsys.readouterr()
    shop.change("sales.csv", "05-01-2024", "05/01/2024")
    _fails(shop, capsys)
    assert store.find("shop", home=home).version == version


def test_missing_file(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    (shop.folder / "items.csv").unlink()
    assert _fails(shop, capsys) == (
        f"{shop.folder}: expected a file named 'items.csv', found buyers.csv, sales.csv, shop.toml. "
        "Point --from at the folder or zip that holds it."
    )


def test_file_name_twice(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    (shop.folder / "old").mkdir()
    (shop.folder / "old" / "Items.csv").write_text("Id\n")
    assert _fails(shop, capsys) == (
        f"{shop.folder}: expected one file named 'Items.csv', found items.csv and old/Items.csv. "
        "Point --from at the folder that holds the right one."
    )


def test_empty_file(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    (shop.folder / "items.csv").write_bytes(b"")
    assert _fails(shop, capsys) == "items.csv, row 1: expected a line with column names, found an empty file."


def test_no_rows(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    (shop.folder / "sales.csv").write_text("No,Date,Buyer,Item,Qty\n")
    message = "No order lines are left to show: every row was set aside, or the files have no rows."
    assert _fails(shop, capsys) == message


@pytest.mark.parametrize("name", ["buyers.csv", "sales.csv"])
def test_wrong_encoding(name: str, shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    text = (shop.folder / name).read_text(encoding="utf-8").replace("P2,1", "Pä,1").replace("ANA", "ÄNA")
    (shop.folder / name).write_bytes(text.encode("windows-1252"))
    row = {"buyers.csv": 2, "sales.csv": 3}[name]
    message = _fails(shop, capsys)
    assert message.startswith(f"{name}, row {row}: expected text in UTF-8, found '")
    assert message.endswith('Name the file\'s encoding in the recipe, e.g. encoding = "windows-1252".')


def test_nothing_at_the_origin(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    origin = shop.folder / "nowhere"
    expected = f"{origin}: expected a folder, a zip or a file, found nothing there."
    assert _fails(shop, capsys, origin=origin) == expected


def test_damaged_zip(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    origin = shop.folder / "files.zip"
    origin.write_bytes(b"PK\x03\x04 no more")
    expected = "files.zip: expected a zip archive, found a file that is none or is damaged."
    assert _fails(shop, capsys, origin=origin) == expected


def test_damaged_member_of_a_zip(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    origin = shop.folder.parent / "files.zip"
    with zipfile.ZipFile(origin, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(shop.folder.glob("*.csv")):
            archive.write(path, path.name)
        offset = archive.getinfo("items.csv").header_offset + 30 + len("items.csv")
    content = bytearray(origin.read_bytes())
    content[offset + 4 : offset + 30] = b"\xff" * 26
    origin.write_bytes(content)
    assert _fails(shop, capsys, origin=origin).startswith("files.zip: items.csv cannot be unpacked (")


def test_not_parquet(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    (shop.folder / "items.parquet").write_text("Id,Name\n")
    shop.change("shop.toml", "items.csv", "items.parquet")
    expected = "items.parquet: expected a Parquet file, found one of another kind. Export it again."
    assert _fails(shop, capsys) == expected


def test_malformed_parquet_ends_its_reader_alone(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    (shop.folder / "items.parquet").write_bytes(b"PAR1" + b"\x15\xff\x00" * 40 + b"\x80\x00\x00\x00PAR1")
    shop.change("shop.toml", "items.csv", "items.parquet")
    assert _fails(shop, capsys).startswith("items.parquet: expected a file that can be read, found one that is damaged")


def test_bad_name(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", str(shop.recipe), "--home", str(shop.folder / "home"), "--name", "../up"]) == 1
    assert capsys.readouterr().err == (
        "Dataset name '../up': expected letters, digits, - and _, at most 63, beginning with a letter or digit.\n"
    )
    assert main(["prepare", str(shop.recipe), "--home", str(shop.folder / "home"), "--name", "demo"]) == 1
    assert "the shipped demo's" in capsys.readouterr().err
    assert not (shop.folder / "home").exists()


def test_no_such_recipe(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", "contoso"]) == 1
    assert capsys.readouterr().err == (
        "contoso: expected a recipe file or the name of a shipped recipe (adventureworks, online_retail), found "
        "neither.\n"
    )


def test_shipped_recipe_without_files(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", "adventureworks"]) == 1
    assert capsys.readouterr().err == "adventureworks: say where its files are with --from FOLDER_OR_ZIP.\n"


RECIPES = {
    "not TOML": ('title = "Shop"', "title = Shop", "shop.toml: expected a recipe in TOML, found a mistake in it: "),
    "unknown key": (
        *('currency = "EUR"', 'currency = "EUR"\ncolour = "red"'),
        "shop.toml, key colour: expected one of title, currency, reading, calendar, policies, lines, returns, "
        "targets, products, subcategories, categories, territories, customers, orders; "
        "found a key with no meaning here.",
    ),
    "missing key": ('title = "Shop"', "", "shop.toml, key title: expected a text, found nothing."),
    "wrong type": ('title = "Shop"', "title = 3", "shop.toml, key title: expected a text, found '3'."),
    "currency": (
        *('"EUR"', '"euro"'),
        "shop.toml, key currency: expected a currency code such as USD, found 'euro'.",
    ),
    "policy": (
        *('negative_quantity = "returns"', 'negative_quantity = "ignore"'),
        "shop.toml, key policies.negative_quantity: expected 'returns' or 'net' or 'set_aside', found 'ignore'.",
    ),
    "month": (
        *("fiscal_start_month = 7", "fiscal_start_month = 13"),
        "shop.toml, key calendar.fiscal_start_month: expected a whole number from 1 to 12, found '13'.",
    ),
    "flag": (
        *("retail_4_5_4 = true", 'retail_4_5_4 = "yes"'),
        "shop.toml, key calendar.retail_4_5_4: expected true or false, found 'yes'.",
    ),
    "unknown column": (
        *('category = "Group"', 'group = "Group"'),
        "shop.toml, key products.columns.group: expected one of the columns of products (product, category, "
        "subcategory, category_id, subcategory_id, unit_price, unit_cost), found 'group'.",
    ),
    "missing column": (
        *('quantity = "Qty"', ""),
        "shop.toml, key lines.columns.quantity: expected the source column that holds quantity, found nothing.",
    ),
    "column of the wrong kind": (
        *('quantity = "Qty"', "quantity = 5"),
        'shop.toml, key lines.columns.quantity: expected a source column or { column = "...", values = {...} '
        "}, found '5'.",
    ),
    "reserved name": (
        *('quantity = "Qty"', 'quantity = "Qty"\ngrain = "Qty"'),
        "shop.toml, key lines.columns.grain: expected another name, as this one has a meaning of its own, found "
        "'grain'.",
    ),
    "no files": (
        'files = "sales.csv"',
        "",
        "shop.toml, key lines.files: expected a file name or a list of files, found ",
    ),
    "no lookup key": (
        'key = "Id"\ncol',
        "col",
        "shop.toml, key products.key: expected the name of the key column, found ",
    ),
    "encoding": (
        *('dates = "%d-%m-%Y"', 'encoding = "latin-99"'),
        "shop.toml, key lines.encoding: expected an encoding such as utf-8 or windows-1252, found 'latin-99'.",
    ),
    "dates": (
        *('"%d-%m-%Y"', '"dd-mm-yyyy"'),
        "shop.toml, key lines.dates: expected a date format such as %d-%m-%Y, 'day first' or 'month first', "
        "found 'dd-mm-yyyy'.",
    ),
    "no money": (
        *(', unit_price = "Price"', ""),
        "shop.toml, key lines.columns.revenue: expected revenue, or unit_price in lines or products, found nothing.",
    ),
    "no product": (
        *('product_id = "Item"', ""),
        "shop.toml, key lines.columns.product_id: expected the product's column, found nothing.",
    ),
    "lookup that nothing joins": (
        *("[products]", '[territories]\nfiles = "x.csv"\nkey = "Id"\ncolumns = { country = "C" }\n\n[products]'),
        "shop.toml, key territories: expected a table that joins it by territory_id, found none.",
    ),
    "join without a lookup": (
        *('quantity = "Qty"', 'quantity = "Qty"\nterritory_id = "T"'),
        "shop.toml, key lines.columns.territory_id: expected a table [territories] to join, found none.",
    ),
    "column in two tables": (
        *('quantity = "Qty"', 'quantity = "Qty"\ncategory = "Group"'),
        "shop.toml, key products.columns.category: expected category in one table, found it in lines and "
        "products. Keep one.",
    ),
    "bands that fall": (
        *('{ column = "Sex", values = { F = "Female", M = "Male" } }', '{ column = "Sex", bands = [2, 1] }'),
        "shop.toml, key customers.columns.metric.bands: expected a list of rising numbers, found '[2, 1]'.",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("case", RECIPES)
def test_spoiled_recipe(case: str, shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    old, new, message = RECIPES[case]
    shop.change("shop.toml", old, new)
    assert _fails(shop, capsys).startswith(message)


def test_a_lookup_row_without_its_key_is_left_aside(shop: Shop, capsys: pytest.CaptureFixture[str]) -> None:
    shop.change("items.csv", "P3,Gift", ",Gift")
    assert main(["prepare", str(shop.recipe), "--home", str(shop.folder.parent / "home")]) == 0
    assert "items.csv: 1 row (4) without its Id is not used." in capsys.readouterr().out
