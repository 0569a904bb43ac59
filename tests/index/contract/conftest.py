"""The engines that have to pass the same cases."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from index.backend import Backend
from index.engine import open_index
from tests.index.contract.kept import KeptIndices
from tests.nodes.engines import elastic_params


@pytest.fixture(scope="session")
def kept() -> Iterator[KeptIndices]:
    """What the tests of a worker share."""
    with KeptIndices() as made:
        yield made


@pytest.fixture(params=["sqlite", *elastic_params()])
def address(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    kept: KeptIndices,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[str]:
    """Where an empty index of each engine in turn will be."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/svodka.db"
        return
    engine = kept.engine(request.param, request.getfixturevalue("nodes"))
    for name, value in {**engine.environment, "SVODKA_OUTBOX_FOLDER": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    yield engine.url
    kept.empty(engine)


@pytest.fixture
def backend(address: str) -> Iterator[Backend]:
    """An empty index of each engine in turn, opened by its address as every command does."""
    with closing(open_index(address)) as opened:
        yield opened
