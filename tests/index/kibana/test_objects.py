"""The generated file: what it has, in which order, and that it stands and falls with the mapping."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter

import pytest

from crawler.outcome import OUTCOMES
from index.elastic import schema
from index.kibana.columns import count, measure, top
from index.kibana.envelope import Naming
from index.kibana.fields import UnknownField, mapped_fields, outcomes
from index.kibana.objects import ndjson, saved_objects
from index.kibana.panels import Control, control_group
from index.kibana.views import views_of

VIEWS = views_of(Naming())


def test_what_there_is() -> None:
    kinds = Counter(each["type"] for each in saved_objects())
    assert kinds == {"index-pattern": 3, "query": 12, "search": 8, "lens": 18, "dashboard": 2}
    ids = [each["id"] for each in saved_objects()]
    assert ids[:3] == ["news", "news-all", "svodka-runs"]
    assert {"news-dashboard-news", "news-dashboard-health"} <= set(ids)


def test_a_reference_comes_after_what_it_names() -> None:
    seen: set[tuple[str, str]] = set()
    for each in saved_objects():
        assert {(link["type"], link["id"]) for link in each["references"]} <= seen
        seen.add((each["type"], each["id"]))


def test_two_processes_write_the_same_file() -> None:
    command = [sys.executable, "-m", "index.kibana.objects"]
    runs = [
        subprocess.run(command, capture_output=True, env={"PYTHONHASHSEED": seed}, timeout=60).stdout
        for seed in "12"
    ]
    assert runs[0].decode() == runs[1].decode() == ndjson()


def test_objects_of_two_indices_live_side_by_side() -> None:
    one, other = (
        {(each["type"], each["id"]) for each in saved_objects(prefix)} for prefix in ("news", "svodka-demo")
    )
    assert not one & other
    assert ("index-pattern", "svodka-demo-runs") in other
    titles = [each["attributes"]["title"] for each in saved_objects("svodka-demo")]
    assert not set(titles) & {each["attributes"]["title"] for each in saved_objects()}


def test_the_link_of_a_story_opens_its_copies() -> None:
    view = next(each for each in saved_objects("d") if each["id"] == "d")
    story = json.loads(view["attributes"]["fieldFormatMap"])["story_id"]["params"]
    assert story["urlTemplate"].startswith("../app/discover#/view/d-search-copies?")
    assert "query:'story_id:%22{{value}}%22'" in story["urlTemplate"]


def test_outcomes_are_those_of_the_crawler() -> None:
    assert set(outcomes()) == set(OUTCOMES)


def test_texts_and_kept_values_cannot_be_charted() -> None:
    mapped = mapped_fields("articles")
    assert not mapped["title"].aggregatable
    assert not mapped["image_url"].aggregatable
    assert not mapped["image_url"].searchable
    assert mapped["site.folded"].aggregatable
    assert mapped["source.evidence.kind"].family == "string"
    assert mapped["linking.stored"].family == "number"


def test_a_renamed_field_breaks_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    articles = dict(schema._PROPERTIES["articles"])
    articles["headline"] = articles.pop("title")
    monkeypatch.setitem(schema._PROPERTIES, "articles", articles)
    with pytest.raises(UnknownField, match="data view news: no such field: title"):
        ndjson()


def test_columns_on_unfit_fields_are_refused() -> None:
    with pytest.raises(UnknownField, match="news: sum of site, which is a string"):
        measure(VIEWS.stories, "sum", "site", "x")
    with pytest.raises(UnknownField, match="news: title: a field without doc values"):
        top(VIEWS.stories, "title", 5, count("n"), "x")
    with pytest.raises(UnknownField, match="svodka-runs: nothing: no such field"):
        measure(VIEWS.runs, "max", "nothing", "x")
    with pytest.raises(UnknownField, match="control on news: body"):
        control_group([Control("body", "x")], VIEWS.stories)
