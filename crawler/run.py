"""`Run`: all that one run of one site shares between its spider, pipelines and extensions."""

from __future__ import annotations

import hashlib
import re
import socket
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.filled import Filled
from crawler.ledger import Ledger
from crawler.normalising.identity import clean_params, identity
from crawler.record import RunRecord, SourceRecord, reason_counts
from crawler.state import SiteState
from index.backend import BackendError
from index.outbox.backend import OutboxBackend

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scrapy.crawler import Crawler

    from crawler.normalising.identity import CleanParam
    from crawler.outcome import Outcome
    from crawler.site import Site
    from crawler.turn import Turn
    from index.article import Article
    from index.backend import Backend, Known, Stored
    from index.clock import Clock
    from index.runs import Trigger

YOUNG = timedelta(hours=48)  # publishers correct most of what they correct within two days
FIRST_REVISIT = timedelta(minutes=15)


@dataclass(slots=True)
class Run:
    """One run of one site: its account, its state and its index."""

    site: Site
    backend: Backend
    clock: Clock
    state: SiteState
    started_at: datetime
    ledger: Ledger = field(default_factory=Ledger)
    sources: list[SourceRecord] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    would_fetch: list[str] = field(default_factory=list)
    stored: set[str] = field(default_factory=set)  # articles new in this run
    waited: frozenset[str] = frozenset()  # links that an earlier run had left
    revised: set[str] = field(default_factory=set)  # articles changed in this run
    # What is still to be sent: its links, by article id and content hash.
    late: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    stored_late: bool = False  # some of it was stored after its turn: it has to be linked at the end
    corrected: bool = False  # the record has changed since it was kept
    refused: int = 0  # dead letters of this run
    unlinked: str = ""  # why what is stored could not be linked: the index did not answer
    record: RunRecord | None = None  # once the run has ended
    trigger: Trigger = "named"
    turn: Turn | None = None  # keeps other runs of the site away; None: a dry run
    filled: Filled = field(default_factory=Filled)
    newest: datetime | None = None  # publication time of the newest article that this run saw

    @classmethod
    def open(cls, site: Site, backend: Backend, clock: Clock, trigger: Trigger = "named") -> Run:
        """Begin a run where the last one of this site left off."""
        state = SiteState.model_validate(backend.get_state(f"site:{site.name}"))
        rules = hashlib.blake2b(site.model_dump_json().encode(), digest_size=16).hexdigest()
        if state.site_file != rules:
            state.validators, state.site_file = {}, rules
        return cls(site, backend, clock, state, clock(), waited=frozenset(state.visits), trigger=trigger)

    def read_robots(self, host: str, text: str) -> None:
        """Take the Clean-param lines of a robots.txt of the site: they name parameters that do not matter."""
        if self.site.owns(host):
            lines = [
                line.strip() for line in text.splitlines() if line.strip().lower().startswith("clean-param")
            ]
            self.state.clean_params[host] = "\n".join(lines)

    def rules_for(self, url: str) -> list[CleanParam]:
        """The Clean-param rules of a URL's host."""
        return clean_params(self.state.clean_params.get(urlsplit(url).hostname or "", ""))

    def identity(self, url: str) -> str:
        """Identity hash of a link of this site."""
        return identity(url, id_pattern=self.site.articles.id, clean_params=self.rules_for(url))

    def accepts(self, url: str) -> str:
        """Why a link is not one of this site's articles; empty when it is."""
        return refusal(self.site, url)

    def stored_as(self, link_id: str, article: Article, answer: Stored, reason: str = "") -> None:
        """Account for an article that the index has answered to; `reason` goes with `refused`."""
        self.ledger.end(link_id, *_ending(answer, reason))
        if answer == "waiting":
            self.late.setdefault((article.id, article.content_hash), []).append(link_id)
        self._note(article.id, answer)
        if article.published_origin != "first_seen":
            self.saw(article.published_at)

    def saw(self, published_at: datetime) -> None:
        """Note the publication time of an article that was found, known or new."""
        self.newest = max(self.newest or published_at, published_at)

    def sent_late(self, article_id: str, content_hash: str, answer: Stored, reason: str = "") -> None:
        """Account for a text that had to wait, if it is one of this run's."""
        links = self.late.pop((article_id, content_hash), [])
        for link_id in links:
            entry = self.ledger.entries[link_id]
            entry.outcome, entry.reason = _ending(answer, reason)
            self._note(article_id, answer)
            self.stored_late |= answer in {"indexed", "revised"}
        if links and self.record is not None:
            self.record.outcomes = dict(self.ledger.outcomes())
            self.record.reasons = reason_counts(self.ledger.reasons())
            self.record.refused = self.refused
            self.corrected = True

    def _note(self, article_id: str, answer: Stored) -> None:
        if answer == "indexed":
            self.stored.add(article_id)
        elif answer == "revised":
            self.revised.add(article_id)
        elif answer == "refused":
            self.refused += 1

    def finish(self, reason: str) -> RunRecord:
        """Close the account: what is open is deferred, what failed is noted for a later run. Call once."""
        for link_id in self.ledger.open_links():
            self.ledger.end(link_id, "deferred", "the run stopped before its turn")
        now = self.clock()
        self._note_visits(now)
        self._note_silence()
        self.record = RunRecord(
            site=self.site.name,
            started_at=self.started_at,
            finished_at=now,
            seconds=0.0,
            sources=self.sources,
            found=len(self.ledger.entries),
            outcomes=dict(self.ledger.outcomes()),
            reasons=reason_counts(self.ledger.reasons()),
            copies=self._copies(),
            would_fetch=self.would_fetch,
            host=socket.gethostname(),
            trigger=self.trigger,
            pages=self.filled.pages,
            fill=self.filled.rates(),
            newest_published_at=self.newest,
            alone=self.turn is not None and self.turn.alone,
            finish=reason,
            errors=self.errors,
            refused=self.refused,
            unlinked=self.unlinked,
        )
        return self.record

    def keep_record(self) -> None:
        """Keep the record, with what the outbox holds now; again when it has been corrected."""
        if self.record is None:
            raise RuntimeError("a run is recorded once it has ended")
        if isinstance(self.backend, OutboxBackend):
            summary = self.backend.outbox.summary(time.time())
            self.record.waiting, self.record.dead = summary.left, summary.dead
        self.backend.put_run(self.record.document())

    def keep_state(self) -> None:
        """Keep the state for the next run."""
        self._put(self.state)

    def checkpoint(self) -> None:
        """Keep the links that are still open, so that a killed run loses none that its feed has dropped since."""
        kept = self.state.model_copy(update={"visits": dict(self.state.visits), "validators": {}})
        for link_id in self.ledger.open_links():
            kept.note(link_id, self.ledger.entries[link_id].link, "deferred", self.clock())
        self._put(kept)

    def _put(self, state: SiteState) -> None:
        """Write a state; what another run of this site has left meanwhile stays in it."""
        key = f"site:{self.site.name}"
        theirs = SiteState.model_validate(self.backend.get_state(key)).visits
        new = {id: visit for id, visit in theirs.items() if id not in self.waited and not self.ledger.has(id)}
        merged = state.model_copy(update={"visits": new | state.visits})
        self.backend.put_state(key, merged.model_dump(mode="json"))

    def _note_visits(self, now: datetime) -> None:
        for link_id, entry in self.ledger.entries.items():
            if entry.outcome in DONE or (entry.outcome == "known" and not entry.reason):
                self.state.visits.pop(link_id, None)
            elif entry.outcome not in {"known", None} and entry.reason != WAITING:
                self.state.note(link_id, entry.link, entry.outcome, now)
        self.state.forget_old(now)

    def _note_silence(self) -> None:
        """A site of which no page answers is down or has shut us out: more than a few dead links."""
        outcomes = self.ledger.outcomes()
        if outcomes["http_error"] and not any(outcomes[name] for name in ANSWERED):
            self.errors.append(f"no page answered: {outcomes['http_error']} ended as http_error")

    def _copies(self) -> int:
        try:
            articles = self.backend.get(self.stored)
        except BackendError:
            return 0  # the error itself is in the record already, or follows when the state is kept
        return sum(article.role == "copy" for article in articles.values())


