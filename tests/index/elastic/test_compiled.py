"""What a query becomes, and that a server takes the largest and deepest that can be asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from index.elastic.backend import ElasticBackend
from index.elastic.compiled import NOTHING, compile_node, ranks
from index.search.parse import MAX_CHARACTERS, MAX_DEPTH, MAX_TERMS, parse
from index.search.query import And, Filter, Or, Phrase, Word
from index.settings import load_settings
from tests.make import make_article
from tests.nodes.engines import Engine

ANYWHERE = ["title^3.0", "authors", "lead", "body"]


@pytest.fixture
def backend(es: Engine) -> Iterator[ElasticBackend]:
    """An empty index on a real node."""
    with ElasticBackend.at(es.url, load_settings(es.environment).elasticsearch) as backend:
        backend.require_ready(create=True)
        yield backend


def compiled(text: str) -> dict[str, Any]:
    return compile_node(parse(text).root)


def word(text: str, *fields: str) -> dict[str, Any]:
    return {"combined_fields": {"query": text, "fields": list(fields)}}


def anywhere(text: str) -> dict[str, Any]:
    return word(text, *ANYWHERE)


def phrase(text: str) -> dict[str, Any]:
    return {"multi_match": {"query": text, "type": "phrase", "fields": ANYWHERE, "tie_breaker": 1.0}}


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("", {"match_all": {"boost": 0.0}}),
        ("Ёлка", {"bool": {"must": [anywhere("елка")]}}),
        ("вице-премьер", {"bool": {"must": [phrase("вице премьер")]}}),
        ("author:Петров", {"bool": {"must": [word("петров", "authors")]}}),
        ("мост -река", {"bool": {"must": [anywhere("мост")], "must_not": [anywhere("река")]}}),
        ("мост lang:ru", {"bool": {"must": [anywhere("мост")], "filter": [{"term": {"language.folded": "ru"}}]}}),
        (
            "мост OR lang:ru",
            {
                "bool": {
                    "should": [anywhere("мост"), {"bool": {"filter": [{"term": {"language.folded": "ru"}}]}}],
                    "minimum_should_match": 1,
                }
            },
        ),
        (
            "after:2022",
            {"bool": {"filter": [{"range": {"published_at": {"gte": "2022-01-01T00:00:00+00:00"}}}]}},
        ),
        (
            "title:мос*",
            {"bool": {"must": [{"dis_max": {"queries": [{"prefix": {"title.exact": {"value": "мос", "boost": 3.0}}}]}}]}},
        ),
    ],
)  # fmt: skip
def test_clauses(text: str, clause: dict[str, Any]) -> None:
    assert compiled(text) == clause


@pytest.mark.parametrize(
    "node",
    [Word("—"), Word("—", prefix=True), Word("a b", prefix=True), Phrase(()), Filter("site", " \u0301")],
)
def test_what_has_no_letters_matches_nothing(node: Word | Phrase | Filter) -> None:
    assert compile_node(node) == NOTHING


def test_no_alternatives_match_nothing() -> None:
    assert compile_node(Or(())) == {"bool": {"should": [NOTHING], "minimum_should_match": 1}}


@pytest.mark.parametrize(
    ("text", "scored"),
    [("мост", True), ("мос*", True), ("site:x OR мост", True), ("-мост", False), ("site:x", False), ("", False)],
)  # fmt: skip
def test_only_words_looked_for_rank(text: str, scored: bool) -> None:
    assert ranks(parse(text).root) is scored


def nested(opening: str, times: int = MAX_DEPTH) -> str:
    return opening * times + "xy*" + ")" * (opening.count("(") - opening.count(")")) * times


def forked(times: int) -> str:
    """Two branches of one depth, so that only one of them can be taken in."""
    inner = forked(times - 1) if times else "xy*"
    return f"a OR ({inner}) b OR ({inner})"


DEEP = [
    nested("a b OR "),
    nested("a b OR ("),
    nested("a OR (b "),
    nested("(a b) OR (b "),
    nested("a -(b ", MAX_DEPTH // 2),
    nested("-(a OR ", MAX_DEPTH // 2),
    nested("a c OR d b OR (", MAX_DEPTH - 5),
    nested("a OR -", MAX_DEPTH // 2),
    nested("NOT "),
    nested("("),
    forked(3),
    "NOT " * (MAX_DEPTH - 5) + f"({forked(3)})",
    nested("a b OR (", 8).replace("xy*", "NOT " * 7 + f"({forked(3)})"),
]


@pytest.mark.parametrize("text", DEEP, ids=range(len(DEEP)))
def test_the_deepest_query_is_taken(backend: ElasticBackend, text: str) -> None:
    backend.put([make_article(title="a b c d x")])
    assert backend.search(parse(text)).total in {0, 1}


def widest(term: str, between: str) -> str:
    """As many terms as a query may have."""
    return between.join(term.format(n) for n in range(10, 10 + MAX_TERMS))[:MAX_CHARACTERS]


@pytest.mark.parametrize(
    ("text", "total"),
    [
        (widest("с{}*", " OR "), 2),
        (widest("слово{}", " OR "), 1),
        (widest('"с {}"', " OR "), 0),
        (widest("-с{}xy*", " "), 2),
        (widest("site:s{}", " OR "), 0),
        ("x-" * 499 + "x", 0),
    ],
)
def test_the_widest_query_is_taken(backend: ElasticBackend, text: str, total: int) -> None:
    words = " ".join(f"с{n}" for n in range(10, 90))
    backend.put(
        [make_article(title="Слово10", body=words, url="https://example.org/1"), make_article(title="с10")]
    )
    assert backend.search(parse(text)).total == total


def test_a_beginning_of_any_number_of_words_finds_them_all(backend: ElasticBackend) -> None:
    """More words begin so than a server allows clauses in a query."""
    backend.put([make_article(title=f"слово{start}", body=" ".join(f"угр{n}" for n in range(start, start + 1_500)))
                 for start in range(0, 6_000, 1_500)])  # fmt: skip
    assert backend.search(parse("угр*")).total == 4
    assert backend.search(parse("угр5999*")).total == 1
    assert backend.search(parse("-угр*")).total == 0


def test_dates_cost_no_scores(backend: ElasticBackend) -> None:
    backend.put([make_article(title="Мост")])
    assert [hit.score for hit in backend.search(parse("мост", sort="date")).hits] == [0.0]
    assert backend.search(parse("мост")).hits[0].score > 0


SCORELESS = "мост OR site:ria.ru OR source:ria.ru OR after:2020 OR -мост OR (lang:ru source:example.org) OR -(lang:en)"


def test_filters_add_nothing_to_a_score(backend: ElasticBackend) -> None:
    backend.put([make_article(title="Мост"), make_article(title="Паром", body="Ушёл.", site="ria.ru")])
    plain, filtered = (backend.search(parse(text)).hits[0].score for text in ("мост", "мост lang:ru"))
    assert plain == filtered
    scores = {hit.title: hit.score for hit in backend.search(parse(SCORELESS)).hits}
    assert scores == {"Мост": plain, "Паром": 0.0}


def test_an_or_of_nothing_in_an_and_matches_nothing() -> None:
    assert compile_node(And((Word("мост"), Or(())))) == {
        "bool": {"must": [anywhere("мост")], "should": [NOTHING], "minimum_should_match": 1}
    }
