"""What a search finds, on every engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from index.article import Article
from index.backend import Backend
from index.search.parse import parse
from index.search.query import And, Filter, Node, Not, Or, Phrase, Query, Word
from index.search.results import MATCH_END, MATCH_START, Bucket
from tests.index.contract.stories import fold_into_one_story
from tests.make import NOON, digest, make_article, make_source

NOW = NOON + timedelta(days=1)


def put(backend: Backend, *articles: Article) -> None:
    backend.put(articles)


def found(backend: Backend, text: str, *, copies: bool = False) -> set[str]:
    """Titles of all hits."""
    results = backend.search(parse(text, now=NOW, copies=copies, limit=1000))
    assert results.total == len(results.hits)
    return {hit.title for hit in results.hits}


THREAT = make_article(
    site="ria.ru",
    title="Байден говорил об угрозе вторжения",
    lead="Президент США Джо Байден сделал заявление.",
    body="МОСКВА, 18 янв — РИА Новости. Угрозы обсудили на ria.ru.\n\nГарантии безопасности даны.",
    authors=["Иван Петров", "Сидор Кузнецов"],
    section="Политика",
    source=make_source("ria.ru", "РИА Новости"),
    published_at=datetime(2022, 1, 18, 9, 5, tzinfo=UTC),
)
TREES = make_article(
    site="tass.ru",
    title="Ёлки привезли в Москву",
    body="Зелёные ёлки продают с понедельника. Безопасность гарантирует вице-премьер Петров.",
    section="политика",
    source=make_source("tass.ru", "ТАСС"),
    published_at=datetime(2022, 1, 19, tzinfo=UTC),
)
TALKS = make_article(
    site="example.org",
    title="Biden's talks continued",
    body="The president talked about threats. Don’t worry, the Kremlin said; it cost 1,5 billion.",
    language="en",
    source=make_source("ria.ru", "РИА Новости", foreign=True),
    published_at=datetime(2022, 2, 1, 23, 59, 59, 500_000, tzinfo=UTC),
)


@pytest.fixture
def three(backend: Backend) -> Backend:
    put(backend, THREAT, TREES, TALKS)
    return backend


FINDS: list[tuple[str, list[Article]]] = [
    # words and their forms
    ("угроза", [THREAT]),
    ("УГРОЗАМИ", [THREAT]),
    ("елка", [TREES]),
    ("ёлками", [TREES]),
    ("зеленый", [TREES]),
    ("threat", [TALKS]),
    ("talking", [TALKS]),
    ("Biden", [TALKS]),
    ("don't", [TALKS]),
    ("1,5", [TALKS]),
    ("5", []),
    ("ria.ru", [THREAT]),
    ("ria", []),
    ("ru", []),
    ("сидор", [THREAT]),
    ("отсутствует", []),
    # all of them, in any of the fields
    ("байден безопасность", [THREAT]),
    ("петров гарантии", [THREAT]),
    ("байден ёлка", []),
    ("безопасность", [THREAT, TREES]),
    # phrases
    ('"гарантия безопасности"', [THREAT]),
    ("«джо байдена»", [THREAT]),
    ('"безопасность гарантии"', []),
    ('"безопасность гарантирует"', [TREES]),
    ("вице-премьер", [TREES]),
    ('"премьер вице"', []),
    # beginnings are of words as written
    ("угр*", [THREAT]),
    ("елк*", [TREES]),
    ("ri*", [THREAT]),
    ("ria.r*", [THREAT]),
    ("безопасн* гарант*", [THREAT, TREES]),
    ("безопасностью*", []),
    # exclusions
    ("-угроза", [TREES, TALKS]),
    ("безопасность -байден", [TREES]),
    ('безопасность -"гарантии безопасности"', [TREES]),
    ("-угр*", [TREES, TALKS]),
    ("-(угроза OR ёлка)", [TALKS]),
    ("-(угроза ёлка)", [THREAT, TREES, TALKS]),
    ("NOT NOT угроза", [THREAT]),
    ("-угроза -ёлка -talks", []),
    # alternatives
    ("угроза OR ёлка", [THREAT, TREES]),
    ("угроза ИЛИ отсутствует", [THREAT]),
    ("безопасность угроза OR ёлка", [THREAT, TREES]),
    ("безопасность (угроза OR talks)", [THREAT]),
    ("(угроза байден) OR (ёлка байден)", [THREAT]),
    ("угроза OR -безопасность", [THREAT, TALKS]),
    ("угр* OR talks", [THREAT, TALKS]),
    ("угр* OR отсут*", [THREAT]),
    # alternatives of words and filters
    ("ёлка OR site:ria.ru", [THREAT, TREES]),
    ("(ёлка OR site:ria.ru) безопасность", [THREAT, TREES]),
    ("(ёлка site:ria.ru) OR talks", [TALKS]),
    ("ёлк* OR lang:en", [TREES, TALKS]),
    ("-(ёлка OR site:ria.ru)", [TALKS]),
    ("-(безопасность site:ria.ru)", [TREES, TALKS]),
    ("безопасность -(ёлка lang:ru)", [THREAT]),
    ("site:ria.ru OR after:2022-02", [THREAT, TALKS]),
    # fields of words
    ("title:байден", [THREAT]),
    ("title:безопасность", []),
    ('title:"угрозы вторжения"', [THREAT]),
    ("title:вторж*", [THREAT]),
    ("title:угроза безопасность", [THREAT]),
    ("-title:угроза безопасность", [TREES]),
    ("author:петров", [THREAT]),
    ('author:"иван петров"', [THREAT]),
    ("author:кузн*", [THREAT]),
    ("петров", [THREAT, TREES]),
    # filters
    ("site:ria.ru", [THREAT]),
    ("site:RIA.RU", [THREAT]),
    ("site:ria", []),
    ("site:(ria.ru OR tass.ru)", [THREAT, TREES]),
    ("-site:ria.ru", [TREES, TALKS]),
    ("source:ria.ru", [THREAT, TALKS]),
    ('source:"риа новости"', [THREAT, TALKS]),
    ("source:тасс", [TREES]),
    ("-source:ТАСС", [THREAT, TALKS]),
    ("section:политика", [THREAT, TREES]),
    ("section:спорт", []),
    ("lang:en", [TALKS]),
    ("lang:ru безопасность -site:tass.ru", [THREAT]),
    ("role:canonical", [THREAT, TREES, TALKS]),
    ("role:copy", []),
    (f"story:{TREES.id}", [TREES]),
    (f"story:{digest('another')}", []),
    # dates
    ("after:2022-01-19", [TREES, TALKS]),
    ("before:2022-01-19", [THREAT]),
    ("after:2022-01-18 before:2022-01-19", [THREAT]),
    ("after:2022-01-18T09:05", [THREAT, TREES, TALKS]),
    ("after:2022-01-18T09:05:01", [TREES, TALKS]),
    ("before:2022-01-18T09:05", []),
    ("after:2022-02-01T23:59:59", [TALKS]),
    ("before:2022-02-01T23:59:59", [THREAT, TREES]),
    ("before:2022-02-02", [THREAT, TREES, TALKS]),
    ("after:2022-02 OR before:18.01.2022", [TALKS]),
    ("-after:2022-02", [THREAT, TREES]),
    ("after:24h", []),
    ("before:24h", [THREAT, TREES, TALKS]),
    ("", [THREAT, TREES, TALKS]),
]


def test_finds(three: Backend) -> None:
    wanted = {text: {article.title for article in expected} for text, expected in FINDS}
    assert len(wanted) == len(FINDS)
    assert {text: found(three, text) for text in wanted} == wanted


def test_no_phrase_spans_lead_and_body_or_two_authors(backend: Backend) -> None:
    article = make_article(
        title="Заголовок новости",
        lead="Ввод кончается словом мост",
        body="Паром ушёл.\n\nРека встала.",
        authors=["Иван Петров", "Сидор Кузнецов"],
    )
    put(backend, article)
    apart = [
        '"мост паром"',
        '"петров сидор"',
        'author:"петров сидор"',
        '"новости ввод"',
        '"словом мост паром ушёл"',
    ]
    within = [
        '"словом мост"',
        '"паром ушёл"',
        '"ушёл река"',
        '"иван петров"',
        'author:"сидор кузнецов"',
        "мост паром",
    ]
    assert [text for text in apart if found(backend, text)] == []
    assert [text for text in within if not found(backend, text)] == []
    (hit,) = backend.search(parse('"мост паром" OR мост')).hits
    assert hit.highlights == ["Ввод кончается словом \ue000мост\ue001"]


def test_a_hit_has_every_field(three: Backend) -> None:
    (hit,) = three.search(parse("угроза")).hits
    stored = three.get([THREAT.id])[THREAT.id]
    assert hit.as_json() == {
        "id": THREAT.id,
        "url": THREAT.url,
        "site": "ria.ru",
        "title": THREAT.title,
        "lead": THREAT.lead,
        "language": "ru",
        "section": "Политика",
        "authors": THREAT.authors,
        "published_at": "2022-01-18T09:05:00Z",
        "published_precision": "second",
        "published_origin": "json_ld",
        "source": {"name": "РИА Новости", "domain": "ria.ru"},
        "story_id": stored.story_id,
        "role": "canonical",
        "copies": 0,
        "outlets": stored.outlets,
        "first_copy_at": None,
        "last_copy_at": None,
        "revision": 1,
        "score": hit.score,
        "highlights": ["МОСКВА, 18 янв — РИА Новости. <mark>Угрозы</mark> обсудили на ria.ru."],
    }
    assert hit.score > 0


def test_a_story_is_one_hit_and_its_copies_are_asked_for(backend: Backend) -> None:
    original = make_article(site="ria.ru", title="Оригинал", body="Текст об угрозе.", published_at=NOON)
    copy = make_article(
        site="lenta.ru", title="Копия", body="Текст об угрозе.", published_at=NOON + timedelta(hours=1)
    )
    alone = make_article(site="ria.ru", title="Другое", body="Текст об ином.", published_at=NOON)
    put(backend, original, copy, alone)
    fold_into_one_story(backend, original, copy)
    (hit,) = backend.search(parse("угроза")).hits
    assert (hit.title, hit.role, hit.copies, hit.outlets) == (
        "Оригинал",
        "canonical",
        1,
        ["lenta.ru", "ria.ru"],
    )
    assert hit.first_copy_at == hit.last_copy_at == copy.published_at
    assert hit.as_json()["first_copy_at"] == "2026-01-18T13:00:00Z"
    assert hit.story_id == min(original.id, copy.id)
    assert found(backend, "угроза", copies=True) == {"Оригинал", "Копия"}
    assert found(backend, "role:copy", copies=True) == {"Копия"}
    assert found(backend, "-role:copy") == {"Оригинал", "Другое"}
    assert found(backend, f"story:{hit.story_id}") == {"Оригинал"}
    assert found(backend, f"story:{hit.story_id}", copies=True) == {"Оригинал", "Копия"}
    # A story is found by the text and the site of its canonical article.
    assert found(backend, "site:lenta.ru") == set()
    assert found(backend, "site:lenta.ru", copies=True) == {"Копия"}


def test_a_revision_replaces_what_is_found(backend: Backend) -> None:
    first = make_article(url="https://example.org/1", title="Ёлка упала", body="Старый текст.")
    second = make_article(
        url="https://example.org/1",
        title="Сосна упала",
        body="Новый текст.",
        fetched_at=NOON + timedelta(hours=1),
    )
    put(backend, first)
    put(backend, second)
    assert found(backend, "елка OR старый") == set()
    assert found(backend, "сосна новый") == {"Сосна упала"}
    assert backend.search(parse("сосна")).hits[0].revision == 2


def test_a_headline_outranks_the_body(backend: Backend) -> None:
    text = "Мост строили три года, и движение началось утром в понедельник."
    titled = make_article(title="Паром ушёл в рейс", body=text)
    mentioned = make_article(title="Мост открыт для движения", body=text + " Там был паром.")
    others = [make_article(title=f"Новость номер {n}", body=text) for n in range(20)]
    put(backend, mentioned, titled, *others)
    hits = backend.search(parse("паром")).hits
    assert [hit.title for hit in hits] == [titled.title, mentioned.title]
    assert hits[0].score > hits[1].score > 0


def test_words_rank_what_they_find_beside_filters(backend: Backend) -> None:
    plain = [make_article(title=f"Новость {n}", body="Ничего.", site="ria.ru") for n in range(5)]
    named = make_article(title="Паром ушёл", body="Паром в море.", published_at=NOON - timedelta(days=300))
    put(backend, *plain, named)
    hits = backend.search(parse("паром OR site:ria.ru")).hits
    assert len(hits) == 6
    assert hits[0].title == "Паром ушёл"


@pytest.mark.parametrize("text", ["", "новость", "новост*", "новость OR site:x.org", "-паром"])
@pytest.mark.parametrize("sort", ["score", "date", "copies", None])
def test_pages_follow_each_other_in_one_total_order(backend: Backend, text: str, sort: str | None) -> None:
    random = Random(7)
    articles = [
        make_article(url=f"https://x.org/{n}", site="x.org", title="Новость", body="Одно и то же.",
                     published_at=NOON + timedelta(seconds=random.choice([0, 0.25, 0.5, 1, 2])))
        for n in range(23)
    ]  # fmt: skip
    put(backend, *articles)
    pages = [backend.search(parse(text, sort=sort, limit=5, offset=offset)) for offset in range(0, 30, 5)]  # type: ignore[arg-type]  # one of Sort
    assert [len(page.hits) for page in pages] == [5, 5, 5, 5, 3, 0]
    assert {page.total for page in pages} == {23}
    assert {str(page.facets) for page in pages} == {str(pages[0].facets)}
    expected = sorted(articles, key=lambda article: (-article.published_at.timestamp(), article.id))
    assert [hit.id for page in pages for hit in page.hits] == [article.id for article in expected]


def test_no_hits_wanted_still_counts(three: Backend) -> None:
    results = three.search(parse("безопасность", limit=0))
    assert (results.total, results.hits) == (2, [])
    assert results.facets.site == [Bucket("ria.ru", 1), Bucket("tass.ru", 1)]


def test_date_order_is_newest_first(three: Backend) -> None:
    hits = three.search(parse("безопасность", sort="date")).hits
    assert [hit.title for hit in hits] == [TREES.title, THREAT.title]
    hits = three.search(parse("")).hits
    assert [hit.title for hit in hits] == [TALKS.title, TREES.title, THREAT.title]


def test_facets_count_all_hits(three: Backend) -> None:
    facets = three.search(parse("", limit=1)).facets
    assert facets.site == [Bucket("example.org", 1), Bucket("ria.ru", 1), Bucket("tass.ru", 1)]
    assert facets.source == [Bucket("РИА Новости", 2), Bucket("ТАСС", 1)]
    assert facets.day == [Bucket("2022-02-01", 1), Bucket("2022-01-19", 1), Bucket("2022-01-18", 1)]


def test_an_empty_index_answers(backend: Backend) -> None:
    for text in ("", "слово", "сло*", "-слово", "site:ria.ru", "a OR site:ria.ru"):
        results = backend.search(parse(text))
        assert (results.total, results.hits, results.facets.site) == (0, [], [])


@pytest.mark.parametrize(
    "text",
    [
        "' OR 1=1 --",
        '"; DROP TABLE text; --"',
        "NEAR(a b)",
        "a^2",
        "{title}:a",
        "body:",
        "+a",
        "AND*",
        "%",
        "_",
    ],
)
def test_hostile_text_is_only_text(three: Backend, text: str) -> None:
    try:
        results = three.search(parse(text))
    except ValueError:  # refused by the language: as good
        return
    assert results.total <= 3


def test_hostile_values_are_only_values(three: Backend) -> None:
    for value in ("' OR 1=1 --", "x') OR (1=1", "%", "ria_ru", "\x00"):
        assert three.search(Query(root=And((Filter("site", value),)))).total == 0
        assert three.search(Query(root=And((Filter("story", value),)))).total == 0


def test_words_without_letters_find_nothing(three: Backend) -> None:
    empty: list[Node] = [Word("—"), Word("—", prefix=True), Phrase(()), Phrase(("—", "…")), Or(())]
    for node in empty:
        assert three.search(Query(root=And((node,)))).total == 0
        assert three.search(Query(root=And((Word("безопасность"), node)))).total == 0
        assert three.search(Query(root=And((Word("безопасность"), Not(node))))).total == 2
        assert three.search(Query(root=And((Or((Word("talks"), node)),)))).total == 1


def test_highlights_mark_what_matched(three: Backend) -> None:
    for text, marked in (
        ("угрозой", {"Угрозы"}),
        ("гарант*", {"Гарантии", "гарантирует"}),
        ("елка", {"ёлки"}),
    ):
        passages = [passage for hit in three.search(parse(text)).hits for passage in hit.highlights]
        found = {part.split(MATCH_END)[0] for passage in passages for part in passage.split(MATCH_START)[1:]}
        assert found == marked
