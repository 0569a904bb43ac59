"""The runs of a site in the last seven days, put together so that a page can show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from index.runs import OUTCOMES

if TYPE_CHECKING:
    from index.runs import RunDocument

DAYS = 7
SLOT = timedelta(
    hours=2
)  # runs of one slot are shown as one: a site that runs each minute has 84, not 10,080
SLOTS = timedelta(days=DAYS) // SLOT


@dataclass(frozen=True, slots=True)
class Slot:
    """The runs of two hours; `at` counts from the left, the last slot ends now."""

    at: int
    first: datetime  # starts of the first and the last of them
    last: datetime
    runs: int
    failed: int


@dataclass(frozen=True, slots=True)
class Recent:
    """What the runs of the last days did; `outcomes` are sums by name of `index.runs.OUTCOMES`."""

    slots: Sequence[Slot] = ()
    outcomes: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))
    version: str = ""  # of Svodka, in the newest run

    @property
    def runs(self) -> int:
        """How many there were."""
        return sum(slot.runs for slot in self.slots)

    @property
    def failed(self) -> int:
        """How many of them failed."""
        return sum(slot.failed for slot in self.slots)


def recent(runs: Iterable[RunDocument], now: datetime) -> Recent:
    """Puts the runs of a site together, whatever their order; older ones are left out."""
    lately = sorted((run for run in runs if _slot(run, now) >= 0), key=lambda run: (run.started_at, run.id))
    slots: dict[int, list[RunDocument]] = {}
    for run in lately:
        slots.setdefault(_slot(run, now), []).append(run)
    sums = {name: sum(run.outcomes[name] for run in lately) for name in OUTCOMES}
    return Recent(
        [_together(at, held) for at, held in slots.items()], sums, lately[-1].version if lately else ""
    )


def _together(at: int, runs: Sequence[RunDocument]) -> Slot:
    failed = sum(not run.ok for run in runs)
    return Slot(at, runs[0].started_at, runs[-1].started_at, len(runs), failed)


def _slot(run: RunDocument, now: datetime) -> int:
    """Negative for what is too old; a run that is ahead of the clock is in the last one."""
    return SLOTS - 1 - max((now - run.started_at) // SLOT, 0)
