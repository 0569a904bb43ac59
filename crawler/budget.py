"""The time budget of a crawl: how it is written, and what ends the runs when it is over."""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from scrapy.utils.defer import deferred_from_coro

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

DUE_BUDGET = (
    30 * 60.0
)  # seconds of a crawl that the schedule has started, so that one hung site can't hold up a day
OVER = "budget"  # `RunRecord.finish` of what it ended
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}


def seconds(text: str) -> float:
    """An argparse type: '90s', '10m', '1h', '1d', or a plain number of seconds."""
    match = re.fullmatch(r"(\d{1,7})([smhd]?)", text.strip(), re.ASCII)
    if match is None or int(match[1]) == 0:
        raise argparse.ArgumentTypeError(f"{text!r} is no length of time: write 90s, 10m or 1h")
    return float(int(match[1]) * _UNITS[match[2] or "s"])


def end_runs(crawlers: Iterable[Crawler]) -> None:
    """End runs that are under way: what was asked for is awaited and stored, the rest is left for later."""
    for crawler in crawlers:
        if crawler.engine is not None and crawler.engine.spider is not None:
            deferred_from_coro(crawler.engine.close_spider_async(reason=OVER))
