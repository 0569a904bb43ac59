"""What a machine lacks for some tests: they skip with the command that mends it, and where tests decide (CI) they fail."""

from __future__ import annotations

import os
from collections import Counter
from typing import NoReturn

import pytest


def give_up(what: str, remedy: str) -> NoReturn:
    """End the test that asks for `what` ('no cron: '); `remedy` is told in the last lines of the run."""
    if os.environ.get("CI"):
        pytest.fail(f"{what}{remedy}", pytrace=False)
    raise pytest.skip.Exception(f"{what}{remedy}", _use_item_location=True)


def tell_skipped(session: pytest.Session, what: str) -> None:
    """After everything else, say how many tests gave up for want of `what`, and how to have it."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:  # a worker: its controller reports
        return
    skipped = (each.longrepr for each in reporter.stats.get("skipped", []))
    reasons = Counter(said[2].partition(what)[2] for said in skipped if isinstance(said, tuple))
    for reason, count in reasons.items():
        if reason:
            reporter.write_line(f"tests skipped: {count}, {what}{reason}", yellow=True)
