"""One connection of a client: how long the head of a request may take, and how many connections a client may have."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    from index.web.options import Limits


class Connection(H11Protocol):
    """uvicorn's connection, closed when a request does not come whole in time, and when its client has too many.

    uvicorn itself waits for the rest of a head for as long as the client likes: each such connection takes one of
    those that all clients share.
    """

    limits: ClassVar[Limits]
    _too_late: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's
        """Begin to wait for the first request, unless the client has enough connections."""
        super().connection_made(transport)
        if self._of_this_client() > self.limits.client_connections:
            transport.close()
        else:
            self._watch()

    def data_received(self, data: bytes) -> None:
        """Take what has come; more of a head gives it no more time."""
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Begin to wait for the next request; a connection without one is closed sooner, by uvicorn."""
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._unwatch()
        super().connection_lost(exc)

    def _watch(self) -> None:
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering or self.transport.is_closing():
            self._unwatch()
        elif self._too_late is None:
            self._too_late = self.loop.call_later(self.limits.head_seconds, self.transport.close)

    def _unwatch(self) -> None:
        if self._too_late is not None:
            self._too_late.cancel()
            self._too_late = None

    def _of_this_client(self) -> int:
        """How many connections its address has, this one among them."""
        address = self.client and self.client[0]
        return sum(
            isinstance(each, H11Protocol) and (each.client and each.client[0]) == address
            for each in self.connections
        )


def connection_of(limits: Limits) -> type[Connection]:
    """The class of the connections of a server with these limits: uvicorn makes them itself."""

    class Limited(Connection):
        pass

    Limited.limits = limits
    return Limited
