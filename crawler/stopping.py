"""What SIGTERM and SIGINT do to a crawl, from its first step until its report is out."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)
STOPPED_SENDING = b"\nstopped: what is not sent yet waits on this machine\n"
STOPPING = b"\nstopping: what is under way is finished and stored, the rest waits for the next run ...\n"


@contextmanager
def stoppable() -> Iterator[None]:
    """A signal raises KeyboardInterrupt, as long as what is done inside sets no handlers of its own.

    Those that were there before are set again at the end, unless signals are ignored by then: what is left of the
    process is its exit, and who presses Ctrl-C over and over must not change its code.
    """
    before = {number: signal.signal(number, interrupt) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, handler)


def interrupt(number: int, frame: FrameType | None) -> None:
    """Break off once: who presses Ctrl-C again must not lose the summary that follows."""
    ignore_signals()
    raise KeyboardInterrupt


def ignore_signals() -> None:
    """All that is left is short: the summary."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
