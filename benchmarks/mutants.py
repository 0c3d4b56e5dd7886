"""Mutants: files that differ from good ones as damage, carelessness or malice would make them differ.

A mutator takes bytes and a source of chance and gives other bytes. Equal chance gives equal bytes.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import Final

Mutator = Callable[[bytes, Random], bytes]

CSV_TOKENS: Final = (
    *(b'"', b"'", b",", b";", b"\t", b"|", b" ", b"\n", b"\r", b"\r\n", b"\x00", b"\\", b'""', b'"\n', b'",', b',"'),
    *(b"sep=;\n", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\xff", b"\xe9", "é€ß".encode(), "価格".encode()),
    *(b"\x1a", b"\x1f", b"\x85", b"\xe2\x80\xa8", b'"' * 300, b"," * 300, b"\n" * 50, b"=1+1", b"-", b"1e999"),
    *(b"Total,,,99\n", b"\n\n;;;\n", b"# note\n", b"99999999999999999999", b"x" * 5_000, b"31.02.2024", b"NaN", b"-0"),
)
"""What is put into texts."""

TOML_TOKENS: Final = (
    *("=", "[", "]", "[[", "]]", "{", "}", ".", ",", '"', "'", '"""', "'''", "#", "\n", "\\", "\\u0000", "\\ud800"),
    *("true", "false", "inf", "-inf", "nan", "0", "-1", "1.5", "1e999", "0x1f", "0o7", "1_000", "9" * 30, "9" * 5_000),
    *("2024-01-31", "2024-01-31T10:00:00Z", "10:00:00", "[]", "{}", "[[]]", "[1, 2]", '["a", 1]', "{ a = 1 }", '""'),
    *("a.b.c", "a" + ".a" * 60, "[" * 40, "[" * 1_500, '"x\\ty"', "'é'", '"' + "x" * 2_000 + '"', '"\\u001b[31m"'),
    *("lines", "columns", "files", "dates", "encoding", "bands", "values", "options", "policies", "calendar", "key"),
    *('"%"', '"%H"', '"%Q %Y"', '"zlib_codec"', '"rot13"', '"undefined"', '"utf-16"', '"^.*$"', '"*"', '"../x"'),
    *("header_rows", "first_row", "-5", '"\\n"', '"\\u0000"', "title", "currency", '"EURO"', "order_id", "1e300"),
)
"""What is put into recipes."""


def damaged(content: bytes, chance: Random, tokens: Sequence[bytes] = ()) -> bytes:
    """Bytes with one to eight places flipped, cut, repeated, moved, overwritten or filled with something else."""
    made = bytearray(content)
    for _ in range(min(8, 1 + int(chance.expovariate(0.7)))):
        at = chance.randrange(len(made) + 1)
        length = min(len(made) - at, 1 + int(chance.expovariate(0.05)))
        match chance.randrange(9 if tokens else 8):
            case 0 if at < len(made):
                made[at] ^= 1 << chance.randrange(8)
            case 1 if at < len(made):
                made[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF, 0x22, 0x0A, chance.randrange(256)))
            case 2:
                del made[at : at + length]
            case 3:
                made[at:at] = made[at : at + length] * chance.choice((1, 1, 2, 10))
            case 4:
                del made[at:]
            case 5:
                made[at:at] = chance.randbytes(length)
            case 6:
                part = bytes(made[at : at + length])
                del made[at : at + length]
                to = chance.randrange(len(made) + 1)
                made[to:to] = part
            case 7 if at + 4 <= len(made):
                number = chance.choice((0, 1, 2**31 - 1, 2**31, 2**32 - 1, chance.randrange(2**32)))
                made[at : at + 4] = struct.pack("<I", number)
            case _ if tokens:
                token = chance.choice(tokens)
                made[at : at + chance.choice((0, 0, len(token)))] = token
    return bytes(made)


def text(content: bytes, chance: Random) -> bytes:
    """A text with damage, the signs of other dialects, lines moved, or in another encoding."""
    match chance.randrange(8):
        case 0:
            lines = content.split(b"\n")
            chance.shuffle(lines)
            return b"\n".join(lines)
        case 1:
            old, new = chance.sample((b",", b";", b"\t", b"|", b'"', b"'", b"\n", b"\r\n"), 2)
            return content.replace(old, new)
        case 2:
            encoding = chance.choice(("utf-16", "utf-16-le", "utf-8-sig", "cp1252", "cp850", "shift_jis", "utf-32"))
            return content.decode("utf-8", "replace").encode(encoding, "replace")
        case 3:
            lines = content.split(b"\n")
            return b"\n".join(line + chance.choice(CSV_TOKENS) * (chance.random() < 0.1) for line in lines)
        case _:
            return damaged(content, chance, CSV_TOKENS)


