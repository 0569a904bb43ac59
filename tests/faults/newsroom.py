"""`Newsroom`: real `svodka` processes that crawl sites on loopback into an index of a cluster that fails."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from threading import Event

from crawler.demo.content import read_editions
from crawler.demo.page import Answer, Page, Request, page_of
from crawler.demo.server import SampleSites
from index.elastic.backend import ElasticBackend
from index.outbox.store import Outbox
from index.runs import newest
from index.settings import load_settings
from tests.crawler.demo.expected import BOTH, DEMO, EXPECTED, RunName, assert_as_expected
from tests.desk import SECONDS, Desk, Done
from tests.faults.account import Account
from tests.faults.made_up import MadeUp
from tests.faults.watch import Seen, until

CLOCKS = ("2026-11-20T12:00:00+00:00", "2026-11-20T15:00:00+00:00")
SAMPLE_SITES = tuple(path.stem for path in sorted((DEMO / "sites").glob("*.example.toml")))
HELD_SITES = ("svodnaya.example", "meridian-wire.example")
STORED_BEFORE = sum(
    len(links["indexed"]) for site, links in EXPECTED["first"]["links"].items() if site not in HELD_SITES
)
WAITING_AFTER = EXPECTED["first"]["counts"]["articles"] - STORED_BEFORE


@dataclass
class Newsroom:
    """A desk whose index is in a cluster, the sites that it reads, and the account of what happened."""

    desk: Desk
    server: SampleSites
    sites: tuple[str, ...]
    account: Account
    pages: dict[str, Answer]  # of the edition that is served first
    now: str = CLOCKS[0]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead to the index; tests change them as a user would."""
        return self.desk.environment

    def svodka(self, *arguments: str) -> Done:
        """Any command, waited for."""
        return self.desk.run(*arguments, now=self.now, proxy=self.server.address)

    def crawl(self) -> Done:
        """A crawl of all sites."""
        return self.svodka("crawl")

    @contextmanager
    def crawling(self) -> Iterator[subprocess.Popen[str]]:
        """A crawl that is under way; killed when the test fails before it has ended."""
        process = self.desk.start("crawl", now=self.now, proxy=self.server.address)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()

    def turn_page(self) -> None:
        """Three hours later: the sample sites have new articles and an edit."""
        self.server.set_edition(2)
        self.now = CLOCKS[1]

    def when_asked_for(self, url: str, action: Callable[[], object]) -> None:
        """Do something in the middle of a run: when a page is asked for, once, before it is answered."""
        answer, waiting = self.pages[url], [action]

        def answered(request: Request) -> Page:
            if waiting:
                waiting.pop()()
            return page_of(answer, request)

        self.pages[url] = answered

    def in_the_middle(self, action: Callable[[], object], then: Callable[[], object] = lambda: None) -> None:
        """Do something when six of the eight sample sites are in the index and two are being fetched.

        The first of the two goes on after `then`, the second after the action.
        """
        done = Event()

        def act() -> None:
            until(lambda: self.linked() == STORED_BEFORE, 60, f"{STORED_BEFORE} articles in stories")
            action()
            done.set()
            then()

        first, second = (EXPECTED["first"]["links"][site]["indexed"][0] for site in HELD_SITES)
        self.when_asked_for(first, act)
        self.when_asked_for(second, lambda: done.wait(60))

    def outbox(self) -> Outbox:
        """The outbox of this newsroom; close it."""
        return Outbox.at(self.environment["SVODKA_INDEX"], load_settings(self.environment))

    def waiting(self) -> int:
        """How many articles wait on this machine."""
        with closing(self.outbox()) as outbox:
            return outbox.letters.count()

    def remote(self) -> ElasticBackend:
        """The index itself, without the outbox; close it."""
        settings = load_settings({**self.environment, "SVODKA_ELASTICSEARCH_TIMEOUT": "30"})
        return ElasticBackend.at(settings.index, settings.elasticsearch)

    def stored(self) -> int:
        """How many articles are in the index, just written ones too."""
        with self.remote() as remote:
            remote.engine.written("articles")
            return remote.stats()["articles"]

    def linked(self) -> int:
        """How many articles are in the index and in their stories."""
        with self.remote() as remote:
            remote.engine.written("articles")
            remote.engine.written("pending")
            counts = remote.stats()
        return counts["articles"] - counts["pending"]

    def outcomes(self) -> Counter[str]:
        """Outcomes of the last crawl over all sites, as its records say; each adds up to the links found."""
        with closing(self.outbox()) as outbox:
            runs = newest(outbox.runs.all())
        assert len(runs) == len(self.sites)
        for run in runs.values():
            assert sum(run.outcomes.values()) == run.found, run.site
        self.account.found = sum(run.found for run in runs.values())
        return sum((Counter(run.outcomes) for run in runs.values()), Counter())

    def assert_waits(self, done: Done, *words: str, code: int = 3) -> None:
        """The crawl has failed, and standard error says what waits, why (`words`), and what to type."""
        assert done.code == code, done.out + done.err
        line = next(line for line in done.err.splitlines() if line.startswith("! index: "))
        waiting = self.waiting()
        assert f"{waiting} article" in line
        assert "svodka index replay" in line
        for each in words:
            assert each in done.err
        assert self.svodka("status").code != 0
        self.account.note_first(self, waiting)

    def assert_drained(self, done: Done, seen: Seen, *, code: int) -> None:
        """The run itself has brought all that was seen waiting into the index, and says so."""
        assert done.code == code, done.out + done.err
        assert "! index" not in done.err
        outcomes = self.outcomes()
        self.account.indexed, self.account.waiting = outcomes["indexed"], seen.waiting
        self.account.attempts = seen.attempts
        assert outcomes["waiting"] == 0, done.out
        assert outcomes["indexed"] == self.stored()

    def assert_whole(self, *runs: RunName) -> None:
        """Nothing waits, the index has no fault, and every sample article is there once, in the right story."""
        self.assert_sound()
        with self.remote() as remote:
            assert_as_expected(remote, runs or BOTH)

    def assert_sound(self) -> None:
        """Nothing waits, no part of the index contradicts another."""
        status = self.svodka("status", "--json")
        assert status.code == 0, status.out
        told = json.loads(status.out)
        assert (told["outbox"]["articles"], told["outbox"]["states"], told["unlinked"]) == (0, 0, 0), (
            status.out
        )
        check = self.svodka("index", "check")
        assert (check.code, check.out.splitlines()[-1]) == (0, "no faults"), check.out + check.err
        self.account.recovered = self.stored()


