from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from index.article import Article, Evidence, Source, explain_invalid, field_table

MOSCOW = timezone(timedelta(hours=3))


def fields(**changes: Any) -> dict[str, Any]:
    moment = datetime(2026, 11, 20, 15, tzinfo=MOSCOW)
    return {
        "id": "0" * 32, "url": "http://a.example/1", "site": "a.example", "domain": "a.example", "title": "Т",
        "body": "Один.\n\nДва.", "language": "ru", "published_at": moment, "published_precision": "minute",
        "published_origin": "meta", "first_seen_at": moment, "fetched_at": moment, "word_count": 2,
        "content_hash": "1" * 32, "source": Source(name="A", domain="a.example", confidence=1.0), **changes,
    }  # fmt: skip


def test_times_are_kept_in_utc() -> None:
    assert Article(**fields()).published_at == datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert Article(**fields()).published_at.utcoffset() == timedelta()


def test_an_article_survives_json() -> None:
    evidence = Evidence(kind="mark_url", name="ria.ru", domain="ria.ru", text="ria.ru", confidence=0.9)
    source = Source(name="РИА Новости", domain="ria.ru", confidence=0.9, evidence=[evidence])
    article = Article(**fields(source=source, authors=["Анна Ёлкина"], published_offset=180))
    assert Article.model_validate_json(article.model_dump_json()) == article


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"colour": "red"}, "colour: Extra inputs"),
        ({"word_count": "2"}, "word_count: Input should be a valid integer"),
        ({"title": ""}, "title: String should have at least 1 character"),
        ({"id": "XYZ"}, "id: String should match pattern"),
        ({"published_precision": "hour"}, "published_precision: Input should be"),
        ({"published_at": datetime(2026, 11, 20)}, "published_at: Input should have timezone"),  # noqa: DTZ001
        ({"authors": "Анна"}, "authors: Input should be a valid list"),
        ({"source": {"name": "A"}}, "source.domain: Field required"),
    ],
)
def test_an_unknown_or_ill_typed_field_is_named(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError) as error:
        Article(**fields(**change))
    assert named in explain_invalid(error.value)


def test_all_faults_are_told_at_once() -> None:
    data = json.loads(Article(**fields()).model_dump_json()) | {"colour": 1, "word_count": "many"}
    with pytest.raises(ValidationError) as error:
        Article.model_validate_json(json.dumps(data))
    assert explain_invalid(error.value).count(";") == 1


def test_a_nested_fault_is_named_by_its_path() -> None:
    data = json.loads(Article(**fields()).model_dump_json())
    data["source"]["evidence"] = [{"kind": "rumour", "name": "", "domain": "", "text": "", "confidence": 1.0}]
    with pytest.raises(ValidationError) as error:
        Article.model_validate_json(json.dumps(data))
    assert "source.evidence.0.kind" in explain_invalid(error.value)


def test_paragraphs_are_the_lead_and_the_body() -> None:
    assert Article(**fields(lead="Ноль.")).paragraphs == ["Ноль.", "Один.", "Два."]
    assert Article(**fields(body="")).paragraphs == []


def test_every_field_is_documented_and_the_page_is_up_to_date() -> None:
    assert "| None |" not in field_table()
    page = Path(__file__).parents[2] / "docs" / "article.md"
    assert field_table() in page.read_text(encoding="utf-8")
