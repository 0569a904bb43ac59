"""What the run says when there is no browser, or no axe-core, for its tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.missing import tell_skipped

NO_BROWSER = "no Chromium: "
NO_AXE = "no axe-core: "


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """After everything else, say what was skipped and how to have it."""
    yield
    tell_skipped(session, NO_BROWSER)
    tell_skipped(session, NO_AXE)
