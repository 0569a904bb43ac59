"""The machine that nodes are made on: its environment, the user they run as, where to tell what happens."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from scripts.elasticsearch.owner import Owner, node_owner
from scripts.elasticsearch.refusal import Missing


@dataclass(frozen=True, slots=True)
class Machine:
    """What the making of a node depends on and tests replace."""

    environ: Mapping[str, str]
    owner: Owner
    out: TextIO

    @property
    def cache(self) -> Path:
        """Where servers are kept: XDG_CACHE_HOME (or ~/.cache); for root a folder that `nobody` may enter."""
        home = Path(self.environ.get("HOME", "/nonexistent"))
        base = Path(self.environ.get("XDG_CACHE_HOME") or home / ".cache")
        if base.is_absolute() and self.owner.can_enter(base):
            return base / "svodka"
        return Path("/var/cache/svodka")

    def say(self, line: str) -> None:
        """Tell what happens."""
        print(line, file=self.out, flush=True)


def this_machine(out: TextIO | None = None) -> Machine:
    """The machine we run on. Raises `Missing` where Elasticsearch's server for Linux and macOS does not run."""
    if sys.platform not in ("linux", "darwin"):
        raise Missing(f"nodes are started on Linux and macOS only, this is {sys.platform}; use compose.yaml")
    return Machine(os.environ, node_owner(), out or sys.stdout)
