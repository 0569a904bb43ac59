"""`svodka index replay`: sends what waits now, whatever failed before, and links it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from index.backend import BackendError
from index.exit_codes import FAILED, INDEX, OK
from index.outbox.backend import OutboxBackend
from index.progress import progress_bar
from index.stories.linker import link_pending

if TYPE_CHECKING:
    from index.backend import Backend
    from index.outbox.sender import Sent, Told


def replay(backend: Backend, *, dead: bool = False) -> int:
    """Send all that waits, with `dead` the dead letters too; prints a line and returns the exit code.

    0 when nothing is left, 1 when something is left or was refused, or when a dead letter cannot be read and
    stays one; 3 when the index does not answer.
    """
    if not isinstance(backend, OutboxBackend):
        print("nothing waits: this index takes articles at once")
        return OK
    revived = backend.outbox.dead.revive() if dead else 0
    stay = backend.outbox.dead.count() if dead else 0
    if dead:
        print(f"{revived:,} dead letters put back")
    if stay:
        print(f"svodka: {stay:,} dead letters stay: {_UNREADABLE}", file=sys.stderr)
    backend.wake()
    with _bar(backend.outbox.letters.count()) as told:
        drained = backend.drain(backend.patience, told)
    print(f"{drained.sent:,} articles sent, {drained.refused:,} refused, {drained.left:,} left to send")
    if drained.left:
        print(f"svodka: {drained.left:,} left: {drained.reason or _SENT_ELSEWHERE}", file=sys.stderr)
    if drained.refused:
        print("svodka: 'svodka status' has the reasons of what was refused", file=sys.stderr)
    return _linked(backend) or (FAILED if drained.left or drained.refused or stay else OK)


_UNREADABLE = "another version of Svodka wrote them, or the disk has damaged them"
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
    """A progress bar on a terminal."""
    with progress_bar("articles") as shown:
        if shown is None or not total:
            yield None
            return
        show, done = shown, 0

        def told(sent: Sequence[Sent]) -> None:
            nonlocal done
            done += len(sent)
            show("articles", done, max(total, done))

        show("articles", 0, total)
        yield told
