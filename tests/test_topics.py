"""A topic bears one name on every floor: pages -> ui/cards -> ui/content -> analytics sentences, tables and charts."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]

TOPICS: Final = {
    "sales", "customers", "segments", "retention", "value", "customer", "drivers", "products", "prices", "returns",
    "affinity", "markets", "outlook", "targets", "unusual", "summary", "concentration", "data",
}  # fmt: skip

ADDRESSES: Final = {
    "sales_performance": "sales",
    "customer_insights": "customers",
    "products_and_pricing": "products",
}
"""Page -> its topic where they differ: a page's file name is its address, and links must last."""

SHARED: Final = {
    "ui/cards": {"customer_search", "drill", "fitting", "gates", "saved_segments", "target_editor"},
    "ui/content": {"dashboards", "purchases", "remembered"},
    "analytics/sentences": {"words"},
    "analytics/tables": {"attributes", "breakdown", "display", "leading", "ledger", "running", "spine", "trend"},
    "analytics/charts": {
        "bars", "columns", "heatmap", "intervals", "sparkline", "style", "trend", "waterfall", "world_map",
    },
}  # fmt: skip
"""Floor -> the modules that several topics use, named by their own concept."""

BELOW: Final = {
    "pages": ("ui/cards",),
    "ui/cards": ("ui/content",),
    "ui/content": ("analytics/sentences", "analytics/tables"),
    "analytics/tables": ("analytics/charts",),
}
"""Floor -> the floors on which its topics have a twin."""

WITHOUT_TWIN: Final = {
    ("data", "ui/content"): "an import shows the job it runs, not a query",
    ("sales", "analytics/charts"): "shared forms: trend, bars, heatmap, world_map",
    ("drivers", "analytics/charts"): "shared forms: waterfall, bars",
    ("affinity", "analytics/charts"): "shared forms: intervals, bars",
    ("returns", "analytics/charts"): "shared forms: intervals, bars, columns",
    ("summary", "analytics/charts"): "sentences only",
    ("unusual", "analytics/charts"): "marks on every trend",
    ("data", "analytics/tables"): "the import's report stands in data/",
}
"""Topic and floor where it needs no module -> why."""


def modules(floor: str, root: Path = ROOT) -> set[str]:
    """Names of a floor's modules and folders of modules."""
    files = {path.stem for path in (root / floor).glob("*.py")}
    folders = {path.name for path in (root / floor).iterdir() if (path / "__init__.py").is_file()}
    return (files | folders) - {"__init__"}


def complaints(root: Path = ROOT) -> list[str]:
    """Modules that are neither a topic nor shared, and topics without their twin below."""
    strange = [
        f"{floor}/{name} is no topic and no shared concept"
        for floor, shared in SHARED.items()
        for name in sorted(modules(floor, root) - TOPICS - shared)
    ]
    lonely = [
        f"{floor}/{name} has no twin in {below}"
        for floor, floors in BELOW.items()
        for name in sorted(modules(floor, root))
        for below in floors
        if (topic := ADDRESSES.get(name, name)) in TOPICS
        and topic not in modules(below, root)
        and (topic, below) not in WITHOUT_TWIN
    ]
    return strange + lonely


def test_each_topic_bears_one_name_on_every_floor() -> None:
    assert complaints() == []


@pytest.mark.parametrize("floor", SHARED)
def test_no_entry_of_the_lists_is_stale(floor: str) -> None:
    assert SHARED[floor] <= modules(floor)
    assert not [name for name, below in WITHOUT_TWIN if below == floor and name in modules(below)]


def test_a_stray_module_is_seen(tmp_path: Path) -> None:
    for place in ("pages", *SHARED):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "ui/cards/retention.py").touch()
    (tmp_path / "analytics/tables/views.py").touch()
    assert complaints(tmp_path) == [
        "analytics/tables/views is no topic and no shared concept",
        "ui/cards/retention has no twin in ui/content",
    ]
