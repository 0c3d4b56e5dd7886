"""Recipes: a TOML file that says how a company's files become the canonical tables.

Reading is strict. An unknown key, a missing one or a value of the wrong kind is one sentence that names the file, the
key, what was expected and what was found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from analytics.dataset import Calendar
from data.errors import DataError
from data.recipe.columns import columns_of
from data.recipe.files import files_of, reading
from data.recipe.joins import check_joins
from data.recipe.sections import Section
from data.recipe.toml import MOST, recipe_tree, toml_text, too_large
from data.rules.policies import DEFAULTS, POLICIES, Policies
from data.terms.columns import LOOKUPS, TABLES
from data.terms.specs import FileSpec, TableSpec

SHIPPED: Final = Path(__file__).parents[1] / "recipes"
"""Folder of the recipes that come with the app."""

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

CURRENCY: Final = r"[A-Z]{3}"


@dataclass(frozen=True)
class Recipe:
    """A whole recipe."""

    name: str
    text: str
    title: str
    currency: str
    lines: TableSpec
    lookups: Mapping[str, TableSpec] = field(default_factory=dict)
    """Role -> lookup table, for the roles in LOOKUPS."""
    returns: TableSpec | None = None
    targets: TableSpec | None = None
    calendar: Calendar = field(default_factory=Calendar)
    policies: Policies = field(default_factory=Policies)
    detect: bool = False
    """Whether how a file is written is found out from the file; otherwise it is CSV as the recipe says, or Parquet."""

    @property
    def tables(self) -> tuple[TableSpec, ...]:
        """Every table of the recipe."""
        optional = (self.returns, self.targets)
        return (self.lines, *self.lookups.values(), *(table for table in optional if table is not None))


def shipped() -> list[str]:
    """Names of the recipes that come with the app."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def read(recipe: str | Path) -> Recipe:
    """A recipe by path, or by name where it is a shipped one."""
    path = Path(recipe)
    if str(recipe) in shipped():
        path = SHIPPED / f"{recipe}.toml"
    if not path.is_file():
        names = ", ".join(shipped())
        raise DataError(f"{recipe}: expected a recipe file or the name of a shipped recipe ({names}), found neither.")
    return parse(text_of(path, file=path.name), file=path.name, name=path.stem)


def text_of(path: Path, *, file: str) -> str:
    """The text of a recipe's file. `file` is named in errors."""
    try:
        with path.open("rb") as content:
            # One byte more than a recipe may have tells that it is too large, however large it is.
            read = content.read(MOST + 1)
            if len(read) > MOST:
                raise too_large(file, path.stat().st_size)
            return read.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        why = f"a byte that is none after {error.start:,} bytes"
    except OSError as error:
        why = error.strerror or str(error)
    raise DataError(f"{file}: expected a recipe as UTF-8 text, found a file that cannot be read ({why}).")


def parse(text: str, *, file: str, name: str) -> Recipe:
    """A recipe from its text, whatever that is. `file` is named in errors."""
    top = Section(file, "", recipe_tree(text, file=file))
    title = top.text("title", most=200)
    if not title.isprintable() or not title.strip():
        raise top.wrong("title", "a text on one line", title)
    currency = top.text("currency", pattern=CURRENCY, expected="a currency code such as USD")
    detect = top.choice("reading", ("as_written_here", "detect"), "as_written_here") == "detect"
    calendar = _calendar(top.section("calendar"))
    policies = _policies(top.section("policies"))
    tables = {role: _table(role, top.section(role)) for role in TABLES if top.has(role) or role == "lines"}
    top.finish()
    recipe = Recipe(
        name=name,
        text=text,
        title=title,
        currency=currency,
        lines=tables["lines"],
        lookups={role: tables[role] for role in LOOKUPS if role in tables},
        returns=tables.get("returns"),
        targets=tables.get("targets"),
        calendar=calendar,
        policies=policies,
        detect=detect,
    )
    check_joins(recipe.tables, policies, file)
    return recipe


def _calendar(section: Section) -> Calendar:
    calendar = Calendar(
        week_start=WEEKDAYS.index(section.choice("week_start", WEEKDAYS, "monday")),
        fiscal_start_month=section.whole("fiscal_start_month", 1, 12, 1),
        retail=section.flag("retail_4_5_4"),
    )
    section.finish()
    return calendar


def _policies(section: Section) -> Policies:
    words = {name: section.choice(name, options, DEFAULTS[name]) for name, options in POLICIES.items()}
    section.finish()
    return Policies(words)


def _table(role: str, section: Section) -> TableSpec:
    shared = reading(section, FileSpec(file=""))
    from_lines = role == "customers" and not section.has("files")
    files = () if from_lines else files_of(section, shared)
    key = "" if role not in LOOKUPS or from_lines else section.text("key", expected="the name of the key column")
    missing = section.texts("missing")
    columns = columns_of(role, section.section("columns"))
    section.finish()
    return TableSpec(role=role, files=files, key=key, columns=columns, missing=missing)


def chosen(recipe: Recipe, policies: Mapping[str, str], *, title: str, currency: str, file: str) -> Recipe:
    """A recipe with policies, title and currency that were said beside it, in its text as well."""
    text = with_policies(recipe.text, recipe.policies.but(policies), title=title, currency=currency)
    return recipe if text == recipe.text else parse(text, file=file, name=recipe.name)


def with_policies(text: str, policies: Policies, *, title: str = "", currency: str = "") -> str:
    """A recipe's text with these policies, and title and currency where given; comments go where they differ."""
    content = recipe_tree(text, file="recipe")
    wanted = policies.chosen()
    sentences = {"title": title or content["title"], "currency": currency or content["currency"]}
    if content.get("policies", {}) == wanted and all(content[key] == value for key, value in sentences.items()):
        return text
    content |= sentences
    tables = {key: value for key, value in content.items() if key != "policies"}
    plain = {key: value for key, value in tables.items() if not isinstance(value, dict)}
    return toml_text({**plain, "policies": wanted, **{key: tables[key] for key in tables if key not in plain}})
