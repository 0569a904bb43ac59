"""What the search page is told of the crawl."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from crawler.status.health import examiner
from crawler.status.site import SEVERITY, State, judge
from crawler.status.sites import judge_without_files
from index.backend import IndexUnavailable
from index.engine import look_at_index, open_index
from index.web.health_page import KINDS
from index.web.language import LANGUAGES
from index.web.messages import messages
from tests.crawler.status.records import DAY, HOUR, hourly, rates, run
from tests.make import NOON, make_run


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_has_words_on_the_page(language: str) -> None:
    assert set(SEVERITY) == set(get_args(State)) <= KINDS
    for kind in KINDS:
        assert messages(language)(f"health.state_{kind.replace(' ', '_')}")


def test_without_its_file_a_site_is_never_late() -> None:
    assert judge(None, [run(9 * DAY, 1)], NOON).state == "ok"
    assert judge(None, [run(9 * DAY, 1, ok=False, exit=1)], NOON).state == "failing"
    changed = [run(n * HOUR, pages=10, fill=rates(title=0.1 if n < 2 else 1.0)) for n in range(9)]
    assert judge(None, changed, NOON).state == "layout"


def test_without_its_file_a_site_is_empty_if_it_was_so_when_it_last_ran() -> None:
    runs = hourly(18 * 24, range(6 * 24, 18 * 24))
    assert judge(None, runs, NOON).state == "empty"
    stopped = hourly(18 * 24, range(18 * 24))
    assert judge(None, stopped, NOON + 15 * DAY).state == "ok", "nobody asked it since"


@pytest.fixture
def address(tmp_path: Path) -> str:
    address = f"sqlite:///{tmp_path}/svodka.db"
    open_index(address).close()
    return address


def test_names_of_records_are_no_paths(address: str) -> None:
    names = ("../../etc/passwd", "a\0b", "x" * 5_000, "b.example")
    with closing(open_index(address)) as backend:
        for name in names:
            backend.put_run(make_run(name))
        judged = judge_without_files(backend, {"b.example"}, NOON)
    assert {site.site for site in judged.sites} == set(names) - {"b.example"}
    assert set(judged.records) == {site.site for site in judged.sites}


def test_a_record_of_the_future_is_no_run_of_now(address: str, tmp_path: Path) -> None:
    with closing(open_index(address)) as backend:
        backend.put_run(make_run("a.example", NOON + timedelta(days=900)))
        health = examiner(address, tmp_path)(backend, NOON)
    (site,) = health.sites
    assert (site.site, site.filed) == ("a.example", False)


def test_an_index_that_cannot_be_opened(address: str, tmp_path: Path) -> None:
    health = examiner(address, tmp_path)(IndexUnavailable("index x: foreign"), NOON)
    assert not health.status.answers
    assert health.alarms == ["index: index x: foreign"]
    assert health.json["exit_code"] == 3


def test_what_breaks_while_it_is_looked_at_is_raised(address: str, tmp_path: Path) -> None:
    from index.sqlite.backend import SqliteBackend

    with closing(open_index(address)) as backend:
        assert isinstance(backend, SqliteBackend)
        backend.connection.execute("DROP TABLE revision")
    with closing(look_at_index(address)) as backend, pytest.raises(IndexUnavailable):
        examiner(address, tmp_path)(backend, NOON)
