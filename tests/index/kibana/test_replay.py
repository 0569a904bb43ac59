"""Kibana's requests on real nodes: answered whole, and with what plain Python counts in the stored documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest

from index.article import LONGEST_TEXT
from index.elastic.schema import Names
from index.kibana.objects import saved_objects
from index.kibana.queries import EXAMPLES
from index.kibana.replay.catalogue import Catalogue
from index.kibana.replay.discover import bars, documents, one_document
from index.kibana.replay.request import Context, ask, field_list
from index.kibana.searches import AGENCY_EVIDENCE
from tests.index.elastic.engines import opener
from tests.index.kibana.conftest import Desk
from tests.index.kibana.leaf import Document, has, leaf
from tests.make import NOON, make_article
from tests.nodes.engines import Engine

pytestmark = pytest.mark.xdist_group("kibana")  # one worker indexes the demo once a node

SEARCH_NAMES = [each["id"][len("news-") :] for each in saved_objects() if each["type"] == "search"]
MARK = "@kibana-highlighted-field@"


def test_the_demo_is_there(desk: Desk) -> None:
    assert (len(desk.articles), len(desk.stories), len(desk.runs)) == (57, 45, 100)


# Fields


def test_field_lists_have_no_conflict_and_every_mapped_field(desk: Desk) -> None:
    for view in desk.catalogue.views:
        source = desk.catalogue.source(view)
        found = desk.ask(field_list(source))["fields"]
        for name, field in source.fields.items():
            types = found[name]
            assert list(types) == [field.type], name
            assert types[field.type]["searchable"] == field.searchable, name
            assert types[field.type]["aggregatable"] == field.aggregatable, name
        ours = {
            name
            for name, types in found.items()
            if not all(each["metadata_field"] for each in types.values())
        }
        objects = {name for name in ours if "object" in found[name]}
        assert ours - objects == set(source.fields)


# Discover

SEARCHES: dict[str, Callable[[Document], bool]] = {
    "search-latest": lambda a: a["role"] == "canonical",
    "search-by-source": lambda a: a["role"] == "canonical",
    "search-wires": lambda a: a["role"] == "canonical"
    and any(each["kind"] in AGENCY_EVIDENCE for each in a["source"]["evidence"]),
    "search-revised": lambda a: a["revision"] > 1,
    "search-undated": lambda a: a["published_origin"] == "first_seen",
    "search-republished": lambda a: a["copies"] > 0,
    "search-copies": lambda a: a["role"] == "copy" or a["copies"] > 0,
    "search-problems": lambda r: not r["ok"],
}  # fmt: skip


def test_each_search_has_its_expectation() -> None:
    assert list(SEARCHES) == SEARCH_NAMES


@pytest.mark.parametrize("name", SEARCH_NAMES)
def test_a_saved_search_finds_what_it_should_in_its_order(desk: Desk, name: str) -> None:
    saved = desk.catalogue.search(f"{desk.prefix}-{name}")
    source = desk.catalogue.source(saved)
    stored = desk.runs if source.alias.endswith("-runs") else desk.articles
    expected = {each["id"]: each for each in stored if SEARCHES[name](each)}
    assert expected
    hits = desk.ask(documents(saved, source, desk.context))["hits"]["hits"]
    assert Counter(hit["_id"] for hit in hits) == Counter(dict.fromkeys(expected, 1))
    for hit in hits:
        assert not {
            name for name in hit["fields"] if name.endswith((".folded", ".exact")) or "linking" in name
        }
        fields = set(hit["fields"])
        shown = {column for column in saved.attributes.columns if has(expected[hit["_id"]], column)}
        assert shown <= fields, hit["_id"]
    field, direction = saved.attributes.sort[0]
    order = [leaf(expected[hit["_id"]], field) for hit in hits]
    assert order == sorted(order, reverse=direction == "desc")
    counted = desk.ask(bars(saved, source, desk.context))
    assert counted["hits"]["total"] == {"value": len(expected), "relation": "eq"}


def test_histogram_bars_add_up(desk: Desk) -> None:
    saved = desk.catalogue.search(f"{desk.prefix}-search-latest")
    source = desk.catalogue.source(saved)
    answer = desk.ask(bars(saved, source, desk.context))
    assert sum(bar["doc_count"] for bar in answer["aggregations"]["0"]["buckets"]) == len(desk.stories)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("query-ru-and", {"В Заречье на время ремонта моста запустят два парома", "Последняя голубятня города нашла хозяина"}),
        ("query-ru-phrase", {"В Приречье из-за ледяного дождя объявлен оранжевый уровень опасности"}),
        ("query-ru-title", {"Порт Тихого Мыса принял первое судно на водороде"}),
        ("query-ru-not", {"Шторм выбросил на берег бутылку с письмом школьников"}),
        ("query-ru-or", {"Лиственск закупит тридцать электробусов"}),
        ("query-en-and", {"Night train to link Riverton and Port Ellery from spring"}),
        ("query-en-phrase", {"Night train to link Riverton and Port Ellery from spring"}),
        ("query-en-title", {"Oakhaven paper mill to run on recycled fibre alone"}),
        ("query-en-not", {"Open-source tide gauge costs less than a bicycle", "Harbour Rowers win autumn regatta by a bow ball"}),
        ("query-en-or", {"Riverton tram line reopens after nine-month rebuild", "Bakery’s lighthouse loaf is named best bread in the county"}),
        ("query-reprinted", {"Учёные нашли под Староозёрском следы древнего озера"}),
        ("query-copies", set()),
    ],
)  # fmt: skip
def test_a_saved_query_finds_what_it_teaches_and_marks_it(desk: Desk, query: str, titles: set[str]) -> None:
    saved = desk.catalogue.search(f"{desk.prefix}-search-latest")
    text = next(each.query for each in EXAMPLES if each.name == query)
    hits = desk.ask(documents(saved, desk.catalogue.source(saved), desk.context, text))["hits"]["hits"]
    assert {hit["fields"]["title"][0] for hit in hits} == titles
    if ":" not in text and ">" not in text:
        for hit in hits:
            assert set(hit["highlight"]) <= {"title", "lead", "body"}
            assert any(MARK in value for values in hit["highlight"].values() for value in values)


def test_every_example_is_tried() -> None:
    tried = test_a_saved_query_finds_what_it_teaches_and_marks_it.pytestmark[0].args[1]  # type: ignore[attr-defined]  # pytest puts it there
    assert [each.name for each in EXAMPLES] == sorted(
        [query for query, _ in tried], key=[each.name for each in EXAMPLES].index
    )


def test_and_narrows_what_words_side_by_side_find(desk: Desk) -> None:
    saved = desk.catalogue.search(f"{desk.prefix}-search-copies")
    source = desk.catalogue.source(saved)

    def found(query: str) -> set[str]:
        hits = desk.ask(documents(saved, source, desk.context, query))["hits"]["hits"]
        return {hit["_id"] for hit in hits}

    assert found('"ремонт моста"') < found("ремонт and моста") < found("ремонт моста")
    assert found("ремонт моста") == found("ремонт") | found("моста")
    assert found("title.exact: ремонт*") < found("ремонт")


def test_a_story_link_leads_to_all_its_copies(desk: Desk) -> None:
    saved = desk.catalogue.search(f"{desk.prefix}-search-copies")
    source = desk.catalogue.source(saved)
    for story in (each for each in desk.stories if each["copies"]):
        query = f'story_id:"{story["story_id"]}"'
        hits = desk.ask(documents(saved, source, desk.context, query))["hits"]["hits"]
        members = [each["id"] for each in desk.articles if each["story_id"] == story["story_id"]]
        assert len(members) == story["copies"] + 1
        assert sorted(hit["_id"] for hit in hits) == sorted(members)


def test_a_document_opens_by_itself(desk: Desk) -> None:
    source = desk.catalogue.source(desk.catalogue.views[1])
    (hit,) = desk.ask(one_document(source, desk.articles[0]["id"]))["hits"]["hits"]
    assert hit["_source"] == desk.articles[0]


# Stories and long texts


def test_each_story_is_there_once(desk: Desk) -> None:
    names = Names(desk.prefix)
    aggs = {
        "stories": {"cardinality": {"field": "story_id", "precision_threshold": 40_000}},
        "twice": {"terms": {"field": "story_id", "min_doc_count": 2}},
    }
    each_once, every = (
        desk.es.search(index=alias, size=0, aggs=aggs)["aggregations"]
        for alias in (names.canonical, names.articles)
    )
    assert each_once["twice"]["buckets"] == []
    assert every["twice"]["buckets"] != []
    assert each_once["stories"] == every["stories"] == {"value": len(desk.stories)}


@pytest.mark.parametrize("letter", ["м", "\N{MATHEMATICAL BOLD SMALL M}"])
def test_the_longest_text_that_is_stored_is_highlighted(es: Engine, index_name: str, letter: str) -> None:
    words = f"{letter * 9} " * (LONGEST_TEXT // 10)
    article = make_article(body=f"{words[: LONGEST_TEXT - 6]} конец")
    assert len(article.body) == LONGEST_TEXT
    with opener(es) as open_index:
        backend = open_index()
        backend.put([article])
        backend.engine.refresh_all("articles")
        catalogue = Catalogue.of(index_name)
        saved = catalogue.search(f"{index_name}-search-latest")
        context = Context(NOON - timedelta(days=1), NOON + timedelta(days=1))
        answer = ask(
            backend.engine.cluster.es, documents(saved, catalogue.source(saved), context, "конец and мост")
        )
    (hit,) = answer["hits"]["hits"]
    assert hit["highlight"]["body"][0].endswith(f"{MARK}конец@/kibana-highlighted-field@")
