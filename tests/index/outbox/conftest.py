from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from index.outbox.backend import OutboxBackend
from index.outbox.store import Outbox
from tests.index.outbox.remote import FileRemote


@dataclass
class Time:
    """A clock that goes on only when someone sleeps, and what was slept."""

    now: float = 1_790_000_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[FileRemote]:
    with FileRemote.at(tmp_path / "remote") as remote:
        yield remote


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    outbox = Outbox(tmp_path / "outbox" / "test.db")
    yield outbox
    outbox.close()


@pytest.fixture
def backend(remote: FileRemote, outbox: Outbox, time: Time) -> OutboxBackend:
    """Without jitter: each pause lasts its whole span."""
    return OutboxBackend(remote, outbox, clock=time, sleep=time.sleep, draw=lambda: 0.999_999)
