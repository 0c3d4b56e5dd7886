"""The functions that make sentences, and what each of them makes while a view is shown.

A function belongs here by what it returns, and so does every new one; there is no list to forget it in.
"""

from __future__ import annotations

import functools
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from analytics import sentences

NO_NUMBER: Final = frozenset({"outlook.steps_word"})
"""Functions whose text states neither a number nor a direction."""

PARTS_OF_SENTENCES: Final = "words"
"""The module of what sentences are made of; its texts are read in those."""


def functions() -> dict[str, tuple[ModuleType, Callable[..., Any]]]:
    """`topic.function` -> its module and itself, of all that return sentences."""
    out = {}
    for found in pkgutil.iter_modules(sentences.__path__):
        if found.name == PARTS_OF_SENTENCES:
            continue
        module = import_module(f"{sentences.__name__}.{found.name}")
        for name, make in vars(module).items():
            own = inspect.isfunction(make) and make.__module__ == module.__name__ and not name.startswith("_")
            if own and inspect.signature(make).return_annotation in ("str", "list[str]"):
                out[f"{found.name}.{name}"] = (module, make)
    return out


@contextmanager
def heard() -> Iterator[list[tuple[str, str]]]:
    """Function and sentence of all that is made meanwhile, in one list that grows."""
    made: list[tuple[str, str]] = []
    own = functions()
    for name, (module, make) in own.items():
        setattr(module, make.__name__, _heard(name, make, made))
    try:
        yield made
    finally:
        for module, make in own.values():
            setattr(module, make.__name__, make)


def _heard(name: str, make: Callable[..., Any], made: list[tuple[str, str]]) -> Callable[..., Any]:
    @functools.wraps(make)
    def made_here(*args: Any, **named: Any) -> Any:
        result = make(*args, **named)
        made.extend((name, text) for text in ([result] if isinstance(result, str) else result))
        return result

    return made_here
