"""One of the processes of `benchmarks.dedup`: stores and links a share of the articles as a crawl does.

    python -m benchmarks.dedup_writer ADDRESS < share.jsonl

Links what is pending, then stores a batch and links it, and so on; behind an outbox it ends as a crawl ends:
what waits is sent and linked. Writes the counts of each step as a JSON line, so that whoever started it sees
how far it is; raises what a crawl would stop at.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING

from benchmarks.records import article_of
from crawler.agencies import load_agencies
from crawler.settings import SVODKA_BATCH
from index.backend import IndexUnreachable
from index.engine import open_index
from index.outbox.backend import OutboxBackend
from index.stories.linker import LinkReport, link_batch, link_pending

if TYPE_CHECKING:
    from index.article import Article
    from index.backend import Backend


def write(backend: Backend, articles: Iterable[Article]) -> Iterator[tuple[int, LinkReport]]:
    """Store and link articles; after each batch how many they were and what linking did."""
    rest = iter(articles)
    yield 0, _linked(backend, None)
    while batch := list(islice(rest, SVODKA_BATCH)):
        answers = backend.put(batch)
        if "refused" in answers:
            raise SystemExit(f"the index refused {answers.count('refused')} articles")
        stored = [each.id for each, answer in zip(batch, answers, strict=True) if answer != "waiting"]
        yield len(batch), _linked(backend, stored)
    if isinstance(backend, OutboxBackend):
        backend.drain(backend.patience, longest=backend.patience)
        yield 0, _linked(backend, None)


def _linked(backend: Backend, ids: list[str] | None) -> LinkReport:
    """Link these, or what is pending; what the index cannot link now stays pending, as in a crawl."""
    try:
        return link_pending(backend) if ids is None else link_batch(backend, ids)
    except IndexUnreachable as error:
        print(f"linking is left for later: {error}", file=sys.stderr)
        return LinkReport()


def main() -> int:
    """Command line; exit status 0."""
    agencies = load_agencies()
    articles = (article_of(json.loads(line), agencies) for line in sys.stdin)
    with closing(open_index(sys.argv[1], create=False)) as backend:
        for stored, report in write(backend, articles):
            step = json.dumps({"stored": stored, **asdict(report)})
            sys.stdout.write(f"{step}\n")  # in one piece: all writers share the pipe
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
