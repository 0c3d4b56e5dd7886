"""What the reading process says of a file that cannot be used."""

from __future__ import annotations

import errno
from typing import Final


class Refused(Exception):  # noqa: N818
    """A file that is understood well enough to say why it cannot be used; the text is for people."""

    def __init__(self, text: str, *, row: int | None = None, packed: bool = False) -> None:
        super().__init__(text)
        self.row = row
        """Number of the line concerned, where it is one."""
        self.packed = packed
        """Whether it is the archive that cannot be used, not the file in it."""


BY_CONTENT: Final = (errno.EINVAL, errno.ESPIPE, errno.EOVERFLOW, errno.EDOM, errno.ERANGE)
"""What the system says of places in a file that cannot be: they come from what is in the file."""
