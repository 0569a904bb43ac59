"""A process of its own that stores and links articles, searches, or upgrades, for tests of an index in use.

`python -m tests.index.elastic.writer write|search|upgrade` with the index in the environment; ends when its
standard input does.
"""

from __future__ import annotations

import os
import select
import sys
import time
from datetime import timedelta

from index.article import Article
from index.backend import Edge, IndexUnreachable
from index.elastic.backend import ElasticBackend
from index.elastic.upgrade import upgrade
from index.search.parse import parse
from index.settings import load_settings
from tests.make import NOON, make_article

FAMILY = 4  # copies of one text


def article(name: str, number: int, turn: int = 0) -> Article:
    """An article; a later turn is a later text of it."""
    return make_article(
        site=f"s{number % FAMILY}.ru",
        url=f"https://s{number % FAMILY}.ru/{name}/{number}",
        title=f"Новость {number}, {name}, текст {turn}",
        body="Движение по мостам открыли утром. " * 20,
        fingerprint=[f"{number // FAMILY:08x}{value:08x}" for value in range(4)],
        published_at=NOON + timedelta(minutes=number),
        fetched_at=NOON + timedelta(hours=1 + turn),
    )


def family_edges(members: list[Article]) -> list[Edge]:
    """The pairs that make stories of neighbours, `FAMILY` by `FAMILY`."""
    found = []
    for start in range(0, len(members), FAMILY):
        first, *rest = sorted(members[start : start + FAMILY], key=lambda each: each.id)
        found += [Edge(first.id, each.id, True, "test", first.judged_hash, each.judged_hash) for each in rest]
    return found


def write(backend: ElasticBackend) -> None:
    """Store and link a family at a time, revise every other one, until told to stop; prints what is durable."""
    turn = 0
    while not _told_to_stop():
        batch = [article("w", number) for number in range(turn * FAMILY, (turn + 1) * FAMILY)]
        _insist(backend, batch)
        if turn % 2:
            _insist(backend, [article("w", number, 1) for number in range(turn * FAMILY, turn * FAMILY + 2)])
        turn += 1
        print(turn * FAMILY, flush=True)


def _insist(backend: ElasticBackend, batch: list[Article]) -> None:
    """Store and link as the outbox does: what the index does not take now is sent again."""
    while True:
        try:
            backend.put(batch)
            stored = list(backend.get(each.id for each in batch).values())
            everyone = list(backend.get(_family(batch)).values())
            backend.link([(each.id, each.judged_hash) for each in stored], family_edges(everyone))
        except IndexUnreachable as error:
            if "takes no writes" not in str(error):
                raise
            time.sleep(0.02)
        else:
            return


def _family(batch: list[Article]) -> list[str]:
    first = min(int(each.url.rpartition("/")[2]) for each in batch) // FAMILY * FAMILY
    return [article("w", number).id for number in range(first, first + FAMILY)]


def search(backend: ElasticBackend) -> None:
    """Search all the time; prints the number of searches at the end. A failed or empty answer ends it."""
    query, count = parse("Движение", now=NOON, copies=True), 0
    while not _told_to_stop():
        if not backend.search(query).hits:
            raise SystemExit("an empty answer")
        count += 1
    print(count, flush=True)


def _told_to_stop() -> bool:
    return bool(select.select([sys.stdin], [], [], 0)[0])


def main() -> None:
    """Do one of the three."""
    with ElasticBackend.at(os.environ["SVODKA_INDEX"], load_settings().elasticsearch) as backend:
        if sys.argv[1] == "upgrade":
            print("begun", flush=True)
            list(upgrade(backend.engine))
        else:
            {"write": write, "search": search}[sys.argv[1]](backend)


if __name__ == "__main__":
    main()
