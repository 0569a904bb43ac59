"""The commands against a strict Kibana on loopback: what they do, print and exit with."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from index.exit_codes import FAILED, INDEX, OK, USAGE
from index.kibana.objects import ndjson
from index.kibana.validate import lines_of
from tests.index.kibana.command import SENT, WORD, Run
from tests.index.kibana.stub import StubKibana, kibana


class TestImport:
    def test_everything_is_stored_and_the_dashboards_are_named(self, run: Run, stub: StubKibana) -> None:
        ran = run("import", "--url", stub.url)
        assert (ran.code, ran.err) == (OK, "")
        assert set(stub.in_space("default")) == {
            (each["type"], each["id"]) for each in map(json.loads, lines_of(ndjson()))
        }
        assert f"{SENT} of {SENT} objects imported (0 replaced) into Kibana 9.1.4 at {stub.url}" in ran.out
        assert f"News: {stub.url}/app/dashboards#/view/news-dashboard-news\n" in ran.out
        assert stub.default_views == {}

    def test_what_is_stored_is_what_was_exported(self, run: Run, stub: StubKibana) -> None:
        run("import", "--url", stub.url)
        assert run("export", "-").out == ndjson()
        assert list(stub.in_space("default").values()) == [json.loads(each) for each in lines_of(ndjson())]

    def test_again_replaces(self, run: Run, stub: StubKibana) -> None:
        run("import", "--url", stub.url)
        before = dict(stub.objects)
        ran = run("import", "--url", stub.url)
        assert ran.code == OK
        assert f"({SENT} replaced)" in ran.out
        assert stub.objects == before

    def test_objects_of_another_index_live_beside(self, run: Run, stub: StubKibana) -> None:
        run("import", "--url", stub.url)
        assert run("import", "--url", stub.url, "--prefix", "archive").code == OK
        assert len(stub.objects) == 2 * SENT
        assert run("import", "--url", stub.url, ELASTICSEARCH_NAME="archive").code == OK
        assert len(stub.objects) == 2 * SENT

    def test_default_view(self, run: Run, stub: StubKibana) -> None:
        stub.default_views["default"] = "their-own"
        assert run("import", "--url", stub.url, "--default").code == OK
        assert stub.default_views == {"default": "news"}

    def test_json(self, run: Run, stub: StubKibana) -> None:
        ran = run("import", "--url", stub.url, "--json")
        found = json.loads(ran.out)
        assert (found["success"], found["sent"], found["imported"], found["failures"]) == (
            True,
            SENT,
            SENT,
            [],
        )
        assert (found["version"], found["space"], found["kibana"]) == ("9.1.4", "default", stub.url)
        assert set(found["dashboards"]) == {"News", "Crawl health"}

    def test_json_tells_why_nothing_was_tried(self, run: Run) -> None:
        ran = run("import", "--url", "http://127.0.0.1:9", "--wait", "0", "--json")
        found = json.loads(ran.out)
        assert (ran.code, found["success"]) == (3, False)
        assert found["error"] in ran.err

    def test_address_and_space_from_the_settings(self, run: Run, stub: StubKibana) -> None:
        stub.spaces["newsroom"] = "Newsroom"
        Path("svodka.toml").write_text(f'[kibana]\nurl = "{stub.url}/"\nspace = "newsroom"\n', "utf-8")
        ran = run("import")
        assert ran.code == OK
        assert f"{stub.url}/s/newsroom/app/dashboards#/view/news-dashboard-news" in ran.out
        assert len(stub.in_space("newsroom")) == SENT

    def test_base_path(self, run: Run) -> None:
        with kibana(StubKibana(base="/tools/kibana")) as stub:
            ran = run("import", "--url", f"{stub.url}/")
            assert ran.code == OK
            assert f"{stub.url}/app/dashboards#/view/" in ran.out
            forgotten = run("import", "--url", stub.url.removesuffix("/tools/kibana"), "--wait", 0)
        assert forgotten.code == INDEX
        assert "a base path such as /kibana belongs to it" in forgotten.err

    @pytest.mark.parametrize("version", ["8.19.0", "8.19.7-SNAPSHOT", "9.0.0", "9.12.1"])
    def test_versions_it_is_for(self, run: Run, stub: StubKibana, version: str) -> None:
        stub.version = version
        ran = run("import", "--url", stub.url)
        assert (ran.code, ran.err) == (OK, "")

    @pytest.mark.parametrize("version", ["8.18.9", "7.17.28", "8.9.1"])
    def test_too_old(self, run: Run, stub: StubKibana, version: str) -> None:
        stub.version = version
        ran = run("import", "--url", stub.url)
        assert ran.code == INDEX
        assert f"is {version}: too old, 8.19 or newer is needed" in ran.err
        assert stub.calls == ["GET /api/status"]

    def test_newer_than_known_is_warned_of(self, run: Run, stub: StubKibana) -> None:
        stub.version = "10.0.0"
        ran = run("import", "--url", stub.url)
        assert ran.code == OK
        assert ran.err.startswith("! Kibana 10.0.0 is newer than what these objects were made for")

    def test_degraded_is_warned_of(self, run: Run, stub: StubKibana) -> None:
        stub.levels = ["degraded"]
        ran = run("import", "--url", stub.url)
        assert (ran.code, "degraded" in ran.err) == (OK, True)


class TestSpaces:
    def test_unknown(self, run: Run, stub: StubKibana) -> None:
        ran = run("import", "--url", stub.url, "--space", "newsroom")
        assert ran.code == USAGE
        assert "there is no space 'newsroom'" in ran.err
        assert "--create-space makes it" in ran.err
        assert not stub.objects  # Kibana itself would have taken them for a space that nobody can open

    def test_made(self, run: Run, stub: StubKibana) -> None:
        for made in (True, False):
            ran = run("import", "--url", stub.url, "--space", "newsroom", "--create-space")
            assert (ran.code, "(made now)" in ran.out) == (OK, made)
        assert stub.spaces["newsroom"] == "newsroom"
        assert len(stub.in_space("newsroom")) == SENT

    def test_second_space_has_ids_of_its_own(self, run: Run, stub: StubKibana) -> None:
        stub.spaces["two"] = "Two"
        run("import", "--url", stub.url)
        for _ in range(2):
            ran = run("import", "--url", stub.url, "--space", "two", "--default")
            assert (ran.code, ran.err) == (OK, "")
        here = stub.in_space("two")
        assert len(here) == SENT
        board = next(id for (_, id), each in here.items() if each.get("originId") == "news-dashboard-news")
        assert f"{stub.url}/s/two/app/dashboards#/view/{board}\n" in ran.out
        assert here["index-pattern", stub.default_views["two"]]["originId"] == "news"
        assert ("two", "search", "news-search-copies") in stub.aliases  # the link of a story names it

    def test_default_space_as_the_second_one(self, run: Run, stub: StubKibana) -> None:
        stub.spaces["two"] = "Two"
        run("import", "--url", stub.url, "--space", "two")
        assert run("import", "--url", stub.url).code == OK
        assert stub.objects["default", "search", stub.aliases["default", "search", "news-search-copies"]]

    def test_without_the_right_to_make_aliases(self, run: Run, stub: StubKibana) -> None:
        stub.spaces["two"] = "Two"
        run("import", "--url", stub.url)
        stub.denied["legacy-url-alias"] = "Unable to bulk_create legacy-url-alias"
        ran = run("import", "--url", stub.url, "--space", "two")
        assert ran.code == OK
        assert "! the credentials do not allow aliases" in ran.err
        assert (len(stub.in_space("two")), stub.aliases) == (SENT, {})

    def test_not_allowed_to_make_one(self, run: Run, stub: StubKibana) -> None:
        stub.denied["/api/spaces/space"] = "Unauthorized to create spaces"
        ran = run("import", "--url", stub.url, "--space", "two", "--create-space")
        assert ran.code == INDEX
        assert "forbids it (403): Unauthorized to create spaces" in ran.err


class TestOptions:
    @pytest.mark.parametrize(
        ("arguments", "reason"),
        [
            (["import"], "where is Kibana? Give --url"),
            (["import", "--url", f"https://u:{WORD}@k.example.org"], "holds credentials"),
            (["import", "--url", "k.example.org:5601"], "is no http(s) URL"),
            (["import", "--url", "ftp://k.example.org"], "is no http(s) URL"),
            (["import", "--url", "http://k.example.org:0x"], "is no http(s) URL"),
            (["import", "--url", "https://k.example.org/s/two/app/home"], "the space is named with --space"),
            (["import", "--url", "https://k.example.org/kibana/app/home#/x"], "here with the path /kibana"),
            (["import", "--url", "http://127.0.0.1:1", "--space", "The Newsroom"], "is no identifier of a space"),
            (["import", "--url", "http://127.0.0.1:1", "--space", "../x"], "is no identifier of a space"),
            (["import", "--url", "http://127.0.0.1:1", "--wait", "-1"], "is no number of seconds"),
            (["export", "-", "--prefix", "news*"], "lower-case letters"),
            (["export", "svodka.json"], "whose name ends in .ndjson"),
        ],
    )  # fmt: skip
    def test_what_is_wrong_is_said(self, run: Run, arguments: list[str], reason: str) -> None:
        ran = run(*arguments)
        assert ran.code == USAGE
        assert reason in ran.err

    def test_unusable_address_in_the_settings(self, run: Run) -> None:
        ran = run("import", KIBANA_URL=f"https://u:{WORD}@k.example.org")
        assert (ran.code, "holds credentials" in ran.err) == (INDEX, True)

    @pytest.mark.parametrize("action", ["import", "export"])
    def test_help_has_an_example(self, run: Run, action: str) -> None:
        assert f"  svodka kibana {action} " in run(action, "--help").out


class TestExport:
    def test_file(self, run: Run, tmp_path: Path) -> None:
        ran = run("export", "svodka.ndjson")
        assert ran.code == OK
        assert (tmp_path / "svodka.ndjson").read_bytes().decode() == ndjson()
        assert ran.err.startswith(f"{SENT} objects; in Kibana: Stack Management > Saved Objects > Import")

    def test_folder_that_is_not_there(self, run: Run) -> None:
        ran = run("export", "nowhere/svodka.ndjson")
        assert (ran.code, "nowhere/svodka.ndjson" in ran.err) == (FAILED, True)

    def test_standard_output_is_utf_8_in_any_locale(self) -> None:
        command = [sys.executable, "-m", "crawler.cli", "kibana", "export", "-"]
        environment = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"}
        done = subprocess.run(command, capture_output=True, env=environment, timeout=60, check=True)
        assert done.stdout.decode("utf-8") == ndjson()