def toml(content: bytes, chance: Random) -> bytes:
    """A recipe with damage, with values and keys of other kinds, or with lines moved, left out or repeated."""
    lines = content.decode("utf-8", "replace").split("\n")
    for _ in range(min(6, 1 + int(chance.expovariate(0.7)))):
        if not lines:
            break
        at = chance.randrange(len(lines))
        name, sign, _ = lines[at].partition("=")
        token = chance.choice(TOML_TOKENS)
        match chance.randrange(9):
            case 0 | 1 | 2 if sign:
                lines[at] = f"{name}= {token}"
            case 3:
                lines[at] = lines[at].replace(chance.choice(lines[at].split() or [""]) or " ", token, 1)
            case 4:
                del lines[at]
            case 5:
                lines.insert(at, lines[chance.randrange(len(lines))])
            case 6:
                lines.insert(at, f"{token} = {chance.choice(TOML_TOKENS)}")
            case 7:
                lines.insert(at, f"[{token}]")
            case _:
                return damaged("\n".join(lines).encode(), chance, [one.encode() for one in TOML_TOKENS])
    return "\n".join(lines).encode()


def archive(content: bytes, chance: Random) -> bytes:
    """A zip (a spreadsheet is one) with damage, with files in it that are damaged, renamed, doubled or lie of size."""
    if chance.random() < 0.4:
        return damaged(content, chance, (b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\xff\xff\xff\xff"))
    files = unpacked(content)
    if not files:
        return damaged(content, chance)
    name = chance.choice(list(files))
    match chance.randrange(8):
        case 0:
            files.pop(name)
        case 1:
            files[chance.choice(("../up.csv", "/etc/passwd", "a\x00b.csv", "x" * 300, "xl/workbook.xml", ""))] = files[
                name
            ]
        case 2:
            files[name] = packed({"inner.csv": files[name]})
        case 3:
            files[name] = bytes(chance.choice((1 << 10, 1 << 16, 1 << 20, 60 << 20)))
        case 4:
            other = chance.choice(list(files))
            files[name], files[other] = files[other], files[name]
        case 5:
            files |= {f"more-{number}.csv": b"a,b\n1,2\n" for number in range(chance.choice((3, 300)))}
        case _:
            files[name] = text(files[name], chance) if chance.random() < 0.7 else damaged(files[name], chance)
    made = bytearray(packed(files, link=chance.random() < 0.05))
    if chance.random() < 0.2 and (at := made.find(b"PK\x01\x02")) >= 0:
        # Flags, method, sizes and place of the first file, as the table of contents says.
        place = at + chance.choice((8, 10, 20, 24, 42))
        made[place : place + 2] = struct.pack("<H", chance.choice((0, 1, 8, 9, 99, 0xFFFF)))
    return bytes(made)


def unpacked(content: bytes) -> dict[str, bytes]:
    """The files of a zip; none where it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            return {name: opened.read(name) for name in opened.namelist()}
    except Exception:  # A library may say in any way that it is none.
        return {}


def packed(files: Mapping[str, bytes], *, link: bool = False) -> bytes:
    """A zip of files; with `link` the first of them is a link to what it contains."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as sink:
        for number, (name, content) in enumerate(files.items()):
            item = zipfile.ZipInfo(name, (2024, 1, 31, 0, 0, 0))
            item.external_attr = (0o120777 if link and number == 0 else 0o100600) << 16
            sink.writestr(item, content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def parquet(content: bytes, chance: Random) -> bytes:
    """A Parquet file with damage, half of the time in the footer, where its structure is described."""
    if chance.random() < 0.5 and len(content) > 12:
        size = min(len(content) - 8, struct.unpack("<I", content[-8:-4])[0])
        if size > 0:
            end = len(content) - 8
            return content[: end - size] + damaged(content[end - size : end], chance) + content[end:]
    return damaged(content, chance, (b"PAR1", b"\x15\x00", b"\x15\x02", b"\xff" * 8, b"\x80" * 9))


MUTATORS: Final[Mapping[str, Mutator]] = {
    "csv": text,
    "toml": toml,
    "zip": archive,
    "xlsx": archive,
    "parquet": parquet,
    "other": damaged,
}
"""Kind of file -> what is done to it."""
