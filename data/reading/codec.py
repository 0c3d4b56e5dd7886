"""The text encodings that a file may have, under the names that people give them."""

from __future__ import annotations

import codecs
import re
from typing import Final

_FAMILIES: Final = {
    "utf-8, utf-16, utf-32": (
        *("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "utf-7"),
    ),
    "ascii": ("ascii",),
    "windows-1250 to windows-1258, windows-874": (*(f"cp{number}" for number in range(1250, 1259)), "cp874"),
    "iso-8859-1 to iso-8859-16": tuple(f"iso8859-{number}" for number in range(1, 17) if number != 12),
    "macintosh": (
        *("mac-roman", "mac-latin2", "mac-cyrillic", "mac-greek", "mac-turkish", "mac-iceland", "mac-croatian"),
        *("mac-romanian", "mac-arabic", "mac-farsi"),
    ),
    "cp437, cp850 and other code pages of DOS": tuple(
        f"cp{number}"
        for number in (
            *(437, 720, 737, 775, 850, 852, 855, 856, 857, 858, 860, 861, 862, 863, 864, 865, 866, 869, 1006, 1125),
        )
    ),
    "koi8-r, koi8-u": ("koi8-r", "koi8-u", "koi8-t", "kz1048", "ptcp154", "tis-620"),
    "shift_jis, euc-jp, iso-2022-jp": (
        *("shift_jis", "shift_jis_2004", "shift_jisx0213", "cp932", "euc_jp", "euc_jis_2004", "euc_jisx0213"),
        *("iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_jp_2004", "iso2022_jp_3", "iso2022_jp_ext"),
    ),
    "gb18030, gbk, big5": ("gb18030", "gbk", "gb2312", "hz", "big5", "big5hkscs", "cp950"),
    "euc-kr": ("euc_kr", "cp949", "johab", "iso2022_kr"),
    "cp037, cp500 of mainframes": tuple(f"cp{number}" for number in ("037", 273, 424, 500, 875, 1026, 1140)),
}
"""What is said of a family of encodings -> their names."""

_CODECS: Final = frozenset(name.replace("-", "_") for names in _FAMILIES.values() for name in names)
"""Names of Python's codecs, which spells them with - or _ from version to version."""

_CALLED: Final = {
    "ansi": "cp1252",
    "unicode": "utf-16",
    "utf-8-bom": "utf-8-sig",
    "utf8-bom": "utf-8-sig",
    "latin": "iso8859-1",
    "mac": "mac-roman",
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
}
"""Names that programs show and Python does not know."""

KNOWN: Final = "; ".join(_FAMILIES)
"""The encodings that are known, for people."""


def known(name: str) -> str | None:
    """The codec of a name, spelled in one way: Latin1 gives iso8859-1; None where it is no encoding of texts."""
    plain = "-".join(name.strip().lower().replace("_", "-").split())
    plain = re.sub(r"^(?:win|windows|cp|ibm)-?(?=\d)", "cp", plain.removeprefix("x-"))
    try:
        codec = codecs.lookup(_CALLED.get(plain, plain)).name
    except (LookupError, ValueError):
        return None
    return codec if codec.replace("-", "_") in _CODECS else None
