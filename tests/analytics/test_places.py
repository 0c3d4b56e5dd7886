"""Countries are found by what people write, and by nothing else."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import polars as pl
import pytest
from babel import Locale

from analytics.countries import CONTINENTS
from analytics.country_names import ALIASES
from analytics.places import OTHER_LANGUAGES, Country, countries, map_ids, place

SHARED = Path(__file__).parents[3] / "shared" / "data"


def alpha2(name: str | None) -> str | None:
    found = place(name)
    return found.alpha2 if found else None


def test_table_is_whole() -> None:
    table = countries()
    assert len(table) == 250
    for column in ("alpha2", "alpha3", "numeric", "name"):
        assert len({getattr(country, column) for country in table}) == len(table), column
    assert all(len(c.alpha2) == 2 and len(c.alpha3) == 3 and len(c.numeric) == 3 and c.numeric.isdigit() for c in table)
    assert {country.continent for country in table} == set(CONTINENTS.values())
    brazil = place("Brazil")
    assert brazil is not None
    assert (brazil.alpha3, brazil.numeric, brazil.continent) == ("BRA", "076", "South America")


def test_english_names_agree_with_babels() -> None:
    """Babel renames a few in a release: what is understood of its names means its country, and nearly all are."""
    names = Locale("en").territories
    found = {country: place(names[country.alpha2]) for country in countries()}
    assert [(country, other) for country, other in found.items() if other not in (country, None)] == []
    assert sum(other is None for other in found.values()) <= len(found) // 20


@pytest.mark.skipif(not (SHARED / "countries.zip").exists(), reason="../shared/data/countries.zip is not here")
def test_table_agrees_with_its_sources() -> None:
    with zipfile.ZipFile(SHARED / "countries.zip") as archive:
        codes = json.loads(archive.read("i18n-iso-countries-codes.json"))
        english = json.loads(archive.read("i18n-en.json"))["countries"]
        continents = {
            row["Code"]: row["Continent"]
            for row in csv.DictReader(io.TextIOWrapper(archive.open("countries.csv"), encoding="utf-8"))
        }
    assert {(c.alpha2, c.alpha3, c.numeric) for c in countries()} == {tuple(row[:3]) for row in codes}
    moved = {c.alpha2 for c in countries() if continents[c.alpha2] != c.continent}
    assert moved == {"RU"}
    # Their English names, formal ones among them, are understood; "Congo" alone they give to both.
    for code, names in english.items():
        for name in [names] if isinstance(names, str) else names:
            assert alpha2(name) == code or name == "Congo", name


@pytest.mark.parametrize("country", countries(), ids=lambda country: country.alpha2)
def test_each_country_is_found_however_it_is_written(country: Country) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFKD", country.name) if not unicodedata.combining(c))
    spellings = [country.name, country.name.upper(), f"  {country.name.lower()} ", bare]
    spellings += [country.alpha3, country.alpha3.lower()]
    spellings += [country.name.replace("&", "and"), country.name.replace("St.", "Saint"), f"The {country.name}"]
    if country.alpha2 != "NA":
        spellings += [country.alpha2, country.alpha2.lower()]
    assert {alpha2(text) for text in spellings} == {country.alpha2}


def test_each_alias_is_found() -> None:
    for code, aliases in ALIASES.items():
        for alias in aliases:
            assert alpha2(alias) == code, alias


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("EIRE", "IE"), ("RSA", "ZA"), ("Korea", "KR"), ("Korea, Republic of", "KR"), ("Korea, South", "KR"),
        ("North Korea", "KP"), ("USA", "US"), ("U.S.A.", "US"), ("UK", "GB"), ("England", "GB"), ("Scotland", "GB"),
        ("Channel Islands", "JE"), ("Czech Republic", "CZ"), ("Viet Nam", "VN"), ("Russia", "RU"),
        ("Congo, Democratic Republic of the", "CD"), ("Virgin Islands, U.S.", "VI"), ("Bahamas, The", "BS"),
        ("Cote d'Ivoire", "CI"), ("CÔTE D’IVOIRE", "CI"), ("Curacao", "CW"), ("Turkey", "TR"), ("Türkiye", "TR"),
        ("Swaziland", "SZ"), ("Hong Kong", "HK"), ("Bosnia and Herzegovina", "BA"), ("São Tomé and Príncipe", "ST"),
        ("Congo (Kinshasa)", "CD"), ("Congo (Brazzaville)", "CG"), ("Korea (North)", "KP"),
        ("Iran (Islamic Republic of)", "IR"), ("Saint-Martin (partie néerlandaise)", "SX"),
        ("Georgia", "GE"), ("Guinea", "GN"), ("Guinea-Bissau", "GW"), ("Niger", "NE"), ("Nigeria", "NG"),
        ("Deutschland", "DE"), ("Allemagne", "DE"), ("Österreich", "AT"), ("España", "ES"), ("Stati Uniti", "US"),
        ("Verenigd Koninkrijk", "GB"), ("Países Baixos", "NL"),
        ("Heard Island & McDonald Islands", "HM"), ("St. Helena, Ascension & Tristan da Cunha", "SH"),
        ("Saint Helena", "SH"), ("French Southern and Antarctic Lands", "TF"), ("French Southern Territories", "TF"),
    ],
)  # fmt: skip
def test_written_names(name: str, code: str) -> None:
    assert alpha2(name) == code


@pytest.mark.parametrize(
    "name",
    [None, "", "  ", "-", "NA", "n/a", "N.A.", "Not recorded", "Unspecified", "European Community", "Pacific",
      "Europe", "Virgin Islands",
     "Paris, France", "US/CA", "XX", "Francee"],
)  # fmt: skip
def test_what_is_no_country_is_not_guessed(name: str | None) -> None:
    assert place(name) is None


def test_other_languages_agree_with_english() -> None:
    """A name in another language never takes a name or code from English."""
    for language in OTHER_LANGUAGES:
        names = Locale(language).territories
        for country in countries():
            found = place(names[country.alpha2])
            # Where two languages use one word for two countries it is not guessed.
            assert found is None or found == country, (language, names[country.alpha2])
    assert [place(Locale(language).territories["DE"]) for language in OTHER_LANGUAGES] == [place("Germany")] * 6


def test_map_ids_keep_zeros_order_and_what_cannot_be_placed() -> None:
    names = ["Brazil", "Nowhere", None, "Australia", "Brazil", "Antarctica", "Malta"]
    expected = pl.DataFrame(
        {"name": ["Brazil", "Nowhere", "Australia", "Antarctica", "Malta"], "id": ["076", None, "036", None, "470"]}
    )
    assert map_ids(names).equals(expected)
    assert map_ids(pl.Series(names)).equals(expected)
    assert map_ids([]).schema == {"name": pl.String, "id": pl.String}


@pytest.mark.skipif(
    not (SHARED / "online_retail_2010_2011_raw_strings.parquet").exists(),
    reason="../shared/data has no Online Retail file",
)
def test_online_retail_is_placed() -> None:
    frame = pl.read_parquet(SHARED / "online_retail_2010_2011_raw_strings.parquet", columns=["Country"])
    ids = map_ids(frame["Country"].unique())
    assert ids.height == 38
    assert set(ids.filter(pl.col("id").is_null())["name"]) == {"European Community", "Unspecified"}


def test_babel_is_not_loaded_for_english_names() -> None:
    code = "import sys; from analytics.places import place; assert place('EIRE'); assert 'babel' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
