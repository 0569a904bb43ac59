"""The words for what becomes of a link, used by every part of a run.

Every link found in a run ends in exactly one outcome; the counts add up to the links found.
"""

from __future__ import annotations

from typing import Literal, get_args

from scrapy.exceptions import DropItem

Outcome = Literal[
    "indexed",  # stored for the first time
    "revised",  # known, and its text has changed
    "unchanged",  # known, visited again, same text
    "waiting",  # durable on this machine, not in the index yet, which does not take it now (docs/outbox.md)
    "known",  # dealt with in an earlier run (stored, or rejected) and not due again
    "not_an_article",  # a page without an article's text (index page, gallery, login)
    "too_short",  # an article, but shorter than the site's min_words
    "outside_site",  # another host, or refused by the site's allow and deny patterns
    "robots",  # robots.txt forbids it
    "http_error",  # the server refused it (4xx, 5xx), or no answer came
    "failed",  # our own fault or an unreadable page; the log has the reason
    "deferred",  # left for the next run: --limit, time budget, an earlier failure's back-off, or a stop
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


class Rejected(DropItem):
    """Raised where a page leaves the pipeline without becoming an article."""

    def __init__(self, outcome: Outcome, reason: str) -> None:
        super().__init__(f"{outcome}: {reason}")
        self.outcome: Outcome = outcome
        self.reason = reason
