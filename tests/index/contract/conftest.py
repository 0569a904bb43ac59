"""The engines that have to pass the same cases: one more line in `ENGINES` runs all of them on another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.backend import Backend
from index.engine import open_index

ENGINES: dict[str, Callable[[Path], Backend]] = {
    "sqlite": lambda folder: open_index(f"sqlite:///{folder}/svodka.db"),
}


@pytest.fixture(params=sorted(ENGINES))
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Backend]:
    """An empty index of each engine in turn."""
    engine = ENGINES[request.param](tmp_path)
    yield engine
    engine.close()
