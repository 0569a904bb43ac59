"""A process of its own that stores and links articles, for the tests of concurrency, crashes and full disks.

`python -m tests.index.sqlite.writer INDEX NAME BATCHES [option…]`; prints `ready`, waits for a line on
standard input, then prints `stored ID …` for each durable batch, and the error that ended it, if one did.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta

from index.article import Article
from index.backend import BackendError, Edge, Probe
from index.sqlite.backend import SqliteBackend
from tests.make import NOON, make_article

FAMILIES = 5  # copies of so many originals are what the writers store; each family ends as one story
SHARED = 6  # articles that every writer stores, each at another time with another text
BATCH = 8


def own_article(name: str, number: int) -> Article:
    """An article that only this writer stores."""
    site = f"{name}.ru"
    return make_article(
        site=site,
        url=f"https://{site}/{number}",
        title=f"Новость {number} сайта {name}",
        body="Слова новости. " * 40,
        fingerprint=family_values(number % FAMILIES),
        published_at=NOON + timedelta(minutes=number),
    )


def shared_article(name: str, number: int, turn: int) -> Article:
    """An article that all writers store; the fetch decides whose text lasts."""
    fetched = NOON + timedelta(hours=turn, seconds=int.from_bytes(name.encode(), "big") % 3600)
    return make_article(
        site="shared.ru",
        url=f"https://shared.ru/{number}",
        title=f"Общая новость {number}, прочёл {name} в {turn} раз",
        fingerprint=family_values(number % FAMILIES),
        fetched_at=fetched,
        first_seen_at=fetched,
    )


def family_values(family: int) -> list[str]:
    """The fingerprint of all members of a family."""
    return [f"{family:08x}{value:08x}" for value in range(5)]


def batch_of(name: str, turn: int) -> list[Article]:
    """What a writer stores in one turn."""
    own = [own_article(name, turn * BATCH + place) for place in range(BATCH)]
    return [*own, *(shared_article(name, number, turn) for number in range(SHARED))]


def link(backend: SqliteBackend, ids: Sequence[str]) -> None:
    """Link as the crawler does: candidates first, then the pairs; here every candidate is a copy."""
    articles = backend.get(ids)
    probes = [Probe(each.id, each.published_at, tuple(each.fingerprint)) for each in articles.values()]
    found = backend.candidates(probes, share=5, days=7, limit=30)
    edges = {}
    for article, others in zip(articles.values(), found, strict=True):
        for other in backend.get(others).values():
            a, b = sorted((article, other), key=lambda each: each.id)
            edges[a.id, b.id] = Edge(a.id, b.id, True, "test", a.judged_hash, b.judged_hash)
    backend.link([(each.id, each.judged_hash) for each in articles.values()], list(edges.values()))


def link_all(backend: SqliteBackend) -> None:
    """Link until nothing is pending."""
    while ids := backend.pending(50):
        link(backend, ids)


def main() -> None:
    """Run one writer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("index")
    parser.add_argument("name")
    parser.add_argument("batches", type=int)
    parser.add_argument(
        "--die-at", type=int, help="SQL statement after opening at which the process kills itself"
    )
    parser.add_argument("--file-limit", type=int, help="size in bytes that no file may pass")
    parser.add_argument("--as-nobody", action="store_true", help="give up root first")
    parser.add_argument("--check", action="store_true", help="check the index at the end")
    options = parser.parse_args()
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        run(options)
    except BackendError as error:
        print(f"{type(error).__name__}: {error}", flush=True)


def run(options: argparse.Namespace) -> None:
    """Give up rights, open, store and link."""
    if options.as_nobody and os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    if options.file_limit:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (options.file_limit, options.file_limit))
    with SqliteBackend.open(options.index) as backend:
        if options.die_at:
            die_at(backend, options.die_at)
        try:
            write(backend, options.name, options.batches)
        finally:
            if options.check:
                print("faults", backend.check().faults, flush=True)


def write(backend: SqliteBackend, name: str, batches: int) -> None:
    """Store and link so many batches."""
    for turn in range(batches):
        batch = batch_of(name, turn)
        backend.put(batch)
        print("stored", *(each.id for each in batch), flush=True)
        link(backend, [each.id for each in batch])


def die_at(backend: SqliteBackend, statement: int) -> None:
    """Kill this process with signal 9 when it begins its n-th SQL statement."""
    left = iter(range(statement))

    def count(sql: str) -> None:
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    backend.connection.set_trace_callback(count)


if __name__ == "__main__":
    main()
