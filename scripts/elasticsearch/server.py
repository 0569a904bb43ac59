"""A server that can be started: an unpacked release and a Java that runs it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.elasticsearch.cache import install
from scripts.elasticsearch.java import Java, find_java

if TYPE_CHECKING:
    from scripts.elasticsearch.machine import Machine
    from scripts.elasticsearch.release import Release


@dataclass(frozen=True, slots=True)
class Server:
    """An unpacked release, read-only and shared by all nodes of it."""

    release: Release
    home: Path
    java: Java


def find_server(release: Release, machine: Machine) -> Server:
    """Find a Java, then the server, which is fetched when needed. Raises `Refusal`."""
    java = find_java(
        release, machine
    )  # first: it costs nothing, and without it there is nothing to fetch for
    return Server(release, install(release, machine), java)
