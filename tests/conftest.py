from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty desk: no sites, no pages, a new index."""
    return Desk(tmp_path)
