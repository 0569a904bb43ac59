"""The console that tables are printed on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 130  # columns where the output is no terminal (cron mail, a file): wide enough for every table


def console() -> Console:
    """Standard output: as wide as the terminal, or `WIDTH` where there is none; colour only on a terminal."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else WIDTH, highlight=False)
