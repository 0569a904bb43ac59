"""`LookingBackend`: an index that is only looked at. Nothing is written on this machine, and no answer is guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

from index.outbox.backend import OutboxBackend

if TYPE_CHECKING:
    from index.backend import Known

T = TypeVar("T")


class LookingBackend(OutboxBackend):
    """The `Backend` of people who look: tries the index whatever failed before, and raises where it does not answer.

    What a crawl may take for unknown while the index is away, nobody may be told to be absent. An outbox that is
    there is read, so that what waits is found; none is made, and no pause is noted.
    """

    def known(self, ids: Iterable[str]) -> dict[str, Known]:
        """See `Backend.known`; with what waits here, as far as this user may look."""
        wanted = list(dict.fromkeys(ids))
        if self.outbox.file.readable:
            return super().known(wanted)
        return self._gated(lambda: self.remote.known(wanted))

    def get_state(self, key: str) -> dict[str, Any]:
        """See `Backend.get_state`; what waits here comes first."""
        here = self.outbox.states.get(key) if self.outbox.file.readable else None
        return (
            here.value if here is not None and here.dirty else self._gated(lambda: self.remote.get_state(key))
        )

    def _joined(self, ask: Callable[[], T], otherwise: T) -> T:
        return self._gated(ask)

    def _gated(self, ask: Callable[[], T]) -> T:
        self.sender.prepare()
        return ask()

    def _for_people(self, answer: T) -> T:
        return answer
