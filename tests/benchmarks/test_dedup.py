from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.dedup_score import Found, Label, Score, score, table
from benchmarks.records import article_of
from crawler.agencies import load_agencies
from index.engine import open_index
from tests.index.stories.labelled import article_id, record_of, rows
from tests.nodes.engines import engine_on, majors
from tests.nodes.shared import SharedNodes

Record = dict[str, Any]

TEXT = (
    "В порту Кандалакши загорелся буксир, стоявший у причала с вечера субботы, экипаж сошёл на берег сам.\n\n"
    "Огонь заметил сторож соседнего склада, он же вызвал пожарных и отогнал от причала легковые машины."
)


def record(number: int, domain: str, text: str = TEXT, **changes: Any) -> Record:
    return {
        "id": f"{number:016x}",
        "url": f"https://{domain}/2026/01/12/{number}.html",
        "domain": domain,
        "title": "Буксир горел до рассвета",
        "text": text,
        "lang": "ru",
        "published": "2026-01-12T09:00:00+00:00",
        "meta": {},
    } | changes


RECORDS = [
    record(1, "press37.example", f"{TEXT}\n\nИсточник: РИА Новости"),
    record(2, "ria.ru", published="2026-01-12T10:00:00+00:00"),
    record(
        3, "kray.example", "Музей кружева перенёс выставку на осень из-за протечки кровли в главном зале."
    ),
]

EXPECTED = [
    {"id": "0" * 15 + "1", "cluster": "0" * 15 + "1" + "0" * 16, "canonical": "0" * 15 + "2"},
    {"id": "0" * 15 + "2", "cluster": "0" * 15 + "1" + "0" * 16, "canonical": "0" * 15 + "2"},
    {"id": "0" * 15 + "3", "cluster": "0" * 15 + "3" + "0" * 16, "canonical": "0" * 15 + "3"},
]


def run(records: Sequence[Record], *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.dedup", *options]
    lines = "".join(json.dumps(each) + "\n" for each in records)
    return subprocess.run(command, input=lines, capture_output=True, text=True)


def answers(records: Sequence[Record], *options: str) -> list[dict[str, str]]:
    done = run(records, *options)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def kept(address: str) -> tuple[int, list[str]]:
    """How many articles an index holds, and its faults."""
    with closing(open_index(address, create=False)) as backend:
        return backend.stats()["articles"], backend.check().faults


class TestCommand:
    def test_lines_in_stories_out(self) -> None:
        done = run(RECORDS)
        assert [json.loads(line) for line in done.stdout.splitlines()] == EXPECTED
        assert done.stderr.startswith("stored=3, linked=3, judged=1, accepted=1, ")

    def test_more_writers_than_articles(self) -> None:
        assert answers(RECORDS, "--writers", "5") == EXPECTED

    def test_no_articles(self) -> None:
        assert answers([]) == []

    def test_a_named_index_has_to_be_empty_and_is_kept(self, tmp_path: Path) -> None:
        address = f"sqlite:///{tmp_path}/kept.db"
        assert answers(RECORDS, "--engine", address) == EXPECTED
        assert kept(address) == (3, [])
        again = run(RECORDS, "--engine", address)
        assert (again.returncode, again.stdout) == (1, "")
        assert "holds 3 articles already" in again.stderr
        assert kept(address) == (3, [])

    @pytest.mark.parametrize(
        ("records", "reason"),
        [
            ([*RECORDS, RECORDS[0]], "line 4: the id '0000000000000001' is no string, or was used before"),
            ([{"url": "https://ria.ru/1"}], "line 1 is no article with an id: KeyError('id')"),
            ([RECORDS[0], RECORDS[1] | {"id": 7}], "line 2: the id 7 is no string"),
            ([RECORDS[0], RECORDS[1] | {"published": "yesterday"}], "a writer failed"),
        ],
        ids=["id used twice", "no id", "id of a wrong type", "no date"],
    )
    def test_bad_lines_end_it_without_an_answer(self, records: list[Record], reason: str) -> None:
        done = run(records, "--writers", "2")
        assert (done.returncode, done.stdout) == (1, "")
        assert reason in done.stderr

    @pytest.mark.parametrize(
        ("options", "status", "reason"),
        [
            (["--writers", "0"], 2, "argument --writers"),
            (["--engine", "mysql"], 1, "index address 'mysql' is not understood"),
        ],
    )
    def test_bad_options(self, options: list[str], status: int, reason: str) -> None:
        done = run(RECORDS, *options)
        assert (done.returncode, done.stdout) == (status, "")
        assert reason in done.stderr


class TestLabelledSet:
    def test_scores_on_sqlite(self) -> None:
        one, three = (answers(labelled_records(), "--writers", writers) for writers in ("1", "3"))
        assert three == one
        assert_scores({"sqlite, 1 writer": scored(one), "sqlite, 3 writers": scored(three)})

    @pytest.mark.elasticsearch
    def test_scores_on_elasticsearch(
        self, nodes: SharedNodes, index_name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with engine_on(nodes, majors()[-1], index_name) as engine, engine.client() as client:
            for name, value in engine.environment.items():
                monkeypatch.setenv(name, value)
            before = set(client.indices.get(index="svodka-bench-*"))
            one, three = (
                answers(labelled_records(), "--engine", engine.url, "--writers", writers)
                for writers in ("1", "3")
            )
            assert set(client.indices.get(index="svodka-bench-*")) == before
        assert three == one == answers(labelled_records())
        assert_scores({f"{engine.version}, 1 writer": scored(one), "3 writers": scored(three)})


def labelled_records() -> list[Record]:
    return [record_of(row) for row in rows()]


def scored(found: list[dict[str, str]]) -> Score:
    """The measures over the labelled set. Its canonical articles are the originals of all in their stories."""
    labels = [
        Label(article_id(row["id"]), row["story"], article_id(row["canonical"]), row["hard"])
        for row in rows()
    ]
    return score(labels, {each["id"]: Found(each["cluster"], each["canonical"]) for each in found})


def assert_scores(scores: dict[str, Score]) -> None:
    """Print the table; every run has to be above all bars."""
    print(f"\n{table(scores)}")
    for name, each in scores.items():
        assert each.f1 >= 0.985, name
        assert each.precision >= 0.99, name
        assert each.copy_recall >= 0.98, name
        assert each.false_merges == 0, name
        assert each.canonical >= 0.99, name


def test_a_record_becomes_an_article() -> None:
    meta = {"original-source": "https://ria.ru/20260112/buksir-1.html"}
    article = article_of(
        record(7, "press37.example", published="2026-01-12T00:00:00+00:00", meta=meta), load_agencies()
    )
    assert (article.published_precision, article.domain) == ("day", "press37.example")
    assert article.published_at == datetime(2026, 1, 12, 12, tzinfo=UTC)
    assert article.source.domain == "ria.ru"
    assert article.original_url == meta["original-source"]
    assert article.fingerprint
