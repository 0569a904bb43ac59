from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.dedup import article_of, main
from crawler.agencies import load_agencies
from index.engine import open_index

TEXT = (
    "В порту Кандалакши загорелся буксир, стоявший у причала с вечера субботы, экипаж сошёл на берег сам.\n\n"
    "Огонь заметил сторож соседнего склада, он же вызвал пожарных и отогнал от причала легковые машины."
)


def record(number: int, domain: str, text: str = TEXT, **changes: Any) -> dict[str, Any]:
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


@pytest.fixture
def fed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(json.dumps(each) + "\n" for each in RECORDS)))


EXPECTED = [
    {"id": "0" * 15 + "1", "cluster": "0" * 15 + "1" + "0" * 16, "canonical": "0" * 15 + "2"},
    {"id": "0" * 15 + "2", "cluster": "0" * 15 + "1" + "0" * 16, "canonical": "0" * 15 + "2"},
    {"id": "0" * 15 + "3", "cluster": "0" * 15 + "3" + "0" * 16, "canonical": "0" * 15 + "3"},
]


def test_lines_in_stories_out() -> None:
    lines = "".join(json.dumps(each) + "\n" for each in RECORDS)
    command = [sys.executable, "-m", "benchmarks.dedup"]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    assert [json.loads(line) for line in done.stdout.splitlines()] == EXPECTED
    assert "linked=3" in done.stderr


@pytest.mark.usefixtures("fed")
def test_a_named_index_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    address = f"sqlite:///{tmp_path}/kept.db"
    assert main(["--index", address]) == 0
    assert [json.loads(line) for line in capsys.readouterr().out.splitlines()] == EXPECTED
    kept = open_index(address, create=False)
    assert (kept.stats()["articles"], kept.check().faults) == (3, [])
    kept.close()


def test_a_record_becomes_an_article() -> None:
    meta = {"original-source": "https://ria.ru/20260112/buksir-1.html"}
    article = article_of(
        record(7, "press37.example", published="2026-01-12T00:00:00+00:00", meta=meta), load_agencies()
    )
    assert (article.published_precision, article.domain) == ("day", "press37.example")
    assert article.source.domain == "ria.ru"
    assert article.original_url == meta["original-source"]
    assert article.fingerprint
