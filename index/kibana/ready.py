"""Waiting until Kibana is ready, and which version it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from index.kibana.answer import KibanaUnavailable, KibanaUnreachable, one_line, overall, refused_credentials
from index.kibana.client import Kibana
from index.kibana.patience import PAUSE

OLDEST = (8, 19)
NEWEST_MAJOR = 9
_LONGEST_POLL = 10.0  # seconds until a poll of the status is given up and sent again
_USABLE = {"available", "degraded"}  # degraded: a part that saved objects do not need is not well

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Ready:
    """A Kibana that takes requests; `warnings` are what its user should know of it."""

    version: str
    warnings: tuple[str, ...]


def wait_until_ready(kibana: Kibana, tell: Tell) -> Ready:
    """Ask for the status until Kibana is ready; `tell` gets a line for each new reason to wait.

    Raises `KibanaUnreachable` when patience is at its end, and at once `KibanaUnavailable` for what waiting does
    not mend: no Kibana there, credentials, a certificate, a version that is too old.
    """
    told = ""
    while True:
        found = _status(kibana)
        if isinstance(found, Ready):
            return found
        if told != found:
            tell(f"waiting for Kibana: {found}")
            told = found
        # A Kibana that starts asks for 30 seconds each time; its own probes are sent every few seconds.
        if not kibana.patience.pause(PAUSE):
            raise KibanaUnreachable(
                f"{found}; it was not ready within {kibana.patience.seconds:g} s (--wait SECONDS gives it more time)"
            )


def _status(kibana: Kibana) -> Ready | str:
    """Ready, or why not yet."""
    timeout = min(kibana.timeout, _LONGEST_POLL, max(kibana.patience.left, 1.0))
    try:
        status = kibana.ask("GET", "/api/status", {}, None, timeout)
    except KibanaUnreachable as error:
        return str(error)
    place = kibana.address.place
    found = overall(status)
    if not found:
        raise KibanaUnavailable(f"what answers at {place} is not Kibana 8.19 or newer: check its address")
    level = found.partition(":")[0]
    if level not in _USABLE:
        return f"Kibana at {place} is {found}"
    return _ready(kibana, _mapping(status.get("version")), degraded=level == "degraded")


def _ready(kibana: Kibana, given: dict[str, Any], *, degraded: bool) -> Ready:
    if "number" not in given:  # whoever is not known is told the level alone
        raise KibanaUnavailable(refused_credentials(kibana.address, anonymous=kibana.anonymous))
    version = one_line(str(given["number"]))
    numbers = re.match(r"(\d+)\.(\d+)", version)
    if not numbers:
        raise KibanaUnavailable(
            f"Kibana at {kibana.address.place} has a version that is no number: {version}"
        )
    major, minor = int(numbers[1]), int(numbers[2])
    if (major, minor) < OLDEST:
        raise KibanaUnavailable(
            f"Kibana at {kibana.address.place} is {version}: too old, 8.19 or newer is needed; nothing was imported"
        )
    warnings = []
    if degraded:
        warnings.append(
            "Kibana says that it is degraded: a part of it is not well (its page /status says which)"
        )
    if major > NEWEST_MAJOR:
        warnings.append(
            f"Kibana {version} is newer than what these objects were made for (8.19 and 9.x); look at the dashboards"
        )
    return Ready(version, tuple(warnings))


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
