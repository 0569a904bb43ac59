"""Which engine an address means. The one place that knows them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.backend import IndexUnavailable

if TYPE_CHECKING:
    from index.backend import Backend

DEFAULT_INDEX = "sqlite:///var/svodka.db"


def open_index(address: str = DEFAULT_INDEX, *, create: bool = True) -> Backend:
    """Open the index at an address; with `create=False` a missing one raises `IndexUnavailable`."""
    scheme, _, rest = address.partition("://")
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        from index.sqlite.backend import SqliteBackend

        return SqliteBackend.open(rest[1:], create=create)
    raise IndexUnavailable(
        f"index address {address!r} is not understood: use sqlite:///PATH (relative) or sqlite:////PATH (absolute)"
    )
