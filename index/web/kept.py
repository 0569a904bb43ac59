"""Figures that are dear to count, kept for a while, so that the next readers do not wait for them again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

T = TypeVar("T")
DEAR = 3.0  # seconds; what took so many times longer to make is kept so many times longer


@dataclass(slots=True)
class Kept:
    """Values by their keys, each for `seconds` of a monotonic `clock`, longer where it is dear; for several threads.

    Threads that miss a value at the same moment each make it: none of them waits for another.
    """

    seconds: float
    clock: Callable[[], float]
    _held: dict[Hashable, tuple[float, Any]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key, made where there is none that is young enough; what `make` raises is raised."""
        now = self.clock()
        with self._lock:
            held = self._held.get(key)
        if held is not None and now < held[0]:
            value: T = held[1]
            return value
        value = make()
        done = self.clock()
        with self._lock:
            self._held = {name: one for name, one in self._held.items() if done < one[0]}
            self._held[key] = (done + self.seconds * max(1.0, (done - now) / DEAR), value)
        return value

    def forget(self, key: Hashable) -> None:
        """Let a value be made anew for the next reader."""
        with self._lock:
            self._held.pop(key, None)
