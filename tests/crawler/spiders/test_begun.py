from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError
from scrapy.settings import Settings

from crawler.lease import lease_key
from crawler.lock import is_locked, lock_path
from crawler.site import Site
from crawler.spiders import news
from index.outbox.backend import OutboxBackend
from tests.index.outbox.conftest import Time, backend, outbox, remote, time  # noqa: F401 - fixtures
from tests.index.outbox.remote import FileRemote

SITE = Site(
    name="a.example", title="A", domains=["a.example"], time_zone="UTC", feeds=["http://a.example/rss"]
)


def test_a_run_that_cannot_begin_gives_its_lease_and_lock_back(
    tmp_path: Path,
    backend: OutboxBackend,  # noqa: F811 - the fixture
    remote: FileRemote,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The lease is given back through the backend, which is closed after that."""
    monkeypatch.setattr(news, "open_index", lambda address: backend)
    remote.put_state("site:a.example", {"visits": "damaged"})
    index = f"sqlite:///{tmp_path}/news.db"
    settings = Settings({"SVODKA_INDEX": index, "SVODKA_NOW": datetime.now(UTC).isoformat()})
    with pytest.raises(ValidationError):
        news._begun(SITE, settings, None, dry_run=False)
    with FileRemote.at(tmp_path / "remote") as again:
        assert again.get_state(lease_key("a.example")) == {}
    assert not is_locked(lock_path(index, "a.example"))