@contextmanager
def sample_newsroom(desk: Desk, environment: Mapping[str, str], account: Account) -> Iterator[Newsroom]:
    """A newsroom that crawls the bundled sample sites."""
    editions = [replace(each, pages=dict(each.pages)) for each in read_editions(DEMO)]
    pages = editions[0].pages
    assert isinstance(pages, dict)
    desk.environment = (
        _environment(desk, environment)
        | {
            "SVODKA_SITES": str(DEMO / "sites"),
            "SVODKA_BATCH_SECONDS": "300",  # however slow the machine, a site's pages are stored when it has them all
        }
    )
    with SampleSites(editions) as server:
        yield Newsroom(desk, server, SAMPLE_SITES, account, pages)
        assert not server.errors


@contextmanager
def made_up_newsroom(
    desk: Desk, environment: Mapping[str, str], account: Account, made_up: MadeUp
) -> Iterator[Newsroom]:
    """A newsroom that crawls made-up sites of short articles."""
    for site in made_up.sites:
        desk.site(site)
    desk.environment = _environment(desk, environment)
    with SampleSites.from_pages(made_up.pages) as server:
        pages = server.editions[0].pages
        assert isinstance(pages, dict)
        yield Newsroom(desk, server, made_up.sites, account, pages)
        assert not server.errors


def finished(crawl: subprocess.Popen[str]) -> Done:
    """A crawl that was under way, at its end."""
    out, err = crawl.communicate(timeout=SECONDS)
    return Done(crawl.returncode, out, err)


def _environment(desk: Desk, given: Mapping[str, str]) -> dict[str, str]:
    return {
        "SVODKA_OUTBOX_FOLDER": str(desk.folder / "outbox"),
        "SVODKA_OUTBOX_PATIENCE": "0",
        **given,
    }
