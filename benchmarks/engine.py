"""An empty index to measure on: a temporary file, a named one, or indices of its own in a cluster."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from index.engine import open_index
from index.settings import load_settings

if TYPE_CHECKING:
    from index.elastic.backend import ElasticBackend


@contextmanager
def empty_index(engine: str) -> Iterator[str]:
    """The address of an empty index, for this process and those it starts.

    `sqlite` is a file that is deleted at the end; `sqlite:///PATH` has to be empty and stays; the address of a
    cluster gets indices under a name of its own, dropped at the end, and an outbox of its own. Ends the program
    for an index that holds articles.
    """
    with TemporaryDirectory(prefix="svodka-bench-") as folder:
        if engine.startswith(("http://", "https://")):
            with _environment("SVODKA_OUTBOX_FOLDER", folder), own_index(engine):
                yield engine
            return
        address = f"sqlite:///{folder}/index.db" if engine == "sqlite" else engine
        with closing(open_index(address)) as backend:
            if count := backend.stats()["articles"]:
                raise SystemExit(f"{address} holds {count:,} articles already: name an empty index")
        yield address


@contextmanager
def own_index(address: str) -> Iterator[ElasticBackend]:
    """An empty index under a name of its own, in force for `open_index` too, dropped at the end."""
    from index.elastic.backend import ElasticBackend

    with (
        _environment("SVODKA_ELASTICSEARCH_NAME", f"svodka-bench-{secrets.token_hex(4)}"),
        ElasticBackend.at(address, load_settings().elasticsearch) as backend,
    ):
        backend.require_ready(create=True)
        try:
            yield backend
        finally:
            backend.drop()


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """A variable that holds for this process and its children, and is put back."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        os.environ.pop(name)
        if before is not None:
            os.environ[name] = before
