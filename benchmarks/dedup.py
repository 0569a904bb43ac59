"""Deduplication as shipped, driven by a scorer: JSON lines in, story and canonical article out.

    python -m benchmarks.dedup [--index ADDRESS] < articles.jsonl > stories.jsonl

One article a line, in crawl order: `id` (at most 32 hex digits), `url`, `domain`, `title`, `text` (paragraphs
parted by a blank line), `lang`, `published` (ISO 8601; exact midnight counts as a date without a time) and
`meta` (`canonical` and `original-source` addresses, often empty). Each article is attributed, fingerprinted,
stored in batches and linked after each batch, all as in a crawl, in a temporary index or the one named.
Written is one line an article, `{"id", "cluster", "canonical"}`; the counts and times go to standard error.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from tempfile import TemporaryDirectory
from typing import Any

from crawler.agencies import Agencies, load_agencies
from crawler.attribution import attribute
from crawler.extraction.extracted import Extracted, SourceLink
from crawler.extraction.source_lines import split_source_lines
from crawler.normalising.text import content_hash, normal_text, word_count
from index.article import Article
from index.backend import Backend
from index.engine import open_index
from index.stories.fingerprint import fingerprint_of
from index.stories.linker import LinkReport, link_pending

BATCH = 50  # articles stored at a time, as a crawl does
ID_LENGTH = 32

Record = dict[str, Any]


def article_of(record: Record, agencies: Agencies) -> Article:
    """The article of a record, attributed and fingerprinted."""
    seen = _extracted(record)
    title, body = normal_text(seen.title or ""), normal_text(seen.body)
    published = datetime.fromisoformat(record["published"])
    at_midnight = (published.hour, published.minute, published.second) == (0, 0, 0)
    attribution = attribute(seen, record["url"], site_name=record["domain"], agencies=agencies)
    article = Article(
        id=record["id"].ljust(ID_LENGTH, "0"),
        url=record["url"],
        site=record["domain"],
        domain=record["domain"],
        title=title or record["url"],
        body=body,
        language=record["lang"],
        published_at=published,
        published_precision="day" if at_midnight else "second",
        published_origin="meta",
        first_seen_at=published,
        fetched_at=published,
        word_count=word_count(body),
        content_hash=content_hash(title, "", body),
        source=attribution.source,
        original_url=attribution.original_url,
    )
    return article.model_copy(update={"fingerprint": fingerprint_of(article)})


def _extracted(record: Record) -> Extracted:
    """What extraction hands on: closing source lines set apart, links to an original by kind."""
    meta: dict[str, str] = record["meta"]
    links = [SourceLink("source_link", meta["original-source"])] if "original-source" in meta else []
    links += [SourceLink("foreign_canonical", meta["canonical"])] if "canonical" in meta else []
    text, marks = split_source_lines(record["text"].split("\n\n"))
    return Extracted(title=record["title"], body="\n\n".join(text), source_lines=marks, source_links=links)


def feed(backend: Backend, articles: Iterable[Article]) -> LinkReport:
    """Store and link articles batch by batch."""
    report, rest = LinkReport(), iter(articles)
    while batch := list(islice(rest, BATCH)):
        backend.put(batch)
        report += link_pending(backend)
    return report


def stories(backend: Backend, ids: Iterable[str]) -> Iterator[dict[str, str]]:
    """The story and the canonical article of each record id."""
    canonical: dict[str, str] = {}
    for record_id in ids:
        article_id = record_id.ljust(ID_LENGTH, "0")
        story_id = backend.get([article_id])[article_id].story_id or article_id
        if story_id not in canonical:
            canonical[story_id] = backend.story(story_id)[0].id
        yield {"id": record_id, "cluster": story_id, "canonical": canonical[story_id][: len(record_id)]}


@contextmanager
def opened(address: str | None) -> Iterator[Backend]:
    """The index at an address, or one that lives as long as the run."""
    with TemporaryDirectory() as folder:
        backend = open_index(address or f"sqlite:///{folder}/dedup.db")
        try:
            yield backend
        finally:
            backend.close()


def main(arguments: list[str] | None = None) -> int:
    """Command line; exit status 0."""
    parser = argparse.ArgumentParser(description="Deduplicate JSON lines of articles with the shipped index.")
    parser.add_argument("--index", help="address of an empty index; a temporary file by default")
    options = parser.parse_args(arguments)
    agencies, began = load_agencies(), time.perf_counter()
    ids: list[str] = []

    def articles() -> Iterator[Article]:
        for line in sys.stdin:
            record = json.loads(line)
            ids.append(record["id"])
            yield article_of(record, agencies)

    with opened(options.index) as backend:
        report = feed(backend, articles())
        took = time.perf_counter() - began
        for row in stories(backend, ids):
            sys.stdout.write(json.dumps(row) + "\n")
    sys.stderr.write(f"{report}, {took:.1f} s, {took / max(len(ids), 1) * 1e3:.2f} ms an article\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
