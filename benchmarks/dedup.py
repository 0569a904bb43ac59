"""Deduplication as shipped, driven by a scorer: JSON lines in, story and canonical article out.

    python -m benchmarks.dedup [--engine sqlite|ADDRESS] [--writers N] < articles.jsonl > stories.jsonl

One article a line, in crawl order; `benchmarks.records` has the fields. N processes store and link the articles
at the same time on one index, each its share (the first line to the first, the second to the second, and so
on), as crawls do; see `benchmarks.dedup_writer`. What writers that change the same stories leave unlinked the
next crawl links first, so it is linked at the end and counted (`late`). The index is a temporary file; one that
is named has to be empty and stays; on Elasticsearch it is made under a name of its own and dropped.

Written is one line an article, `{"id", "cluster", "canonical"}`; counts and times go to standard error. Exit
status 1 when a writer failed or left articles unlinked.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from benchmarks.engine import empty_index
from benchmarks.records import article_id
from index.backend import BackendError
from index.cli import at_least
from index.engine import open_index
from index.progress import progress_bar
from index.stories.linker import link_pending

if TYPE_CHECKING:
    from index.backend import Backend

READ_AT_ONCE = 500  # articles of one call


def deal(lines: Iterable[str], folder: Path, writers: int) -> list[str]:
    """Deal lines round to one file a writer (0.jsonl, 1.jsonl, ...); the ids of all, in order.

    Ends the program at a line that has no id of its own.
    """
    ids: dict[str, None] = {}
    with ExitStack() as files:
        shares = [
            files.enter_context((folder / f"{number}.jsonl").open("w", encoding="utf-8"))
            for number in range(writers)
        ]
        for number, line in enumerate(filter(str.strip, lines)):
            shares[number % writers].write(line.rstrip("\n") + "\n")
            id = _id_of(line, number + 1)
            if not isinstance(id, str) or id in ids:
                raise SystemExit(f"line {number + 1}: the id {id!r} is no string, or was used before")
            ids[id] = None
    return list(ids)


def _id_of(line: str, number: int) -> object:
    try:
        return json.loads(line)["id"]
    except (ValueError, KeyError, TypeError) as error:
        raise SystemExit(f"line {number} is no article with an id: {error!r}") from None


def write_all(address: str, shares: Sequence[Path], total: int) -> Counter[str]:
    """Have each share stored and linked by a process of its own, all at once; the sum of what they did.

    Ends the program when one of them fails.
    """
    read_end, write_end = os.pipe()
    writers = [_started(address, share, write_end) for share in shares]
    os.close(write_end)
    done = Counter[str]()
    with os.fdopen(read_end) as steps, progress_bar("articles") as shown:
        for step in steps:
            done.update(json.loads(step))
            if shown:
                shown("articles", done["stored"], total)
    if failed := [code for writer in writers if (code := writer.wait())]:
        raise SystemExit(f"a writer failed ({len(failed)} of {len(writers)})")
    return done


def _started(address: str, share: Path, steps: int) -> subprocess.Popen[bytes]:
    with share.open("rb") as lines:
        command = [sys.executable, "-m", "benchmarks.dedup_writer", address]
        return subprocess.Popen(command, stdin=lines, stdout=steps)


def stories(backend: Backend, ids: Sequence[str]) -> Iterator[dict[str, str]]:
    """The story and the canonical article of each record id, in their order; KeyError for a story without one."""
    story_of: dict[str, str] = {}
    canonical: dict[str, str] = {}
    record_of = {article_id(each): each for each in ids}
    names = list(record_of)
    for start in range(0, len(names), READ_AT_ONCE):
        for article in backend.get(names[start : start + READ_AT_ONCE]).values():
            story_of[article.id] = article.story_id or article.id
            if article.role == "canonical":
                canonical[story_of[article.id]] = record_of[article.id]
    for name, record_id in record_of.items():
        yield {"id": record_id, "cluster": story_of[name], "canonical": canonical[story_of[name]]}


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--engine", default="sqlite", metavar="ADDRESS", help="of an empty index (a temporary file)"
    )
    parser.add_argument(
        "--writers", type=at_least(1), default=1, metavar="N", help="processes at the same time (1)"
    )
    options = parser.parse_args(arguments)
    try:
        return _run(options.engine, options.writers)
    except BackendError as error:
        raise SystemExit(str(error)) from None


def _run(engine: str, writers: int) -> int:
    with TemporaryDirectory() as folder, empty_index(engine) as address:
        ids = deal(sys.stdin, Path(folder), writers)
        began = time.perf_counter()
        shares = [Path(folder) / f"{number}.jsonl" for number in range(writers)]
        done = write_all(address, shares, len(ids))
        took = time.perf_counter() - began
        with closing(open_index(address, create=False)) as backend:
            done["late"] = link_pending(backend).linked  # as the next crawl begins
            left = backend.stats()["pending"]
            for row in stories(backend, ids):
                sys.stdout.write(json.dumps(row) + "\n")
    _report(done, left, took)
    return 1 if left else 0


def _report(done: Counter[str], left: int, took: float) -> None:
    counts = ", ".join(f"{name}={count}" for name, count in done.items())
    each = took / max(done["stored"], 1) * 1e3
    print(f"{counts}, unlinked={left}, {took:.1f} s, {each:.2f} ms an article", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
