"""Runs the spiders of some sites in one process and gathers their records."""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections import deque
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any

from scrapy.utils.defer import deferred_from_coro
from twisted.internet.error import ReactorNotRunning

from crawler.budget import OVER, end_runs
from crawler.leftover import Late, Leftover, left_here, send_rest
from crawler.lock import SiteLocked
from crawler.log import install
from crawler.record import RunRecord
from crawler.run import Run, run_of
from crawler.schedule.claim import TurnTaken
from crawler.stopping import SIGNALS, STOPPED_SENDING, STOPPING, ignore_signals, interrupt
from index.backend import BackendError, IndexUnreachable
from index.clock import process_clock
from index.engine import open_index
from index.outbox.backend import OutboxBackend
from index.stories.sweep import sweep

if TYPE_CHECKING:
    from asyncio import Task
    from types import FrameType

    from scrapy import Spider
    from scrapy.crawler import AsyncCrawlerProcess, Crawler

    from crawler.ledger import Ledger
    from crawler.log import Format
    from crawler.schedule.claim import Claim
    from crawler.site import Site
    from index.runs import Trigger


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What `svodka crawl` was asked for."""

    index: str
    limit: int | None = None
    since: str | None = None
    dry_run: bool = False
    log_level: str = "ERROR"
    log_file: str | None = None
    log_format: Format = "text"
    progress: bool = False
    # The schedule's turn of a site; one that another process has taken meanwhile is left out.
    claim: Callable[[str], Claim] | None = None
    trigger: Trigger = "named"
    wait: float = 0.0  # seconds that a site is waited for of which another run is under way
    budget: float | None = None  # seconds of the whole crawl; None: no bound
    at_once: int = 16  # sites; each holds some megabytes, and the domains are what is slow, not the machine


@dataclass(frozen=True, slots=True)
class Crawled:
    """What became of a crawl: one record a site, in their order, and what is not in the index yet."""

    records: list[RunRecord]
    left: Leftover


def crawl(sites: list[Site], options: CrawlOptions) -> Crawled:
    """Crawl sites side by side, each at its own pace.

    Leaves SIGTERM and SIGINT ignored, so that the report comes out. Twisted's reactor runs once a process: a
    second call in the same process raises ReactorNotRestartable.
    """
    from scrapy.crawler import AsyncCrawlerProcess

    process = AsyncCrawlerProcess(_settings(options))
    # Only now: when the process is made, Scrapy sets the levels of its loggers and closes all handlers.
    install(options.log_level, options.log_format, options.log_file)
    _quieten(options)
    turns = _Turns(process, sites, options)
    with (
        _progress(lambda: [run.ledger for run in turns.runs()]) if options.progress else nullcontext() as tick
    ):
        turns.run(tick)
    records = [record for site in sites if (record := turns.record(site)) is not None]
    left = Leftover() if options.dry_run else _send_rest(turns, options.index)
    if not turns.interrupted:
        _count_copies(turns.runs(), options.index)
        if not options.dry_run:
            _keep_broken(records, options.index)
    return Crawled(records, left)


def _keep_broken(records: list[RunRecord], index: str) -> None:
    """Keep the records of runs that ended too early to do it themselves."""
    broken = [record for record in records if record.finish in {"not_started", "killed"}]
    if not broken:
        return
    with suppress(BackendError), closing(open_index(index, create=False)) as backend:  # told with the runs
        for record in broken:
            backend.put_run(record.document())


def _send_rest(turns: _Turns, index: str) -> Leftover:
    """The last attempt to send what waits: a short one when the crawl was stopped, and a signal ends it."""
    try:
        for number in SIGNALS:
            signal.signal(number, interrupt)
        left = send_rest(turns.late, index, patience=0.0 if turns.stopped else None)
        if not left and not turns.stopped and not turns.over:
            _sweep(index)
        ignore_signals()
    except KeyboardInterrupt:
        turns.interrupted = True
        os.write(2, STOPPED_SENDING)
        unlinked = turns.late.unlinked("stopped by a signal")
        return replace(left_here(index), unlinked=unlinked)
    return left


def _sweep(index: str) -> None:
    """Once a day judge anew what was fetched lately; what keeps it from that is told by the next command."""
    with suppress(BackendError), closing(open_index(index, create=False)) as backend:
        sweep(backend, process_clock()())


def _quieten(options: CrawlOptions) -> None:
    """Leave out what the summary tells in one line: tracebacks of an unreachable robots.txt, faulty site files."""
    logging.getLogger("crawler.spiders").setLevel(logging.ERROR)
    if options.log_level == "ERROR":
        for name in ("scrapy.downloadermiddlewares.robotstxt", "twisted"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _count_copies(runs: list[Run], index: str) -> None:
    """Bring `copies` up to date: which of two new articles is the copy may show only when a later site is read."""
    try:
        with closing(open_index(index, create=False)) as backend:
            for run in runs:
                articles = backend.get(run.stored) if run.stored else {}
                if run.record is not None and articles.keys() >= run.stored:
                    copies = sum(article.role == "copy" for article in articles.values())
                    if copies != run.record.copies:
                        run.record.copies, run.backend = copies, backend
                        run.keep_record()
    except IndexUnreachable:
        return  # the counts of the runs stand; that the index is away is told with what is left
    except BackendError as error:
        for record in [run.record for run in runs if run.record is not None][-1:]:
            record.errors.append(f"index: {error}")


_LOOK = 0.05  # seconds between two looks whether a spider has opened
_STEP = 1.0  # seconds between two tries of a site that is waited for


class _Turns:
    """Runs so many sites at a time; each that ends makes room for the next."""

    def __init__(self, process: AsyncCrawlerProcess, sites: list[Site], options: CrawlOptions) -> None:
        self.process, self.options = process, options
        self.waiting = deque(sites)
        self.started: dict[str, tuple[Crawler, Task[None]]] = {}
        self.stopped = False
        self.over = False  # the time budget is used up
        self.interrupted = False  # the last sending was broken off
        self.busy: set[str] = set()  # sites of which another run is waited for
        self.patience = monotonic() + options.wait  # until when
        self.late = Late(self.runs)

    def run(self, tick: Callable[[], None] | None) -> None:
        """Crawl until every site has had its turn or a signal stops the process."""
        if tick is not None:
            from twisted.internet.task import LoopingCall

            LoopingCall(tick).start(0.2, now=True)
        for _ in range(self.options.at_once):
            self._start_next()
        if self.options.budget is not None:
            self._later(self.options.budget, self._end)
        for number in SIGNALS:
            signal.signal(number, self._hear)
        # Scrapy's own handlers stop a run that is about to open by force, and are not there before and after.
        self.process.start(stop_after_crawl=False, install_signal_handlers=False)

    def _end(self) -> None:
        """The time budget is over."""
        self.over = True
        end_runs(crawler for crawler, task in self.started.values() if not task.done())
        self._settle()

    def _hear(self, number: int, frame: FrameType | None) -> None:
        """A signal: say at once that it was heard, the requests under way may take half a minute to finish."""
        from twisted.internet import reactor

        in_reactor: Callable[..., object] = reactor.callFromThread  # typed by hand, as in `_later`
        if self.stopped:
            ignore_signals()
            in_reactor(self._halt)
            return
        self.stopped = True
        os.write(2, STOPPING)
        in_reactor(self._stop_opened)

    def _stop_opened(self) -> None:
        """Stop the runs that have begun; one whose spider is about to open can only be stopped once it has."""
        under_way = [crawler for crawler, task in self.started.values() if not task.done()]
        for crawler in under_way:
            if crawler.crawling and crawler.engine is not None and crawler.engine.running:
                deferred_from_coro(crawler.stop_async())
        self._settle()
        if under_way:
            self._later(_LOOK, self._stop_opened)

    def _settle(self) -> None:
        """Leave the reactor when nothing is under way and nothing waits."""
        ended = self.stopped or self.over
        if (ended or not self.busy) and all(task.done() for _, task in self.started.values()):
            self._halt()

    @staticmethod
    def _halt() -> None:
        from twisted.internet import reactor

        running: Any = reactor  # mypy does not see through the reactor's interface
        with suppress(ReactorNotRunning):  # it is stopping already
            running.stop()

    @staticmethod
    def _later(seconds: float, call: Callable[..., None], *arguments: object) -> None:
        from twisted.internet import reactor

        # Typed by hand: mypy does not see through the reactor's interface.
        later: Callable[..., object] = reactor.callLater
        later(seconds, call, *arguments)

    def _start_next(self) -> None:
        if self.waiting and not self.stopped and not self.over:
            self._start(self.waiting.popleft())

    def _start(self, site: Site) -> None:
        from scrapy.signals import spider_opened

        from crawler.spiders import spider_of

        crawler = self.process.create_crawler(spider_of(site))
        crawler.signals.connect(self._opened, signal=spider_opened)
        task = self.process.crawl(crawler, **_arguments(self.options, site))
        self.started[site.name] = (crawler, task)
        task.add_done_callback(lambda _: self._ended(site, crawler, task))

    def _opened(self, spider: Spider) -> None:
        """What a run sends besides its own batches is told to the run it belongs to."""
        backend = run_of(spider.crawler).backend
        if isinstance(backend, OutboxBackend):
            backend.told = self.late.told

    def _ended(self, site: Site, crawler: Crawler, task: Task[None]) -> None:
        record = self._record_of(crawler)
        self.stopped |= record is not None and record.finish == "shutdown"
        self.busy.discard(site.name)
        if monotonic() < self.patience and not task.cancelled() and isinstance(task.exception(), SiteLocked):
            self.busy.add(site.name)
            self._later(_STEP, self._start_again, site)
        self._start_next()
        self._settle()

    def _start_again(self, site: Site) -> None:
        """Try a site of which another run was under way; the others go on meanwhile."""
        if not self.stopped and not self.over:
            self._start(site)

    def runs(self) -> list[Run]:
        """The runs of all sites that have begun."""
        return [run_of(crawler) for crawler, _ in self.started.values() if crawler.spider is not None]

    @staticmethod
    def _record_of(crawler: Crawler) -> RunRecord | None:
        return run_of(crawler).record if crawler.spider is not None else None

    def record(self, site: Site) -> RunRecord | None:
        """A site's record; a run that broke before it began, or never had its turn, gets one that says so.

        None for a site that another process has started since it was found due.
        """
        if site.name not in self.started and self.over and not self.stopped:
            return self._no_run(site, OVER)
        if site.name not in self.started:
            return self._no_run(site, "shutdown", "stopped before its turn")
        crawler, task = self.started[site.name]
        record = self._record_of(crawler)
        if record is not None:
            return record
        if not task.done():
            self._cut(crawler)
            return self._no_run(site, "killed")
        error = None if task.cancelled() else task.exception()
        if isinstance(error, TurnTaken):
            return None
        if isinstance(error, SiteLocked):
            return self._no_run(site, "locked", str(error))
        return self._no_run(site, "not_started", _why(error))

    @staticmethod
    def _cut(crawler: Crawler) -> None:
        """Let go of a site whose run was stopped by force; it has not closed its account."""
        if crawler.spider is not None and (turn := run_of(crawler).turn) is not None:
            turn.give_back()
            turn.release()

    def _no_run(self, site: Site, finish: str, reason: str = "") -> RunRecord:
        now = datetime.now(UTC)
        return RunRecord(
            site=site.name,
            started_at=now,
            finished_at=now,
            seconds=0.0,
            host=socket.gethostname(),
            trigger=self.options.trigger,
            finish=finish,
            errors=[reason] * bool(reason),
        )


def _why(error: BaseException | None) -> str:
    if isinstance(error, BackendError):
        return f"index: {error}"
    return f"{type(error).__name__}: {error}" if error else "the run did not begin"


def _settings(options: CrawlOptions) -> Any:
    from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("SVODKA_INDEX", options.index, priority="cmdline")
    settings.set("SVODKA_TRIGGER", options.trigger, priority="cmdline")
    settings.set("LOG_LEVEL", options.log_level, priority="cmdline")
    settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")  # ours is there: crawler.log
    return settings


def _arguments(options: CrawlOptions, site: Site) -> dict[str, Any]:
    return {
        "claim": options.claim(site.name) if options.claim is not None else None,
        "limit": str(options.limit or ""),
        "since": options.since or "",
        "dry_run": "1" if options.dry_run else "",
    }


def _progress(ledgers: Callable[[], list[Ledger]]) -> AbstractContextManager[Callable[[], None]]:
    from crawler.progress import progress_bar

    return progress_bar(ledgers)
