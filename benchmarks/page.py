"""What the search page costs: first byte and size of common pages over an index on SQLite.

    python -m benchmarks.page [--articles 100000] [--index sqlite:///PATH]

A real server is asked over loopback, one request at a time. The index is filled with made-up
news (`benchmarks.news`) unless a file that holds articles is named; `--link` puts them into stories, which takes
minutes. Times are wall-clock on this machine.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from http.client import HTTPConnection
from itertools import islice
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.news import A_DAY, START, Newsroom
from crawler.status.health import examiner
from index.article import Article
from index.backend import Backend
from index.engine import look_at_index, open_index
from index.stories.linker import link_pending
from index.web.hosts import Hosts
from index.web.options import Limits, Options
from index.web.server import served

BATCH = 500
TIMES = 20  # each kind of page is asked for
FIRST_BYTE = 30.0  # ms at the median, the aim
SIZE = 60_000  # bytes of a page
_SECTIONS = ("Политика", "Экономика", "Общество", "Спорт", "Культура", "Происшествия", "В мире", None)
_UNLIMITED = Limits(rate=1e6, burst=1_000_000)


@dataclass(frozen=True, slots=True)
class Measured:
    """A page: hits of its search (None: it is none), milliseconds to the first byte, bytes as sent plain and zipped."""

    name: str
    hits: int | None
    first: Sequence[float]
    size: int
    zipped: int

    @property
    def p50(self) -> float:
        """The median of the times."""
        return statistics.median(self.first)

    @property
    def p95(self) -> float:
        """The time that one in twenty exceeds."""
        return statistics.quantiles(self.first, n=20)[-1]


def main() -> None:
    """Fill, serve, ask, print."""
    args = _arguments()
    with TemporaryDirectory(prefix="svodka-bench-") as folder:
        address = args.index or f"sqlite:///{folder}/index.db"
        with closing(open_index(address)) as backend:
            _fill(backend, args.articles, link=args.link)
            held = backend.stats()["articles"]
        _print(list(_measured(address, held)), held)


def _fill(backend: Backend, wanted: int, *, link: bool) -> None:
    """Made-up articles up to the number that is wanted; an index that holds some is left as it is."""
    if backend.stats()["articles"]:
        return
    articles = _with_sections(Newsroom().articles())
    for _ in track(range(-(-wanted // BATCH)), description="articles", console=Console(stderr=True)):
        backend.put(list(islice(articles, BATCH)))
        if link:
            link_pending(backend)


def _with_sections(articles: Iterator[Article]) -> Iterator[Article]:
    """In sections, as most sites have them, so that there is a facet to count."""
    chance = random.Random(1)
    for article in articles:
        yield article.model_copy(update={"section": chance.choice(_SECTIONS)})


def _measured(address: str, held: int) -> Iterator[Measured]:
    now = START + timedelta(days=held / A_DAY)
    options = Options(
        lambda: look_at_index(address),
        lambda: now,
        ZoneInfo("UTC"),
        Hosts(),
        _UNLIMITED,
        examine=examiner(address, None),
    )
    with served(options) as base:
        for _ in range(2 * options.limits.readers):
            _asked(base, "/?q=zzzz")  # each reader's first search opens the index
        for name, paths in _searches():
            yield replace(_page(base, name, paths), hits=_hits(base, paths))
        for name, paths in _others(base):
            yield _page(base, name, paths)


def _searches() -> Iterator[tuple[str, list[str]]]:
    """Searches as people make them, each kind of page with other words every time: none is answered from memory.

    But for the start page, the same for every reader; a crawl that writes in between makes it the first again.
    """
    words = Newsroom().words.stems
    yield "start page", ["/"] * TIMES
    yield "newest of a site", [f"/?q=site:s{n}.example" for n in range(TIMES)]
    yield "a beginning", [f"/?q={quote(word)}%2A" for word in words[4_000 : 4_000 + TIMES]]
    yield "a rare word", [f"/?q={quote(word)}" for word in words[2_000 : 2_000 + TIMES]]
    yield "a word", [f"/?q={quote(word)}" for word in words[300 : 300 + TIMES]]
    yield "two words", [f"/?q={quote(one)}+{quote(two)}" for one, two in _pairs(words[40 : 40 + 2 * TIMES])]
    yield "of last week", [f"/?q={quote(word)}+after:7d" for word in words[100 : 100 + TIMES]]
    yield "nothing found", [f"/?q={quote(word)}+zzzz" for word in words[300 : 300 + TIMES]]
    yield "a common word", [f"/?q={quote(word)}" for word in words[5 : 5 + TIMES]]
    yield "its second page", [f"/?q={quote(word)}&page=2" for word in words[5 : 5 + TIMES]]
    yield (
        "in nearly all texts",
        [f"/?q={quote(word)}" for word in ("и", "в", "на", "с", "что")] * (TIMES // 5),
    )
    yield "most copied", ["/?sort=copies"] * TIMES


def _others(base: str) -> Iterator[tuple[str, list[str]]]:
    """Pages that are no search: of the newest articles, of the most copied stories, and the overview of months."""
    yield "an article", [f"/article/{hit['id']}" for hit in _found(base, "copies=1&sort=date")]
    yield "a story", [f"/story/{hit['story_id']}" for hit in _found(base, "sort=copies")]
    newest = str(_found(base, "sort=date")[0]["published_at"])[:10]
    days = [date.fromisoformat(newest) - timedelta(days=back) for back in range(TIMES)]
    yield "overview, counted anew", [f"/overview/{day}" for day in days]
    yield "overview, kept", [f"/overview/{days[0]}"] * TIMES
    yield "crawl health", ["/health"] * TIMES


def _pairs(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip(words[::2], words[1::2], strict=True)


def _page(base: str, name: str, paths: Sequence[str]) -> Measured:
    asked = [_asked(base, path) for path in paths]
    sizes = [(len(body), len(gzip.compress(body, 5))) for _, body in asked]
    largest = max(sizes)
    return Measured(name, None, [first for first, _ in asked], *largest)


def _hits(base: str, paths: Sequence[str]) -> int:
    """How many hits searches have, at the median."""
    answers = [_asked(base, f"/search.json{path[1:]}{'&' if '?' in path else '?'}limit=1") for path in paths]
    return round(statistics.median(int(json.loads(body)["total"]) for _, body in answers))


def _found(base: str, parameters: str) -> list[dict[str, Any]]:
    """The first hits of a search."""
    _, body = _asked(base, f"/search.json?{parameters}&limit={TIMES}")
    hits: list[dict[str, Any]] = json.loads(body)["hits"]
    return hits


def _asked(base: str, path: str) -> tuple[float, bytes]:
    """Milliseconds to the first byte of an answer, and its body."""
    with closing(HTTPConnection(urlsplit(base).netloc)) as connection:
        start = time.perf_counter()
        connection.request("GET", path)
        response = connection.getresponse()
        first = response.read(1)
        elapsed = (time.perf_counter() - start) * 1_000
        return elapsed, first + response.read()


def _print(measured: Sequence[Measured], held: int) -> None:
    table = Table(
        title=f"{held:,} articles on SQLite; first byte in ms over {TIMES} requests, largest size in kB"
    )
    for heading in ("page", "hits", "p50", "p95", "size", "gzip"):
        table.add_column(heading, justify="left" if heading == "page" else "right")
    for each in measured:
        table.add_row(
            each.name,
            "" if each.hits is None else f"{each.hits:,}",
            f"{each.p50:.1f}",
            f"{each.p95:.1f}",
            f"{each.size / 1000:.1f}",
            f"{each.zipped / 1000:.1f}",
        )
    every = [first for each in measured for first in each.first]
    console = Console()
    console.print(table)
    console.print(
        f"all pages: p50 {statistics.median(every):.1f} ms (aim: {FIRST_BYTE:.0f}), "
        f"p95 {statistics.quantiles(every, n=20)[-1]:.0f} ms, "
        f"largest {max(each.size for each in measured) / 1000:.1f} kB (aim: {SIZE / 1000:.0f})"
    )


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=100_000, metavar="N", help="how many (100,000)")
    parser.add_argument("--link", action="store_true", help="put them into stories")
    parser.add_argument("--index", metavar="ADDRESS", help="an index to keep; filled where it is empty")
    return parser.parse_args()


if __name__ == "__main__":
    main()
