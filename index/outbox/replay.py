"""`svodka index replay`: sends what waits now, whatever failed before, and links it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.backend import BackendError
from index.exit_codes import FAILED, INDEX, OK
from index.outbox.backend import OutboxBackend
from index.stories.linker import link_pending

if TYPE_CHECKING:
    from index.backend import Backend, Stored
    from index.outbox.sender import Told


def replay(backend: Backend, *, dead: bool = False) -> int:
    """Send all that waits, with `dead` the dead letters too; prints a line and returns the exit code.

    0 when nothing is left, 1 when something is left or was refused, 3 when the index does not answer.
    """
    if not isinstance(backend, OutboxBackend):
        print("nothing waits: this index takes articles at once")
        return OK
    revived = backend.outbox.dead.revive() if dead else 0
    if dead:
        print(f"{revived:,} dead letters put back")
    backend.wake()
    with _bar(backend.outbox.letters.count()) as told:
        drained = backend.drain(backend.patience, told)
    print(f"{drained.sent:,} articles sent, {drained.refused:,} refused, {drained.left:,} left to send")
    if drained.left:
        print(f"svodka: {drained.left:,} left: {drained.reason or _SENT_ELSEWHERE}", file=sys.stderr)
    if drained.refused:
        print("svodka: 'svodka status' has the reasons of what was refused", file=sys.stderr)
    return _linked(backend) or (FAILED if drained.left or drained.refused else OK)


_SENT_ELSEWHERE = "another process is sending it; if that was killed, try again in a minute"


def _linked(backend: OutboxBackend) -> int:
    """Put into stories what is stored; 3 when the index does not answer."""
    try:
        report = link_pending(backend)
    except BackendError as error:
        print(f"svodka: {error}", file=sys.stderr)
        return INDEX
    if report.linked:
        print(f"{report.linked:,} articles linked")
    return OK


@contextmanager
def _bar(total: int) -> Iterator[Told | None]:
    """A progress bar on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty() or not total:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("articles", total=total)

        def told(articles: Sequence[tuple[str, Stored]]) -> None:
            progress.advance(task, len(articles))

        yield told
