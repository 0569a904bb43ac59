"""KQL as people write it, and what it becomes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.kibana.fields import UnknownField, mapped_fields
from index.kibana.kql import And, Is, KqlError, Nested, Node, Not, Or, Range, Value, leaves, parse_kql
from index.kibana.kql_dsl import compile_kql

ARTICLES = mapped_fields("articles")
RUNS = mapped_fields("runs")


def word(text: str, field: str | None = None) -> Is:
    return Is(field, Value((text,)))


def phrase(text: str, field: str | None = None) -> Is:
    return Is(field, Value((text,), quoted=True))


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", None),
        ("  ", None),
        ("мэр", word("мэр")),
        ("мэр   Москвы", word("мэр Москвы")),
        ('"мэр Москвы"', phrase("мэр Москвы")),
        ("a and b", And((word("a"), word("b")))),
        ("a AND b Or c", Or((And((word("a"), word("b"))), word("c")))),
        ("a or b and not c", Or((word("a"), And((word("b"), Not(word("c"))))))),
        ("(a or b) and c", And((Or((word("a"), word("b"))), word("c")))),
        ("not (a or b)", Not(Or((word("a"), word("b"))))),
        ("title:мэр", word("мэр", "title")),
        ('title : "мэр"', phrase("мэр", "title")),
        ("title: мэр Москвы", word("мэр Москвы", "title")),
        ("title: (a and not b)", And((word("a", "title"), Not(word("b", "title"))))),
        ("title: (a or (b and c))", Or((word("a", "title"), And((word("b", "title"), word("c", "title")))))),
        ("copies >= 2", Range("copies", ">=", "2")),
        ('published_at<"2026-01-01"', Range("published_at", "<", "2026-01-01")),
        ("n: { a: 1 and b > 2 }", Nested("n", And((word("1", "a"), Range("b", ">", "2"))))),
        ("ri*", Is(None, Value(("ri", "")))),
        ("*", Is(None, Value(("", "")))),
        ("site: *.ru", Is("site", Value(("", ".ru")))),
        (r"a\*b", word("a*b")),
        (r"a\:b \(c\)", word("a:b (c)")),
        (r"this \and that", word("this and that")),
        (r'"say \"no\" \\ \u0041"', phrase('say "no" \\ A')),
        ('"a and b"', phrase("a and b")),
        ("andrew notes", word("andrew notes")),
    ],
)
def test_reading(text: str, node: Node | None) -> None:
    assert parse_kql(text) == node


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("a and", "the query ends where a value should be"),
        ("and", "'and' at character 1"),
        ("a or or b", "'or' at character 6"),
        ("title:", "the query ends"),
        ("(a", "the '(' at character 1 has no ')'"),
        ("a) b", "')' at character 2"),
        ("title: (a or)", "')' at character 13"),
        ("n: { a: 1", "the '{' at character 4 has no '}'"),
        ('say "no', "a quote that is not closed at character 5"),
        ("a: b: c", "':' at character 5"),
        ("a > (b)", "'(' at character 5"),
        ("ti*le: x", "a field's name with a wildcard: ti*le"),
        ("a \\", "'\\\\' at character 3"),
        ("(" * 200 + "a", "more than 50 brackets"),
        ("{ a: 1 }", "'{' at character 1"),
    ],
)
def test_what_is_no_kql_is_told_with_its_place(text: str, fault: str) -> None:
    with pytest.raises(KqlError) as raised:
        parse_kql(text)
    assert fault in str(raised.value)


@given(st.text(alphabet=' ab:*"\\(){}<>=andort1я', max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        node = parse_kql(text)
    except KqlError:
        return
    assert (node is None) == (not text.strip())
    list(leaves(node))


def any_of(*clauses: dict[str, Any]) -> dict[str, Any]:
    return {"bool": {"should": list(clauses), "minimum_should_match": 1}}


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("", {"match_all": {}}),
        ("*", {"match_all": {}}),
        ("мэр Москвы", {"multi_match": {"type": "best_fields", "query": "мэр Москвы", "lenient": True}}),
        ('"мэр Москвы"', {"multi_match": {"type": "phrase", "query": "мэр Москвы", "lenient": True}}),
        ("мэр*", {"query_string": {"query": "мэр*"}}),
        ("a+b*", {"query_string": {"query": "a\\+b*"}}),
        ("title: мэр Москвы", any_of({"match": {"title": "мэр Москвы"}})),
        ('title: "мэр Москвы"', any_of({"match_phrase": {"title": "мэр Москвы"}})),
        (
            "title: (a and b)",
            {"bool": {"filter": [any_of({"match": {"title": "a"}}), any_of({"match": {"title": "b"}})]}},
        ),
        ("site: ria.ru", any_of({"term": {"site": {"value": "ria.ru"}}})),
        ("site: ri*", any_of({"wildcard": {"site": {"value": "ri*"}}})),
        (r"site: a?\*b*", any_of({"wildcard": {"site": {"value": r"a\?\*b*"}}})),
        ("title: Москв*", any_of({"query_string": {"fields": ["title"], "query": "Москв*"}})),
        ("title: *", any_of({"exists": {"field": "title"}})),
        ("copies >= 2", any_of({"range": {"copies": {"gte": "2"}}})),
        (
            'published_at < "2026-01-01"',
            any_of({"range": {"published_at": {"lt": "2026-01-01", "time_zone": "Europe/Moscow"}}}),
        ),
        (
            "published_at: 2026-01-01",
            any_of(
                {
                    "range": {
                        "published_at": {
                            "gte": "2026-01-01",
                            "lte": "2026-01-01",
                            "time_zone": "Europe/Moscow",
                        }
                    }
                }
            ),
        ),
        (
            "not role: copy",
            {"bool": {"must_not": any_of({"term": {"role": {"value": "copy"}}})}},
        ),
        (
            "role: copy or copies > 0",
            any_of(any_of({"term": {"role": {"value": "copy"}}}), any_of({"range": {"copies": {"gt": "0"}}})),
        ),
        (
            "source: { role: copy }",
            {
                "nested": {
                    "path": "source",
                    "query": any_of({"term": {"role": {"value": "copy"}}}),
                    "score_mode": "none",
                }
            },
        ),
    ],
)
def test_query_of_elasticsearch(text: str, clause: dict[str, Any]) -> None:
    assert compile_kql(parse_kql(text), ARTICLES, "Europe/Moscow") == clause


def test_literals_of_booleans() -> None:
    assert compile_kql(parse_kql("ok: false"), RUNS, "UTC") == any_of({"match": {"ok": False}})


@pytest.mark.parametrize("text", ["titel: x", "titel > 1"])
def test_an_unknown_field_is_refused(text: str) -> None:
    with pytest.raises(UnknownField, match="titel"):
        compile_kql(parse_kql(text), ARTICLES, "UTC")
