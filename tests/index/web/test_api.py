"""The JSON API answers what its description says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from index.article import Article
from tests.index.web.browser import Browser
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
    references = set(re.findall(r'"#/components/schemas/(\w+)"', browser.get("/api/openapi.json").text))
    assert references <= whole["components"]["schemas"].keys()


def test_search_is_what_the_command_prints(
    browser: Browser, index_address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    import json

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
    assert [browser.get(link).status for link in page.links("main a")] == [200] * 4
