"""What the index costs per article as it grows, and what a search costs, on made-up Russian text.

    python -m benchmarks.index [--articles 5000]

Every figure is CPU time of this process on this machine; compare only within one run. One article in ten is a
copy of an earlier one, so that linking has work to do.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import track
from rich.table import Table

from index.article import Article, Source
from index.backend import Backend
from index.engine import open_index
from index.search.parse import parse
from index.stories.fingerprint import fingerprint_of
from index.stories.linker import link_batch

BATCH = 50
WORDS = 200
START = datetime(2026, 1, 1, tzinfo=UTC)
COMMON = [
    "в",
    "и",
    "на",
    "с",
    "что",
    "по",
    "не",
    "для",
    "о",
    "как",
    "из",
    "за",
    "к",
    "от",
    "это",
    "году",
    "также",
    "до",
    "при",
    "после",
]
STEMS = [
    "правительств",
    "мост",
    "экономик",
    "завод",
    "суд",
    "школ",
    "рек",
    "ветр",
    "договор",
    "банк",
    "порт",
    "лес",
    "музей",
    "театр",
    "вокзал",
]
ENDINGS = ("", "а", "у", "ом", "е", "ы", "ов", "ам", "ами", "ах")
SEARCHES = (
    "мост",
    "мосты завод",
    '"новый мост"',
    "эконом*",
    "что",
    "суд site:s3.example after:2026-01-02",
    "",
)


def articles(count: int, seed: int = 1, words: int = WORDS) -> Iterator[Article]:
    """So many articles of so many words, an hour's worth a hundred; deterministic for a seed."""
    chance = random.Random(seed)
    made_up = [
        "".join(chance.choices("бвгдклмнпрст", k=2)) + "ов" + chance.choice("бвгдклмн") for _ in range(1500)
    ]
    vocabulary = [stem + ending for stem in STEMS + made_up for ending in ENDINGS]
    texts: list[str] = []
    for number in range(count):
        text = chance.choice(texts) if texts and number % 10 == 0 else _text(chance, vocabulary, words)
        texts.append(text)
        yield _article(number, text, f"s{number % 20}.example")


def _text(chance: random.Random, vocabulary: list[str], count: int) -> str:
    """Paragraphs of forty words, a third of them the commonest of the language."""
    words = [chance.choice(COMMON if chance.random() < 0.35 else vocabulary) for _ in range(count)]
    at = chance.randrange(count - 1)
    words[at : at + 2] = ["новый", "мост"] if chance.random() < 0.1 else words[at : at + 2]
    return "\n\n".join(" ".join(words[at : at + 40]).capitalize() + "." for at in range(0, count, 40))


def _article(number: int, body: str, site: str) -> Article:
    url = f"https://{site}/{number}"
    id = blake2b(url.encode(), digest_size=16).hexdigest()
    moment = START + timedelta(seconds=36 * number)
    article = Article(
        id=id,
        url=url,
        link_ids=[id],
        site=site,
        domain=site,
        title=f"Сообщение {number}",
        body=body,
        language="ru",
        published_at=moment,
        published_precision="second",
        published_origin="feed",
        first_seen_at=moment,
        fetched_at=moment,
        word_count=len(body.split()),
        content_hash=blake2b(body.encode(), digest_size=16).hexdigest(),
        source=Source(name=site, domain=site, confidence=0.5),
    )
    return article.model_copy(update={"fingerprint": fingerprint_of(article)})


def ingest(backend: Backend, made: list[Article]) -> list[tuple[float, float]]:
    """CPU seconds of storing and of linking, per batch."""
    costs = []
    for at in track(range(0, len(made), BATCH), "storing", console=Console(stderr=True), transient=True):
        batch = made[at : at + BATCH]
        stored = _cpu(lambda batch=batch: backend.put(batch))  # type: ignore[misc]  # bound at once
        linked = _cpu(lambda batch=batch: link_batch(backend, [each.id for each in batch]))  # type: ignore[misc]
        costs.append((stored, linked))
    return costs


def _cpu(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _per_article(costs: list[tuple[float, float]], which: int) -> float:
    return 1000 * statistics.fmean(cost[which] for cost in costs) / BATCH


def ingest_table(costs: list[tuple[float, float]]) -> Table:
    """Milliseconds an article in the first and the last quarter of the growth, and their ratio."""
    quarter = max(1, len(costs) // 4)
    table = Table("ms an article", "first quarter", "last quarter", "growth", box=None)
    for name, which in (("store", 0), ("link", 1)):
        first, last = _per_article(costs[:quarter], which), _per_article(costs[-quarter:], which)
        table.add_row(name, f"{first:.2f}", f"{last:.2f}", f"{last / first:.2f}x")
    return table


def search_table(backend: Backend) -> Table:
    """Milliseconds of a whole answer: ten highlighted hits, total, all facets; median of seven."""
    table = Table("search", "hits", "ms", box=None)
    for text in SEARCHES:
        query = parse(text, now=START)
        costs = [_cpu(lambda query=query: backend.search(query)) for _ in range(7)]  # type: ignore[misc]
        hits = backend.search(query).total
        table.add_row(text or "(newest)", str(hits), f"{1000 * statistics.median(costs):.1f}")
    return table


def main() -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=5000, metavar="N")
    count = parser.parse_args().articles
    with TemporaryDirectory() as folder:
        backend = open_index(f"sqlite:///{folder}/bench.db")
        costs = ingest(backend, list(articles(count)))
        console = Console()
        console.print(ingest_table(costs))
        console.print(search_table(backend))
        print(backend.stats())
        backend.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
