"""A Dockerfile as a list of instructions."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import NamedTuple


class Instruction(NamedTuple):
    """One instruction: its name, and all that follows it on one line."""

    name: str
    text: str

    def words(self) -> list[str]:
        """The exec form's list, or the words of the text."""
        listed = re.search(r"\[.*\]", self.text)
        found: list[str] = json.loads(listed[0]) if listed else self.text.split()
        return found


def instructions(path: Path) -> list[Instruction]:
    """All instructions in order; comments are left out and continued lines joined."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ")
    return [Instruction(*(line.split(maxsplit=1))) for line in joined.splitlines() if line.strip()]


def only(found: list[Instruction], name: str) -> Instruction:
    """The one instruction of a name."""
    (one,) = [instruction for instruction in found if instruction.name == name]
    return one
