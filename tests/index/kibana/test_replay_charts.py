"""Charts and controls on real nodes, against what plain Python counts in the stored documents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from index.kibana.lens_shapes import TermsColumn
from index.kibana.objects import saved_objects
from index.kibana.replay.catalogue import Catalogue
from index.kibana.replay.charts import chart_request, layer_of, other_request, rows
from index.kibana.replay.controls import completion, control_fields, suggestions, typed
from index.kibana.replay.discover import search_requests
from tests.index.kibana.conftest import Desk
from tests.index.kibana.leaf import Document, leaf

pytestmark = pytest.mark.xdist_group("kibana")  # one worker indexes the demo once a node


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
    values = Counter(leaf(each, field) for each in getattr(desk, of) if leaf(each, field) is not None)
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
    saved = Catalogue.of(desk.prefix).chart(f"{desk.prefix}-lens-per-day")  # its own: it is changed
    layer = layer_of(saved)
    site = layer.columns["by_site"]
    assert isinstance(site, TermsColumn)
    two = site.params.model_copy(update={"size": 2})
    layer.columns["by_site"] = site.model_copy(update={"params": two})
    source = desk.catalogue.source(saved)
    answer = desk.ask(chart_request(saved, source, desk.context))
    request = other_request(saved, source, desk.context, answer)
    assert request is not None
    rest = rows(layer, desk.ask(request))
    shown = sum(row["count"] for row in rows(layer, answer))
    assert {row["by_site"] for row in rest} == {"Other"}
    assert shown + sum(row["count"] for row in rest) == len(desk.stories)


@pytest.mark.parametrize(
    "name", [each["id"][len("news-") :] for each in saved_objects() if each["type"] == "lens"]
)
def test_every_chart_is_answered_and_has_something_to_show(desk: Desk, name: str) -> None:
    table = _table(desk, name)
    assert any(value for row in table for value in row.values() if isinstance(value, int | float))


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
    rates = [(row["fill_title"], row["fill_body"], row["fill_date"], row["fill_author"]) for row in fills]
    made_up, mixed = rates[:-2], rates[-2:]  # the demo's own two runs are the last
    assert set(made_up) == {(1.0, 0.75, 0.5, 0.25)}
    for rate in mixed:
        assert rate[0] == 1.0
        assert all(mean > plan for mean, plan in zip(rate[1:], (0.75, 0.5, 0.25), strict=True))
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


@pytest.mark.parametrize("name", ["dashboard-news", "dashboard-health"])
def test_controls_list_values_and_every_panel_takes_them(desk: Desk, name: str) -> None:
    (board,) = (each for each in desk.catalogue.dashboards if each.id == f"{desk.prefix}-{name}")
    source = desk.catalogue.source(board)
    stored = desk.runs if name.endswith("health") else desk.stories
    shown = [each.id for each in board.references if each.type in {"lens", "search"}]
    for field, request in zip(control_fields(board), suggestions(board, source, desk.context), strict=True):
        values = Counter(leaf(each, field) for each in stored)
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


def _table(desk: Desk, name: str, context: Any = None) -> list[dict[str, Any]]:
    saved = desk.catalogue.chart(f"{desk.prefix}-{name}")
    request = chart_request(saved, desk.catalogue.source(saved), context or desk.context)
    return rows(layer_of(saved), desk.ask(request))


def _moment(milliseconds: float | None) -> datetime | None:
    if milliseconds is None:
        return None
    return datetime.fromtimestamp(0, ZoneInfo("UTC")) + timedelta(milliseconds=milliseconds)
