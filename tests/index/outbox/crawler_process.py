"""A process that stores articles through an outbox, for tests that kill it.

`python -m tests.index.outbox.crawler_process OUTBOX REMOTE NAME BATCHES [--die-at N] [--pause S]`: waits for
a line, then stores so many batches of its own articles and of some that all processes store, each article
in several texts; prints the ids of each batch once it is announced as stored or waiting. `--die-at` sends
signal 9 at that SQL statement of the outbox or the remote index.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import time
from pathlib import Path

from index.article import Article
from index.outbox.backend import OutboxBackend
from index.outbox.store import Outbox
from tests.index.outbox.remote import FileRemote
from tests.index.outbox.test_letters import text

BATCH = 5
VERSIONS = 3  # each article comes in so many texts, batch after batch


def batch_of(name: str, number: int) -> list[Article]:
    """The articles of a batch: a text of the process's own five, and one that every process stores."""
    group, version = divmod(number, VERSIONS)
    own = [text(f"{name}-{group}-{place}", version + 1) for place in range(BATCH)]  # type: ignore[arg-type]  # any name will do
    return [*own, text(f"shared-{number}")]  # type: ignore[arg-type]  # as above


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("outbox", type=Path)
    parser.add_argument("remote", type=Path)
    parser.add_argument("name")
    parser.add_argument("batches", type=int)
    parser.add_argument("--die-at", type=int)
    parser.add_argument("--pause", type=float, default=0.0)
    args = parser.parse_args()
    remote, outbox = FileRemote.at(args.remote), Outbox(args.outbox)
    backend = OutboxBackend(remote, outbox, draw=lambda: 0.0)
    if args.die_at:
        die_at(args.die_at, remote, outbox)
    print("ready", flush=True)
    sys.stdin.readline()
    for number in range(args.batches):
        batch = batch_of(args.name, number)
        answers = backend.put(batch)
        print("stored" if "waiting" not in answers else "waiting", *(each.id for each in batch), flush=True)
        time.sleep(args.pause)
    backend.drain(20)
    backend.close()


def die_at(number: int, remote: FileRemote, outbox: Outbox) -> None:
    """Count the SQL statements of both files and end the process at one of them, as a power cut would."""
    seen = iter(range(1, number + 1))

    def count(statement: str) -> None:
        if next(seen, number) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    outbox.file.connection.set_trace_callback(count)
    remote.connection.set_trace_callback(count)


if __name__ == "__main__":
    main()