# Nothing is left to fetch: what waits is durable and will be sent.
DONE = frozenset({"indexed", "revised", "unchanged", "waiting", "outside_site"})
ANSWERED = ("indexed", "revised", "unchanged", "waiting", "not_an_article", "too_short")
WAITING = "failed earlier, not due again yet"


def _ending(answer: Stored, reason: str) -> tuple[Outcome, str]:
    """The outcome of a link, by what the index answered to its article."""
    if answer == "refused":
        return "failed", f"the index refused it, kept as a dead letter: {reason}"
    return answer, ""


def run_of(crawler: Crawler) -> Run:
    """The run that a crawler's spider is on."""
    run: Run = vars(crawler.spider)["run"]  # set by NewsSpider.from_crawler
    return run


def refusal(site: Site, url: str) -> str:
    """Why a URL is none of a site's articles: another host, or its allow and deny patterns. Empty: it is one."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        return "not a web address"
    if not site.owns((parts.hostname or "").lower()):
        return "another host"
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    if site.articles.allow and not any(re.search(pattern, path) for pattern in site.articles.allow):
        return "no allow pattern matches"
    if any(re.search(pattern, path) for pattern in site.articles.deny):
        return "a deny pattern matches"
    return ""


def revisit_due(known: Known, now: datetime) -> bool:
    """Whether a stored article is young and due for another look.

    Looks come at doubling age: after 15 minutes, half an hour, one hour and so on, until the article is two
    days old, so that an edit is seen soon and an old article costs nothing.
    """
    if now - known.published_at > YOUNG or now - known.first_seen_at > YOUNG:
        return False
    age_then = known.fetched_at - known.first_seen_at
    return now - known.first_seen_at >= max(2 * age_then, FIRST_REVISIT)


def due_articles(known: Iterable[Known], now: datetime) -> list[Known]:
    """Those of these articles that are due for another look."""
    return [each for each in known if revisit_due(each, now)]
