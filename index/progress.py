"""Progress of a long command: a bar on standard error for whoever sits there, nothing in a log."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Shown(Protocol):
    """What a bar shows: the part at work, how much of it is done, and of how much (None: not known)."""

    def __call__(self, part: str, done: int, total: int | None = None) -> None:
        """Show this."""


@contextmanager
def progress_bar(part: str) -> Iterator[Shown | None]:
    """A bar that begins with this part; None where standard error is no terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(part, total=None)

        def shown(part: str, done: int, total: int | None = None) -> None:
            progress.update(task, description=part, completed=done, total=total)

        yield shown
