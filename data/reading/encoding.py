"""Which bytes mean which letters: byte order marks, UTF-8 proven, others told apart by what they make of words."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BLOCK: Final = 1 << 20

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_WESTERN: Final = ("cp1252", "cp1250", "cp850", "mac_roman", "cp1254", "iso8859-15", "cp437")
"""Single-byte encodings of languages that write mostly ASCII letters, the likeliest first."""

_USUAL: Final = frozenset("éèêëàâäáãçñóöôòõúüùûíïîìßåæøÉÈÀÂÄÁÇÑÓÖÔÚÜÍÅÆØąćęłńśźżŁŚŻčďěňřšťůýžČŘŠŽőűŐŰğışĞİŞ")
_LIGATURE: Final = ("œŒ", "deistu")
"""A letter and what follows it, as in bœuf and Œil: Polish ś, which has the same byte, hardly stands before these."""

_USUAL_SIGNS: Final = frozenset("€£¥°–—‘’“”„…•®©™«»½¼¾²³·§´¿¡ºª×±\u00a0")
_ALONE: Final = frozenset("àÀáóòéèìíâ")
"""Letters that are words by themselves."""

_COMMON_NAMES: Final = {
    "cp1252": "windows-1252",
    "cp1250": "windows-1250",
    "cp1251": "windows-1251",
    "cp1253": "windows-1253",
    "cp1254": "windows-1254",
    "cp1255": "windows-1255",
    "cp1256": "windows-1256",
    "cp1257": "windows-1257",
    "cp1258": "windows-1258",
    "mac_roman": "macintosh",
    "iso8859-15": "iso-8859-15",
}


@dataclass(frozen=True)
class Encoding:
    """How the bytes of a text file are read."""

    codec: str
    """Name that Python knows."""
    mark: int = 0
    """Bytes of the byte order mark."""
    sure: bool = True
    """Whether the bytes prove it; otherwise it is the likeliest."""
    damaged: bool = False
    """UTF-8 in which some bytes are not: those are read as windows-1252."""
    example: str = ""
    """A word that shows the choice."""

    @property
    def name(self) -> str:
        """The name that people know."""
        return _COMMON_NAMES.get(self.codec, self.codec)


def detect(path: Path, hint: str | None = None) -> Encoding:
    """The encoding of a file; a hint is taken as it is."""
    with path.open("rb") as file:
        head = file.read(BLOCK)
    for mark, codec in _MARKS:
        if head.startswith(mark) and (hint is None or _same(hint, codec)):
            return Encoding(codec, len(mark))
    if hint is not None:
        named = codecs.lookup(hint).name
        # Without a mark the order of the bytes is that of nearly all machines.
        return Encoding(f"{named}-le" if named in ("utf-16", "utf-32") else named)
    if (wide := _wide(head)) is not None:
        return wide
    if _is_utf8(path):
        return Encoding("utf-8")
    text = head.decode("utf-8", "surrogateescape")
    wrong = sum(1 for sign in text if "\udc80" <= sign <= "\udcff")
    right = sum(1 for sign in text if sign > "\x7f") - wrong
    if right >= 3 * wrong and right:
        return Encoding("utf-8", sure=False, damaged=True)
    return _single_byte(path, head)


def _same(hint: str, codec: str) -> bool:
    named = codecs.lookup(hint).name
    return named in (codec, codec.rsplit("-", 1)[0], "utf-8-sig" if codec == "utf-8" else codec)


def _wide(head: bytes) -> Encoding | None:
    """UTF-16 or UTF-32 without a mark, by where the zero bytes stand."""
    if head.count(0) < max(4, len(head) // 5):
        return None
    size = len(head) - len(head) % 4
    zeros = [head[offset:size:4].count(0) / max(1, size // 4) for offset in range(4)]
    low, high = 0.25, 0.75
    for codec, full in (
        ("utf-32-le", (1, 2, 3)),
        ("utf-32-be", (0, 1, 2)),
        ("utf-16-le", (1, 3)),
        ("utf-16-be", (0, 2)),
    ):
        empty = [offset for offset in range(4) if offset not in full]
        if all(zeros[o] > high for o in full) and all(zeros[o] < low for o in empty):
            try:
                head[:size].decode(codec)
            except UnicodeDecodeError as error:
                if error.start < size - 8:
                    continue
            return Encoding(codec, sure=False)
    return None


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _single_byte(path: Path, head: bytes) -> Encoding:
    """The likeliest encoding of bytes that are no UTF-8, judged on the lines that have such bytes."""
    lines = [line for line in re.split(rb"[\r\n]+", head) if not line.isascii()]
    if not lines:
        lines = _later_lines(path)
    sample = b"\n".join(lines)[:65536]
    runs = re.findall(rb"[\x80-\xff]+", sample)
    # Two letters beyond ASCII in a row occur in languages that have few of them: Größe.
    joined = sum(len(run) for run in runs if len(run) > 2) / max(1, sum(map(len, runs)))
    if joined > 0.5:
        from charset_normalizer import from_bytes

        best = from_bytes(sample, threshold=0.4).best()
        if best is not None and best.encoding not in ("ascii",):
            return Encoding(codecs.lookup(best.encoding).name, sure=False, example=_example(sample, best.encoding))
    scored = sorted(((_plausible(sample, codec), -order, codec) for order, codec in enumerate(_WESTERN)), reverse=True)
    codec, second = scored[0][2], scored[1][2]
    return Encoding(codec, sure=False, example=_example(sample, codec, second))


def _later_lines(path: Path) -> list[bytes]:
    """The first lines with bytes beyond ASCII that come after the head."""
    result: list[bytes] = []
    with path.open("rb") as file:
        while len(result) < 200 and (line := file.readline(BLOCK)):
            if not line.isascii():
                result.append(line.rstrip(b"\r\n"))
    return result


def _plausible(sample: bytes, codec: str) -> float:
    """How much a decoding looks like words: usual letters inside words, signs outside them."""
    text = sample.decode(codec, "replace")
    score = 0.0
    places = [match.start() for match in re.finditer(r"[^\x00-\x7f]", text)]
    counter = Counter((text[max(0, place - 2) : place], text[place], text[place + 1 : place + 3]) for place in places)
    for (left, sign, right), count in counter.items():
        before, after = left[-1:], right[:1]
        inside = before.isalpha() and after.isalpha()
        # Two letters are seldom a word: £m is no Łm.
        short = not inside and not (len(left) > 1 and left.isalpha()) and not (len(right) > 1 and right.isalpha())
        if sign == "\ufffd" or not (sign.isprintable() or sign == "\u00a0"):
            score -= 3 * count
        elif sign.isalpha() and sign not in "ªº":
            ligature = sign in _LIGATURE[0] and after.lower() in tuple(_LIGATURE[1])
            usual = 1.0 if sign in _USUAL or ligature else -0.5
            touches = before.isalpha() or after.isalpha()
            # Capitals begin words; a small letter before a capital is a quotation mark of another encoding.
            broken = (sign.isupper() and before.islower()) or (sign.islower() and after.isupper())
            alone = 0.5 if sign in _ALONE and not touches else -1.0
            score += count * ((0.5 * usual if short else usual) if touches and not broken else alone)
        elif sign == "\u00a0":
            score += 0.5 * count  # A blank that does not break stands between words, as any blank does.
        elif sign in _USUAL_SIGNS:
            score += count * (0.8 if not inside or sign in "’´" else -1.0)
        else:
            score -= 1.5 * count
    return score


def _example(sample: bytes, codec: str, second: str = "") -> str:
    """The word that shows best how the bytes are read: one of which the second likeliest encoding makes another."""
    text, other = sample.decode(codec, "replace"), sample.decode(second, "replace") if second else ""
    words = list(re.finditer(r"[^\s;,|\"]*[^\x00-\x7f\s;,|\"][^\s;,|\"]*", text))[:200]

    def shows(word: re.Match[str]) -> tuple[bool, int]:
        return other[slice(*word.span())] != word[0], sum(sign.isalpha() for sign in word[0])

    return max(words, key=shows)[0][:40] if words else ""


def to_utf8(source: Path, target: Path, encoding: Encoding) -> tuple[int, list[int]]:
    """Write a text file as UTF-8 without a mark; how many bytes were not in the encoding, and where the first are."""
    wrong: list[int] = []
    places = 0
    done = encoding.mark

    def replaced(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        nonlocal places
        places += 1
        if len(wrong) < 1_000:
            wrong.append(done + error.start)
        if encoding.damaged:
            return error.object[error.start : error.start + 1].decode("cp1252", "replace"), error.start + 1
        return "\ufffd", max(error.end, error.start + 1)

    codecs.register_error("sales-reading", replaced)
    decoder = codecs.getincrementaldecoder(encoding.codec)("sales-reading")
    with source.open("rb") as file, target.open("w", encoding="utf-8", newline="", errors="replace") as sink:
        file.seek(encoding.mark)
        while block := file.read(BLOCK):
            sink.write(decoder.decode(block))
            done += len(block)
        sink.write(decoder.decode(b"", final=True))
    return places, wrong


def rows_of(path: Path, offsets: Sequence[int], codec: str) -> list[int]:
    """Line numbers of places in a file whose line ends are single bytes."""
    if codec.startswith(("utf-16", "utf-32")):
        return []
    rows: list[int] = []
    number, done = 1, 0
    with path.open("rb") as file:
        for line in file:
            done += len(line)
            if len(rows) < len(offsets) and offsets[len(rows)] < done:
                while len(rows) < len(offsets) and offsets[len(rows)] < done:
                    rows.append(number)
            number += 1
            if len(rows) >= len(offsets):
                break
    return sorted(set(rows))
