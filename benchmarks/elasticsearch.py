"""How fast articles go into Elasticsearch, against `elasticsearch.helpers.bulk` on the same documents.

    python -m benchmarks.elasticsearch --index http://127.0.0.1:9200 [--articles 4000] [--rounds 3]

Ours does all that a crawl does with an extracted article: through the outbox (on disk before it is sent), told from
what is stored, marked, stored, looked up, judged and put into its story. Plain is the library's loader with its
defaults into an index of the same mapping, and one refresh at the end. Both in turn, on indices of their own that
are dropped afterwards; wall time, so nothing else should run. One article in ten is a copy; 265 words is the median
of the news sets that deduplication was measured on.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from contextlib import closing
from tempfile import TemporaryDirectory

from elasticsearch import helpers
from rich.console import Console
from rich.table import Table

from benchmarks.engine import own_index
from benchmarks.index import articles
from index.article import Article
from index.elastic.documents import document
from index.engine import open_index
from index.stories.linker import link_batch

WORDS = 265


def plain(address: str, made: Sequence[Article]) -> float:
    """Seconds of `helpers.bulk` for finished documents."""
    alone = [each.model_copy(update={"story_id": each.id, "outlets": [each.site]}) for each in made]
    documents = [json.loads(document(each, number, each.judged_hash)) for number, each in enumerate(alone)]
    with own_index(address) as backend:
        es, index = backend.engine.cluster.es, backend.engine.names.articles
        began = time.perf_counter()
        helpers.bulk(
            es,
            (
                {"_op_type": "create", "_index": index, "_id": each["id"], "_source": each}
                for each in documents
            ),
        )
        es.indices.refresh(index=index)
        return time.perf_counter() - began


def ours(address: str, made: Sequence[Article], batch: int) -> tuple[float, float]:
    """Seconds of storing and of linking."""
    stored = linked = 0.0
    with own_index(address), TemporaryDirectory() as folder:
        os.environ["SVODKA_OUTBOX_FOLDER"] = folder
        with closing(open_index(address)) as backend:
            for at in range(0, len(made), batch):
                part = made[at : at + batch]
                began = time.perf_counter()
                answers = backend.put(part)
                done = time.perf_counter()
                link_batch(backend, [each.id for each in part])
                stored, linked = stored + done - began, linked + time.perf_counter() - done
                if set(answers) != {"indexed"}:
                    raise SystemExit(f"not all was stored: {set(answers)}")
            if backend.check().faults:
                raise SystemExit("the index has faults")
    return stored, linked


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--index", required=True, metavar="ADDRESS")
    parser.add_argument("--articles", type=int, default=4000, metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--batch", type=int, default=500, metavar="N", help="articles stored at a time (500)")
    args = parser.parse_args()
    made = list(articles(args.articles, words=WORDS))
    table = Table("round", "plain, articles/s", "ours", "ms: store", "ms: link", "ratio", box=None)
    ratios: list[float] = []
    for number in range(args.rounds + 1):  # the first warms the server up and does not count
        alone = plain(args.index, made)
        stored, linked = ours(args.index, made, args.batch)
        if number:
            ratios.append(alone / (stored + linked))
            rates = (f"{len(made) / seconds:.0f}" for seconds in (alone, stored + linked))
            costs = (f"{1000 * seconds / len(made):.2f}" for seconds in (stored, linked))
            table.add_row(str(number), *rates, *costs, f"{ratios[-1]:.2f}")
    Console().print(table)
    print(f"median ratio {statistics.median(ratios):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
