"""Any query, on every engine, finds what a plain evaluation of it over the stored articles finds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import get_args

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.article import Article
from index.backend import Backend
from index.search.analysis import fold_value, stems, words
from index.search.query import And, Copied, Filter, Node, Not, Or, Period, Phrase, Query, TextField, Word
from index.search.results import Bucket
from tests.index.contract.stories import fold_into_one_story
from tests.make import make_article, make_source

VOCABULARY = (
    "угроза",
    "угрозы",
    "угрозам",
    "ёлка",
    "елки",
    "ёлкой",
    "мост",
    "моста",
    "мосты",
    "talk",
    "talked",
    "talks",
    "ria.ru",
    "1,5",
    "вице",
    "премьер",
)
SITES = ("ria.ru", "tass.ru", "lenta.ru")
SECTIONS = ("Политика", "политика", "Спорт", None)
AUTHORS: tuple[list[str], ...] = ([], ["Иван Петров"], ["Мост Угроза", "Ёлка Петров"])
START = datetime(2022, 1, 1, tzinfo=UTC)


def random_articles(random: Random, count: int) -> Iterator[Article]:
    for n in range(count):
        site = random.choice(SITES)
        agency = random.choice([make_source(site), make_source("tass.ru", "ТАСС", foreign=site != "tass.ru")])
        yield make_article(
            url=f"https://{site}/{n}",
            site=site,
            title=" ".join(random.choices(VOCABULARY, k=2)),
            lead=random.choice([None, random.choice(VOCABULARY)]),
            body=" ".join(random.choices(VOCABULARY, k=random.randint(0, 4))),
            authors=random.choice(AUTHORS),
            section=random.choice(SECTIONS),
            language=random.choice(["ru", "en"]),
            source=agency,
            published_at=START + timedelta(hours=random.randrange(72), milliseconds=random.choice([0, 500])),
        )


def matches(node: Node, article: Article) -> bool:
    """Whether an article is what a query asks for, read off the definition of each node.

    No phrase spans lead and body, or two authors.
    """
    if isinstance(node, And):
        return all(matches(part, article) for part in node.parts)
    if isinstance(node, Or):
        return any(matches(part, article) for part in node.parts)
    if isinstance(node, Not):
        return not matches(node.part, article)
    if isinstance(node, Period):
        return (article.published_at >= node.moment) is (node.bound == "after")
    if isinstance(node, Copied):
        last = article.last_copy_at
        return article.copies > 0 and (node.since is None or (last is not None and last >= node.since))
    if isinstance(node, Filter):
        return fold_value(node.value) in map(fold_value, values(node, article))
    text = [*filter(None, [article.lead]), article.body]
    texts = {
        "title": [article.title],
        "author": article.authors,
        "any": [article.title, *article.authors, *text],
    }[node.field]
    if isinstance(node, Word) and node.prefix:
        return any(word.startswith(words(node.text)[0]) for text in texts for word in words(text))
    wanted = stems(node.text) if isinstance(node, Word) else stems(" ".join(node.words))
    return any(in_a_row(wanted, stems(text)) for text in texts)


def in_a_row(wanted: Sequence[str], text: Sequence[str]) -> bool:
    return any(list(text[at : at + len(wanted)]) == list(wanted) for at in range(len(text) - len(wanted) + 1))


def values(node: Filter, article: Article) -> list[str]:
    by_field: dict[str, list[str]] = {
        "site": [article.site],
        "source": [article.source.name, article.source.domain],
        "lang": [article.language],
        "section": [article.section] if article.section else [],
        "story": [article.story_id or ""],
        "role": [article.role],
    }
    return by_field[node.field]


FIELDS = st.sampled_from(get_args(TextField))
PLAIN = [word for word in VOCABULARY if word.isalpha()]
LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(Word, st.sampled_from(VOCABULARY), FIELDS),
    st.builds(lambda text, size, field: Word(text[:size], field, prefix=True), st.sampled_from(PLAIN), st.integers(2, 6), FIELDS),
    st.builds(lambda texts, field: Phrase(tuple(texts), field), st.lists(st.sampled_from(VOCABULARY), min_size=2, max_size=3), FIELDS),
    st.builds(Filter, st.just("site"), st.sampled_from([*SITES, "RIA.ru", "x.org"])),
    st.builds(Filter, st.just("source"), st.sampled_from(["ТАСС", "тасс", "tass.ru", "ria.ru"])),
    st.builds(Filter, st.just("section"), st.sampled_from(["ПОЛИТИКА", "спорт"])),
    st.builds(Filter, st.just("lang"), st.sampled_from(["ru", "en", "de"])),
    st.builds(Filter, st.just("role"), st.sampled_from(["canonical", "copy"])),
    st.builds(Period, st.sampled_from(["after", "before"]), st.integers(0, 72).map(lambda h: START + timedelta(hours=h))),
    st.builds(Copied, st.one_of(st.none(), st.integers(0, 72).map(lambda h: START + timedelta(hours=h)))),
)  # fmt: skip
NODES = st.recursive(
    LEAVES,
    lambda nodes: st.one_of(
        nodes.map(Not),
        st.lists(nodes, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(nodes, max_size=3).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=8,
)
ROOTS = st.lists(NODES, max_size=4).map(lambda parts: And(tuple(parts)))


def buckets(values: Sequence[str]) -> list[Bucket]:
    counted = sorted(Counter(values).items(), key=lambda pair: (-pair[1], pair[0]))
    return [Bucket(value, count) for value, count in counted]


def test_any_query_finds_what_a_plain_evaluation_finds(backend: Backend) -> None:
    articles = list(random_articles(Random(5), 80))
    backend.put(articles)
    for first in range(0, 30, 3):
        fold_into_one_story(backend, *articles[first : first + 3])
    stored = list(backend.get([article.id for article in articles]).values())

    @settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(root=ROOTS, copies=st.booleans(), sort=st.sampled_from(["score", "date", "copies", None]))
    def check(root: And, copies: bool, sort: str | None) -> None:
        query = Query("…", root, copies, sort, limit=100)  # type: ignore[arg-type]  # one of Sort
        results = backend.search(query)
        expected = [each for each in stored if (copies or each.role == "canonical") and matches(root, each)]
        assert {hit.id for hit in results.hits} == {article.id for article in expected}
        assert results.total == len(results.hits) == len(expected)
        assert results.facets.site == buckets([article.site for article in expected])
        assert results.facets.source == buckets([article.source.name for article in expected])
        assert results.facets.section == buckets([each.section for each in expected if each.section])
        assert results.facets.language == buckets([article.language for article in expected])
        assert results.facets.role == buckets([article.role for article in expected])
        days = Counter(article.published_at.date().isoformat() for article in expected)
        assert results.facets.day == [Bucket(day, days[day]) for day in sorted(days, reverse=True)]
        order = [(-hit.score, -hit.published_at.timestamp(), hit.id) for hit in results.hits]
        assert sort == "date" or order == sorted(order)
        assert sort != "date" or [each[1:] for each in order] == sorted(each[1:] for each in order)
        assert sort != "copies" or [hit.score for hit in results.hits] == [hit.copies for hit in results.hits]

    check()
