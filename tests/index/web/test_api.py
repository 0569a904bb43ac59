"""The JSON API answers what its description says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.status.layout import Drop
from crawler.status.site import SEVERITY, SiteStatus
from index.article import Article
from index.backend import Backend, IndexUnavailable
from index.web.asked import Asked
from index.web.health_schema import STATES
from index.web.server import served
from tests.index.web.browser import Browser
from tests.index.web.conftest import options_for
from tests.index.web.described import faults
from tests.index.web.newsroom import COPIES, ENGLISH, WIRE

ABSENT = "f" * 32


@pytest.fixture(scope="module")
def whole(browser: Browser) -> dict[str, Any]:
    """The description, as served."""
    found: dict[str, Any] = browser.get("/api/openapi.json").json
    return found


def described(whole: dict[str, Any], path: str, status: str) -> dict[str, Any]:
    responses = whole["paths"][path]["get"]["responses"]
    found: dict[str, Any] = responses[status]["content"]["application/json"]["schema"]
    return found


@pytest.mark.parametrize(
    ("path", "asked", "status"),
    [
        ("/api/search", "/api/search", 200),
        ("/api/search", "/api/search?q=мост&copies=1&sort=copies&limit=3&page=2&zone=Europe/Moscow", 200),
        ("/search.json", "/search.json?q=zzz", 200),
        ("/api/search", "/api/search?q=)", 400),
        ("/api/search", "/api/search?limit=0", 400),
        ("/api/articles/{id}", f"/api/articles/{WIRE.id}", 200),
        ("/api/articles/{id}", f"/api/articles/{COPIES[0].id}", 200),
        ("/api/articles/{id}", f"/api/articles/{ENGLISH.id}", 200),
        ("/api/articles/{id}", f"/api/articles/{ABSENT}", 404),
        ("/api/articles/{id}", "/api/articles/%00", 404),
        ("/api/stories/{id}", f"/api/stories/{COPIES[1].id}", 200),
        ("/api/stories/{id}", f"/api/stories/{ABSENT}", 404),
        ("/api/stats", "/api/stats", 200),
        ("/api/search", "/api/search?lang=ru", 200),
        ("/health.json", "/health.json", 200),
    ],
)
def test_answers_are_as_described(
    browser: Browser, whole: dict[str, Any], path: str, asked: str, status: int
) -> None:
    answer = browser.get(asked)
    assert answer.status == status
    assert answer.headers["content-type"] == "application/json"
    schema = described(whole, path, "200" if status == 200 else f"{status // 100}XX")
    assert list(faults(answer.json, schema, whole)) == []


def test_the_description_would_notice(browser: Browser, whole: dict[str, Any]) -> None:
    hit = browser.get("/api/search?limit=1").json["hits"][0]
    schema = {"$ref": "#/components/schemas/Hit"}
    for changes in ({"copies": "3"}, {"new": 1}, {"role": "boss"}, {"id": "x"}, {"title": None}, {"published_at": "2026-11-20T10:00:00"}):  # fmt: skip
        assert list(faults(hit | changes, schema, whole)), changes
    assert list(faults({}, schema, whole))


def test_every_path_is_described_and_answers(browser: Browser, whole: dict[str, Any]) -> None:
    assert whole["openapi"].startswith("3.1.")
    for path, item in whole["paths"].items():
        assert set(item) == {"get"}
        names = {each["name"] for each in item["get"]["parameters"] if each["in"] == "path"}
        assert names == set(re.findall(r"{(\w+)}", path))
        assert browser.get(path.replace("{id}", WIRE.id)).status == 200
    operations = [item["get"]["operationId"] for item in whole["paths"].values()]
    assert len(set(operations)) == len(operations)
    references = set(re.findall(r'"#/components/schemas/(\w+)"', browser.get("/api/openapi.json").text))
    assert references <= whole["components"]["schemas"].keys()


def test_every_parameter_is_described(whole: dict[str, Any]) -> None:
    every = Asked("x", True, "date", 2, 20, "UTC", "ru").parameters()
    for path in ("/api/search", "/search.json"):
        assert {each["name"] for each in whole["paths"][path]["get"]["parameters"]} == set(every)


def test_health_is_described_while_the_index_is_away(
    whole: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SVODKA_OUTBOX_FOLDER", str(tmp_path))

    def fail() -> Backend:
        raise IndexUnavailable("no way")

    options = replace(options_for("http://127.0.0.1:9/news"), open=fail)
    with served(options) as base:
        answer = Browser(base).get("/health.json")
    assert (answer.status, answer.json["answers"]) == (503, False)
    assert answer.json["outbox"], "an outbox is told"
    assert list(faults(answer.json, described(whole, "/health.json", "503"), whole)) == []
    broken = answer.json | {"articles": "many"}
    assert list(faults(broken, described(whole, "/health.json", "503"), whole))


def test_sites_are_described_by_what_they_can_be(whole: dict[str, Any]) -> None:
    moment = datetime(2026, 11, 20, tzinfo=UTC)
    for state in SEVERITY:
        site = SiteStatus(
            "x.example", state, moment, 1, 2, moment, "", moment, {"title": Drop(0.9, 0.1)}, ["?"]
        )
        found = json.loads(json.dumps(site.as_json()))
        assert list(faults(found, {"$ref": "#/components/schemas/SiteHealth"}, whole)) == []
    assert STATES == SEVERITY


def test_search_is_what_the_command_prints(
    browser: Browser, index_address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    from crawler.cli import main

    assert main(["search", "--json", "--index", index_address, "мост"]) == 0
    assert browser.get("/search.json?q=мост").json == json.loads(capsys.readouterr().out)


def test_an_article_has_all_its_fields_but_internal_ones(browser: Browser) -> None:
    found = browser.get(f"/api/articles/{WIRE.id}").json
    assert set(found) == set(Article.model_fields) - {"fingerprint", "link_ids"}
    assert (found["title"], found["copies"], found["role"]) == (WIRE.title, 3, "canonical")


def test_a_story_has_its_members(browser: Browser) -> None:
    found = browser.get(f"/api/stories/{COPIES[2].id}").json
    assert [each["site"] for each in found["articles"]] == [
        "wire.example",
        "a.example",
        "b.example",
        "c.example",
    ]
    assert {each["story_id"] for each in found["articles"]} == {found["story_id"]}


def test_the_page_of_the_api_names_every_call(browser: Browser, whole: dict[str, Any]) -> None:
    page = browser.get("/api")
    shown = " ".join(page.texts("code"))
    assert all(path in shown for path in whole["paths"])
    assert [browser.get(link).status for link in page.links("main a")] == [200] * 5
