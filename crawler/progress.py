"""The progress bar of a crawl: links done of links found, over all sites."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from crawler.ledger import Ledger


@contextmanager
def progress_bar(ledgers: Callable[[], list[Ledger]]) -> Iterator[Callable[[], None]]:
    """A bar on standard error; call what it yields now and then to bring it up to date."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("links", total=None)

        def update() -> None:
            found = sum(len(ledger.entries) for ledger in ledgers())
            done = sum(ledger.outcomes().total() for ledger in ledgers())
            progress.update(task, total=found or None, completed=done)

        yield update
