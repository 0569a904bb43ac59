"""How often one client may ask: a token bucket each."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field


@dataclass(slots=True)
class Rate:
    """`per_second` requests of a client in the long run, `burst` at once; the `clients` seen last are remembered."""

    per_second: float
    burst: int
    clients: int
    _buckets: OrderedDict[str, tuple[float, float]] = field(
        default_factory=OrderedDict
    )  # tokens left, and when

    def wait(self, client: str, now: float) -> float:
        """Seconds that the client has to wait, 0 when it may ask; `now` is a monotonic time in seconds."""
        left, since = self._buckets.pop(client, (float(self.burst), now))
        left = min(left + (now - since) * self.per_second, float(self.burst))
        allowed = left >= 1
        self._buckets[client] = (left - allowed, now)
        if len(self._buckets) > self.clients:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self.per_second
