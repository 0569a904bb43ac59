from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.article import Article
from tests import make
from tests.desk import Desk

pytest_plugins = ["tests.browser.plugin", "tests.cron.plugin", "tests.nodes.plugin"]


@pytest.fixture
def make_article() -> Callable[..., Article]:
    """Makes valid articles; keyword arguments replace fields."""
    return make.make_article


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """An empty desk: no sites, no pages, a new index."""
    return Desk(tmp_path)
