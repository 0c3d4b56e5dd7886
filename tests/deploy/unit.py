"""What the systemd unit starts."""

from __future__ import annotations

import configparser
import shlex

from tests.deploy.programs import DEPLOY

UNIT = DEPLOY / "sales-insights@.service"
PREFIX = "/opt/sales-insights"
"""Where the unit expects the program."""


def command(instance: str) -> list[str]:
    """ExecStart of an instance (what stands between @ and .service)."""
    # A unit may name one setting several times; ExecStart it may not, in a service of this type.
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(UNIT, encoding="utf-8")
    return shlex.split(parser["Service"]["ExecStart"].replace("%i", instance))
