"""Kibana's requests on real nodes: answered whole, and with what plain Python counts in the stored documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from index.article import LONGEST_TEXT
from index.elastic.schema import Names
from index.kibana.objects import saved_objects
from index.kibana.queries import EXAMPLES
from index.kibana.replay.catalogue import Catalogue
from index.kibana.replay.charts import chart_request, layer_of, other_request, rows
from index.kibana.replay.controls import completion, control_fields, suggestions, typed
from index.kibana.replay.discover import bars, documents, one_document, search_requests
from index.kibana.replay.request import Context, ask, field_list
from index.kibana.searches import AGENCY_EVIDENCE
from tests.index.elastic.engines import opener
from tests.index.kibana.conftest import Desk
from tests.make import NOON, make_article
from tests.nodes.engines import Engine

pytestmark = pytest.mark.xdist_group("kibana")  # one worker indexes the demo once a node

NAMES = {
    kind: [each["id"][len("news-") :] for each in saved_objects() if each["type"] == kind]
    for kind in ("search", "lens", "dashboard")
}
MARK = "@kibana-highlighted-field@"
Document = dict[str, Any]


def test_the_demo_is_there(desk: Desk) -> None:
    assert (len(desk.articles), len(desk.stories), len(desk.runs)) == (57, 45, 84)


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
    assert list(SEARCHES) == NAMES["search"]


@pytest.mark.parametrize("name", NAMES["search"])
def test_a_saved_search_finds_what_it_should_in_its_order(desk: Desk, name: str) -> None:
    saved = desk.catalogue.search(f"{desk.prefix}-{name}")
    source = desk.catalogue.source(saved)
    stored = desk.runs if source.alias.endswith("-runs") else desk.articles
    expected = {each["id"]: each for each in stored if SEARCHES[name](each)}
    assert expected
    hits = desk.ask(documents(saved, source, desk.context))["hits"]["hits"]
    assert Counter(hit["_id"] for hit in hits) == Counter(dict.fromkeys(expected, 1))
    for hit in hits:
        fields = {key.removesuffix(".folded") for key in hit["fields"]}
        shown = {column for column in saved.attributes.columns if _has(expected[hit["_id"]], column)}
        assert shown <= fields, hit["_id"]
    field, direction = saved.attributes.sort[0]
    order = [_leaf(expected[hit["_id"]], field) for hit in hits]
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


# Charts


def _days(articles: Iterable[Document]) -> Counter[tuple[str, int]]:
    zone = ZoneInfo("Europe/Moscow")
    found: Counter[tuple[str, int]] = Counter()
    for each in articles:
        day = datetime.fromisoformat(each["published_at"]).astimezone(zone)
        midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
        found[each["site"], int(midnight.timestamp() * 1000)] += 1
    return found


def test_stories_per_day_by_site(desk: Desk) -> None:
    table = _table(desk, "lens-per-day")
    counted = Counter({(row["by_site"], row["time"]): row["count"] for row in table if row["count"]})
    assert counted == _days(desk.stories)
    assert len({row["time"] for row in table}) == 8  # empty days are there, too


@pytest.mark.parametrize(
    ("name", "field", "of"),
    [
        ("lens-sources", "source.name", "articles"),
        ("lens-languages", "language", "stories"),
        ("lens-sections", "section", "stories"),
    ],
)
def test_most_frequent_values(desk: Desk, name: str, field: str, of: str) -> None:
    values = Counter(_leaf(each, field) for each in getattr(desk, of) if _leaf(each, field) is not None)
    table = _table(desk, name)
    counted = {row[f"by_{field.replace('.', '_')}"]: row["count"] for row in table}
    assert list(counted.values()) == sorted(values.values(), reverse=True)[:12]
    assert counted.items() <= values.items()


def test_figures_of_the_news(desk: Desk) -> None:
    assert _table(desk, "lens-stories") == [{"count": len(desk.stories)}]
    assert _table(desk, "lens-articles") == [{"count": len(desk.articles)}]
    assert _table(desk, "lens-copies") == [{"copies": len(desk.articles) - len(desk.stories)}]
    names = {each["source"]["name"] for each in desk.articles}
    assert _table(desk, "lens-sources-number") == [{"source_name": len(names)}]


def test_the_rest_is_asked_for_when_there_are_more_values_than_shown(desk: Desk) -> None:
    saved = desk.catalogue.chart(f"{desk.prefix}-lens-per-day")
    layer = layer_of(saved)
    params = layer.columns["by_site"].params.model_copy(update={"size": 2})
    column = layer.columns["by_site"].model_copy(update={"params": params})
    layer.columns["by_site"] = column
    try:
        source = desk.catalogue.source(saved)
        answer = desk.ask(chart_request(saved, source, desk.context))
        request = other_request(saved, source, desk.context, answer)
        assert request is not None
        rest = rows(layer, desk.ask(request))
    finally:
        layer.columns["by_site"] = column.model_copy(
            update={"params": params.model_copy(update={"size": 12})}
        )
    shown = sum(row["count"] for row in rows(layer, answer))
    assert {row["by_site"] for row in rest} == {"Other"}
    assert shown + sum(row["count"] for row in rest) == len(desk.stories)


def test_figures_of_the_runs(desk: Desk) -> None:
    problems = [each for each in desk.runs if not each["ok"]]
    assert _table(desk, "lens-runs") == [{"count": len(desk.runs)}]
    assert _table(desk, "lens-runs-problems") == [{"problems": len(problems)}]
    indexed = sum(each["outcomes"]["indexed"] for each in desk.runs)
    assert _table(desk, "lens-new") == [{"outcomes_indexed": indexed}]
    assert _table(desk, "lens-outbox-now") == [{"waiting": max(each["waiting"] for each in desk.runs)}]


@pytest.mark.parametrize(
    ("name", "by", "figure", "of"),
    [
        ("lens-runs-ended", "finish", "count", lambda run: 1),
        ("lens-new-per-site", "site", "outcomes_indexed", lambda run: run["outcomes"]["indexed"]),
    ],
)
def test_runs_over_time(desk: Desk, name: str, by: str, figure: str, of: Any) -> None:
    expected: Counter[str] = Counter()
    for run in desk.runs:
        expected[run[by]] += of(run)
    counted: Counter[str] = Counter()
    for row in _table(desk, name):
        counted[row[f"by_{by}"]] += row[figure] or 0
    assert +counted == +expected


def test_fill_rates_and_outbox_over_time(desk: Desk) -> None:
    fills = [row for row in _table(desk, "lens-fill") if row["fill_title"] is not None]
    assert fills
    assert {(row["fill_title"], row["fill_body"], row["fill_date"], row["fill_author"]) for row in fills} == {
        (1.0, 0.75, 0.5, 0.25)
    }
    waiting = [row["waiting"] for row in _table(desk, "lens-outbox") if row["waiting"] is not None]
    assert max(waiting) == 27


def test_a_row_for_each_site(desk: Desk) -> None:
    fresh = {row["by_site"]: row for row in _table(desk, "lens-freshness")}
    assert list(fresh) == sorted({run["site"] for run in desk.runs})
    for site, row in fresh.items():
        runs = [run for run in desk.runs if run["site"] == site]
        newest = max((run["newest_published_at"] for run in runs if run["newest_published_at"]), default=None)
        assert _moment(row["newest_published_at"]) == (newest and datetime.fromisoformat(newest))
        assert _moment(row["finished_at"]) == max(datetime.fromisoformat(run["finished_at"]) for run in runs)
        assert (row["count"], row["problems"]) == (len(runs), sum(not run["ok"] for run in runs))
    for row in _table(desk, "lens-outcomes"):
        runs = [run for run in desk.runs if run["site"] == row["by_site"]]
        for name in runs[0]["outcomes"]:
            assert row[f"outcomes_{name}"] == sum(run["outcomes"][name] for run in runs), name


# Controls


@pytest.mark.parametrize("name", NAMES["dashboard"])
def test_controls_list_values_and_every_panel_takes_them(desk: Desk, name: str) -> None:
    (board,) = (each for each in desk.catalogue.dashboards if each.id == f"{desk.prefix}-{name}")
    source = desk.catalogue.source(board)
    stored = desk.runs if name.endswith("health") else desk.stories
    shown = [each.id for each in board.references if each.type in {"lens", "search"}]
    for field, request in zip(control_fields(board), suggestions(board, source, desk.context), strict=True):
        values = Counter(_leaf(each, field) for each in stored)
        listed = desk.ask(request)["aggregations"]
        assert listed["unique_terms"]["value"] == len(values)
        assert {each["key"]: each["doc_count"] for each in listed["suggestions"]["buckets"]} == values
        picked = replace(desk.context, picked={field: values.most_common(1)[0][0]})
        for chart in (each for each in desk.catalogue.charts if each.id in shown):
            table = rows(
                layer_of(chart), desk.ask(chart_request(chart, desk.catalogue.source(chart), picked))
            )
            assert table, chart.id
        for saved in (each for each in desk.catalogue.searches if each.id in shown):
            for each in search_requests(saved, desk.catalogue.source(saved), picked):
                desk.ask(each)


def test_a_picked_site_narrows_the_chart(desk: Desk) -> None:
    picked = replace(desk.context, picked={"site": "meridian-wire.example"})
    assert _table(desk, "lens-stories", picked) == [{"count": 7}]


@pytest.mark.parametrize(
    ("start", "found"), [("Сводн", ["Сводная лента"]), ("meridian", ["Meridian Wire"]), ("сводн", [])]
)
def test_typing_in_a_control(desk: Desk, start: str, found: list[str]) -> None:
    """Elasticsearch folds the case of prefixes for Latin letters only: docs/kibana.md says so."""
    board = desk.catalogue.dashboards[0]
    request = typed(board, desk.catalogue.source(board), desk.context, "source.name", start)
    listed = desk.ask(request)["aggregations"]["filteredSuggestions"]["suggestions"]["buckets"]
    assert [each["key"] for each in listed] == found


def test_the_query_bar_completes_values(desk: Desk) -> None:
    source = desk.catalogue.source(desk.catalogue.views[0])
    assert desk.ask(completion(source, "source.name", "Порт"))["terms"] == ["Портовая газета"]


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


def _table(desk: Desk, name: str, context: Any = None) -> list[dict[str, Any]]:
    saved = desk.catalogue.chart(f"{desk.prefix}-{name}")
    request = chart_request(saved, desk.catalogue.source(saved), context or desk.context)
    return rows(layer_of(saved), desk.ask(request))


def _leaf(document: Document, name: str) -> Any:
    value: Any = document
    for part in name.split("."):
        value = value[part]
    return value


def _has(document: Document, name: str) -> bool:
    value: Any = document
    for part in name.split("."):
        value = [each[part] for each in value] if isinstance(value, list) else value[part]
    return value not in (None, [])


def _moment(milliseconds: float | None) -> datetime | None:
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(0, ZoneInfo("UTC")) + timedelta(milliseconds=milliseconds)
