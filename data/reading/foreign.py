"""Texts that are no tables: pages, data of other kinds, bytes that only look like text."""

from __future__ import annotations

import json

from data.reading.refused import Refused


def check_kind(head: str, whole: bool) -> None:
    """Refuse texts that are no tables but pages or data of other kinds."""
    begin = head.lstrip("\ufeff \t\r\n")[:400].lower()
    if begin.startswith(("<!doctype", "<html", "<?xml", "<table", "<head", "<body")):
        raise Refused(
            "expected a table as CSV or Excel, found a web page or XML. "
            "Open it in a spreadsheet program and save it as xlsx or CSV."
        )
    if whole and begin.startswith(("{", "[")):
        try:
            content = json.loads(head)
        except (ValueError, RecursionError):
            return
        if isinstance(content, dict | list):
            raise Refused("expected a table as CSV, Excel or Parquet, found JSON. Export the table as CSV.")


def looks_binary(head: str) -> bool:
    """Whether a text is full of control characters that no table has."""
    sample = head[:20_000]
    odd = sum(
        1 for sign in sample if sign < " " and sign not in "\t\r\n\x0b\x0c\x1a\x1b\x1c\x1d\x1e\x1f\x00\x01\x02\x03\x04"
    )
    return odd > len(sample) * 0.02 + 3
