from __future__ import annotations

import pytest

from crawler.agencies import Agencies, load_agencies


@pytest.fixture(scope="session")
def agencies() -> Agencies:
    return load_agencies()
