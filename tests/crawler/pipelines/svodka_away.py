"""`svodka` on an index that fails as its folder says: `python -m tests.crawler.pipelines.svodka_away ARGUMENTS`.

The index is a real engine behind an outbox, both in SVODKA_TEST_FOLDER; see `tests.index.outbox.remote`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import index.engine
from index.backend import Backend
from index.outbox.backend import OutboxBackend
from index.settings import OutboxSettings
from tests.index.outbox.remote import FileRemote


def opened(address: str = "", *, create: bool = True) -> Backend:
    folder = Path(os.environ["SVODKA_TEST_FOLDER"])
    patience = float(os.environ.get("SVODKA_OUTBOX_PATIENCE", "0"))
    settings = OutboxSettings(folder=folder / "outbox", limit_mb=1, patience=patience)
    return OutboxBackend.at(FileRemote.at(folder / "remote"), "http://es.example:9200", "news", settings)


if __name__ == "__main__":
    os.environ["SVODKA_OUTBOX_FOLDER"] = (
        f"{os.environ['SVODKA_TEST_FOLDER']}/outbox"  # its locks are there too
    )
    index.engine.open_index = opened  # before the crawler takes the name over
    from crawler.cli import main

    sys.exit(main())
