"""A cron daemon for tests: the machine's own if one runs, else one that is started here and ended by its pid."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_STARTED = 1.0  # seconds in which a second daemon has found the lock taken, and ended
_JOBS = 90.0  # seconds for the jobs under way to end


class NoDaemonError(Exception):
    """No daemon runs, and none can be started."""


@dataclass(frozen=True, slots=True)
class CronDaemon:
    """A running daemon; `own` when it was started for the test."""

    pid: int
    own: bool

    def jobs(self) -> set[int]:
        """Process ids of the jobs under way."""
        return _children(self.pid)

    def wait_for_jobs(self) -> None:
        """Wait until no job is under way; fails after a while."""
        until = time.monotonic() + _JOBS
        while self.jobs():
            assert time.monotonic() < until, f"jobs of cron do not end: {self.jobs()}"
            time.sleep(0.2)


@contextmanager
def cron_daemon() -> Iterator[CronDaemon]:
    """The daemon that runs, else a new one for as long as the block lasts."""
    process = subprocess.Popen(["cron", "-f"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        said = process.communicate(timeout=_STARTED)[1].strip()
    except subprocess.TimeoutExpired:
        try:
            yield CronDaemon(process.pid, own=True)
        finally:
            process.terminate()
            process.communicate(timeout=10)
        return
    # "can't lock /var/run/crond.pid, otherpid may be 123: ..."
    words = said.replace(":", " ").split()
    numbers = (
        [int(word) for word in words[words.index("be") :] if word.isdigit()] if "otherpid" in said else []
    )
    if not numbers or not Path(f"/proc/{numbers[0]}").exists():
        raise NoDaemonError(f"none runs here, and uid {os.getuid()} cannot start one ({said})")
    yield CronDaemon(numbers[0], own=False)


def _children(pid: int) -> set[int]:
    try:
        return {int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()}
    except FileNotFoundError:
        return set()
