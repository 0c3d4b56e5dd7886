"""A name for a dataset: what the names of its files have in common."""

from __future__ import annotations

import re
from collections.abc import Sequence


def title_of(files: Sequence[str]) -> str:
    """What file names have in common, without words that say nothing."""
    stems = [re.sub(r"[\W_]+", " ", re.sub(r"\.\w{1,8}$", "", name)).split() for name in files]
    common = []
    for parts in zip(*stems, strict=False):
        if len({part.lower() for part in parts}) > 1:
            break
        common.append(parts[0])
    kept = [word for word in common if word.lower() not in ("sales", "data", "raw", "export", "lines", "strings")]
    kept = [word for word in kept if not re.fullmatch(r"\d+", word)] or common or (stems[0] if stems else [])
    text = " ".join(kept) or "My sales"
    return text[0].upper() + text[1:]
