"""Runs the spiders of some sites in one process and gathers their records."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from crawler.record import RunRecord

if TYPE_CHECKING:
    from asyncio import Task

    from scrapy.crawler import AsyncCrawlerProcess, Crawler

    from crawler.site import Site


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What `svodka crawl` was asked for."""

    index: str
    limit: int | None = None
    since: str | None = None
    dry_run: bool = False
    log_level: str = "ERROR"
    log_file: str | None = None
    progress: bool = False


def crawl(sites: list[Site], options: CrawlOptions) -> list[RunRecord]:
    """Crawl sites at the same time, each at its own pace; one record a site, in their order.

    Twisted's reactor runs once a process: a second call in the same process raises ReactorNotRestartable.
    """
    from scrapy.crawler import AsyncCrawlerProcess

    from crawler.spiders import spider_of

    process = AsyncCrawlerProcess(_settings(options))
    crawlers = [process.create_crawler(spider_of(site)) for site in sites]
    tasks = [process.crawl(crawler, **_arguments(options)) for crawler in crawlers]
    with _progress(crawlers) if options.progress else nullcontext() as tick:
        _run(process, tick)
    return [_record(*row) for row in zip(sites, crawlers, tasks, strict=True)]


def _settings(options: CrawlOptions) -> Any:
    from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    settings.set("SVODKA_INDEX", options.index, priority="cmdline")
    settings.set("LOG_LEVEL", options.log_level, priority="cmdline")
    settings.set("LOG_FILE", options.log_file, priority="cmdline")
    return settings


def _arguments(options: CrawlOptions) -> dict[str, str]:
    return {
        "limit": str(options.limit or ""),
        "since": options.since or "",
        "dry_run": "1" if options.dry_run else "",
    }


def _run(process: AsyncCrawlerProcess, tick: Callable[[], None] | None) -> None:
    if tick is not None:
        from twisted.internet.task import LoopingCall

        LoopingCall(tick).start(0.2, now=True)
    process.start()


def _record(site: Site, crawler: Crawler, task: Task[None]) -> RunRecord:
    """A site's record; a run that broke before it began gets one that says so."""
    run = getattr(crawler.spider, "run", None)
    if run is not None and run.record is not None:
        return run.record  # type: ignore[no-any-return]  # Run.record
    error = task.exception() if task.done() and not task.cancelled() else None
    now = datetime.now(UTC)
    reason = f"{type(error).__name__}: {error}" if error else "the run did not begin"
    return RunRecord(
        site=site.name, started_at=now, finished_at=now, seconds=0.0, finish="not_started", errors=[reason]
    )


def _progress(crawlers: list[Crawler]) -> AbstractContextManager[Callable[[], None]]:
    from crawler.progress import progress_bar

    return progress_bar(lambda: [crawler.spider.run.ledger for crawler in crawlers if hasattr(crawler.spider, "run")])
