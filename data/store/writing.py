"""A prepared dataset as a version folder: Parquet files and `dataset.toml`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from analytics.dataset import Calendar, Reconciliation
from data.building.layout import Prepared
from data.files import UsedFile
from data.store import manifest, publishing


def publish(name: str, prepared: Prepared, *, home: Path | None = None) -> str:
    """Publish a prepared dataset under a name; returns its version."""
    return publishing.publish(name, lambda folder: write(prepared, folder), home=home)


def write(prepared: Prepared, folder: Path) -> None:
    """Write the version folder: the Parquet files and `dataset.toml`. Equal content gives equal bytes."""
    frames = {
        "lines": prepared.lines,
        "orders": prepared.orders,
        "customers": prepared.customers,
        "products": prepared.products,
        "returns": prepared.returns,
        "targets": prepared.targets,
        "set_aside": prepared.set_aside,
    }
    for name, frame in frames.items():
        if frame is not None:
            frame.write_parquet(folder / f"{name}.parquet", compression="zstd", compression_level=3)
    first, last = prepared.days
    manifest.write(
        folder,
        describe(
            name=prepared.name,
            title=prepared.title,
            currency=prepared.currency,
            first_day=first,
            last_day=last,
            segments=prepared.segments,
            calendar=prepared.calendar,
            returns_valued=prepared.returns_valued,
            reconciliation=prepared.reconciliation,
            sources=prepared.sources,
            recipe=prepared.recipe,
            choices=prepared.choices,
            seen=prepared.seen,
            unit_scale=prepared.unit_scale,
        ),
    )


def describe(
    *,
    name: str,
    title: str,
    currency: str,
    first_day: date,
    last_day: date,
    segments: Sequence[str],
    calendar: Calendar,
    returns_valued: str,
    reconciliation: Reconciliation,
    sources: Sequence[UsedFile] = (),
    recipe: str = "",
    choices: str = "",
    seen: str = "",
    unit_scale: int = 1,
) -> dict[str, Any]:
    """What `dataset.toml` says of the dataset, as a dict in the order it is written."""
    return {
        "name": name,
        "title": title,
        "currency": currency,
        "first_day": first_day,
        "last_day": last_day,
        "segments": list(segments),
        "returns_valued": returns_valued,
        **({"unit_scale": unit_scale} if unit_scale != 1 else {}),
        "calendar": {
            "week_start": calendar.week_start,
            "fiscal_start_month": calendar.fiscal_start_month,
            "retail": calendar.retail,
        },
        "reconciliation": {
            "rows_read": reconciliation.rows_read,
            "lines_kept": reconciliation.lines_kept,
            "returns_kept": reconciliation.returns_kept,
            "revenue": reconciliation.revenue,
            "returns_money": reconciliation.returns_money,
            "notes": list(reconciliation.notes),
            **({"doubts": list(reconciliation.doubts)} if reconciliation.doubts else {}),
            "set_aside": [
                {"rule": item.rule, "reason": item.reason, "rows": item.rows, "money": item.money}
                for item in reconciliation.set_aside
            ],
        },
        "sources": [
            {"file": item.file, "role": item.role, "rows": item.rows, "sha256": item.sha256} for item in sources
        ],
        "recipe": {"text": recipe, **{name: text for name, text in (("choices", choices), ("seen", seen)) if text}},
    }
