"""The sweep: once a day what was fetched lately is judged anew, without anybody having to ask for it.

Linking converges by itself but for one case: a process killed between storing a verdict and its last look at what
the verdict relied on (`index.stories.linker`). Nobody notices, so whoever crawls looks again.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from index.stories.linker import LinkReport, link_batch

if TYPE_CHECKING:
    from index.backend import Backend

KEY = "sweep"  # of the state that says how far it has come
EVERY = timedelta(days=1)
BACK = timedelta(
    days=2
)  # from when it begins: longer than the time between two, so that nothing falls between
SECONDS = 60.0  # of one call; the next one goes on from there


class _Sweep(BaseModel):
    """When the last sweep began, and the id up to which it has come; None: it is done."""

    model_config = ConfigDict(extra="forbid")

    began_at: AwareDatetime
    after: str | None = None


def sweep(
    backend: Backend, now: datetime, *, seconds: float = SECONDS, clock: Callable[[], float] = time.monotonic
) -> LinkReport:
    """Judge the articles of two days anew if that is due, for so many seconds at most.

    A new index begins with a day without. Raises what the index raises.
    """
    at = _read(backend)
    if at is None or (at.after is None and now - at.began_at >= EVERY) or now - at.began_at >= BACK:
        at = _Sweep(began_at=now, after=None if at is None else "")
        _keep(backend, at)
    return LinkReport() if at.after is None else _go_on(backend, at, clock() + seconds, clock)


def _go_on(backend: Backend, at: _Sweep, end: float, clock: Callable[[], float]) -> LinkReport:
    report, since = LinkReport(), at.began_at - BACK
    while clock() < end:
        ids = backend.fetched(since, after=at.after or "", limit=backend.batch)
        report += link_batch(backend, ids)
        at.after = ids[-1] if ids else None
        if at.after is None:
            break
    _keep(backend, at)
    return report


def _read(backend: Backend) -> _Sweep | None:
    """How far the last sweep has come; what cannot be read counts as none."""
    try:
        return _Sweep.model_validate(backend.get_state(KEY))
    except ValidationError:
        return None


def _keep(backend: Backend, at: _Sweep) -> None:
    backend.put_state(KEY, at.model_dump(mode="json"))
