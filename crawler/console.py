"""The console that tables are printed on."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDTH = 130  # columns where the output is no terminal (cron mail, a file): wide enough for every table


def console(*, stderr: bool = False) -> Console:
    """Standard output or error: as wide as the terminal, or `WIDTH` where there is none; colour only there."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    return Console(width=None if stream.isatty() else WIDTH, highlight=False, stderr=stderr)


def print_table(table: Table, console: Console) -> None:
    """A table without the blanks that fill its lines up: a file or a mail is better without them."""
    if console.is_terminal:
        console.print(table)
        return
    for line in console.render_lines(table, pad=False):
        console.out("".join(segment.text for segment in line).rstrip(), highlight=False)
