"""Which engine an address means. The one place that knows them all."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from index.backend import IndexUnavailable
from index.settings import load_settings, shown_address

if TYPE_CHECKING:
    from index.backend import Backend


def configured_index() -> str:
    """The address of SVODKA_INDEX, else of `svodka.toml`, else the embedded default; raises `SettingsError`."""
    return load_settings().index


def open_index(address: str = "", *, create: bool = True) -> Backend:
    """Open the index at an address, the configured one for ''; with `create=False` a missing one is refused.

    Raises `IndexUnavailable` for an address that is not understood and an index that cannot be used.

    A cluster that does not answer is no reason to refuse: what is to be written waits in the outbox.
    """
    return _opened(address or configured_index(), create=create, look=False)


def look_at_index(address: str = "", *, seconds: float | None = None) -> Backend:
    """Open an index that is there, to read it: nothing is written on this machine, not even an outbox made.

    Raises `IndexUnavailable` as `open_index` does, and for a file of an older version, which is not upgraded. Every
    call tries the index, and raises where it does not answer.
    `seconds`: how long one request to a cluster may take, where its settings allow more.
    """
    return _opened(address or configured_index(), create=False, look=True, seconds=seconds)


def index_file(address: str = "") -> tuple[int, int] | None:
    """Which file an address leads to now: device and inode. None for a cluster, and where no file is."""
    scheme, _, path = (address or configured_index()).partition(":///")
    if scheme.lower() != "sqlite":
        return None
    try:
        found = Path(path).expanduser().stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def is_current(backend: Backend) -> bool:
    """Whether an index still is what was opened; a file that was brought to another version has to be opened anew."""
    from index.sqlite.backend import SqliteBackend

    return not isinstance(backend, SqliteBackend) or backend.current()


def limit_reading(backend: Backend, seconds: float) -> None:
    """Let the calls of an index that is looked at raise `TimedOut` in so many seconds from now.

    On a cluster the time is that of each request; its settings may allow less.
    """
    from index.elastic.backend import ElasticBackend
    from index.outbox.backend import OutboxBackend
    from index.sqlite.backend import SqliteBackend

    engine = backend.remote if isinstance(backend, OutboxBackend) else backend
    if isinstance(engine, (SqliteBackend, ElasticBackend)):
        engine.limit(seconds)


def _opened(address: str, *, create: bool, look: bool, seconds: float | None = None) -> Backend:
    scheme, _, rest = address.partition("://")
    scheme = scheme.lower()
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        from index.sqlite.backend import SqliteBackend

        return SqliteBackend.look(rest[1:]) if look else SqliteBackend.open(rest[1:], create=create)
    if scheme in {"http", "https"}:
        return _elastic(address, create=create, look=look, seconds=seconds)
    raise IndexUnavailable(
        f"index address {shown_address(address)!r} is not understood: use sqlite:///PATH (relative), sqlite:////PATH (absolute) "
        "or https://HOST:PORT (Elasticsearch)"
    )


def _elastic(address: str, *, create: bool, look: bool, seconds: float | None) -> Backend:
    from index.elastic.backend import ElasticBackend
    from index.outbox.backend import OutboxBackend
    from index.outbox.looking import LookingBackend

    settings = load_settings()
    remote = ElasticBackend.at(address, settings.elasticsearch)
    if seconds:
        remote.limit(seconds)
    try:
        return (LookingBackend if look else OutboxBackend).at(
            remote,
            address,
            settings.elasticsearch.name,
            settings.outbox,
            ready=lambda: remote.require_ready(create=create),
        )
    except BaseException:
        remote.close()
        raise
