"""The commands against a strict Kibana on loopback: what they do, print and exit with, and that no secret shows."""

from __future__ import annotations

import base64
import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import trustme

from crawler.cli import main
from index.exit_codes import FAILED, INDEX, OK, USAGE
from index.kibana.objects import ndjson
from index.kibana.validate import lines_of
from tests.index.elastic.loopback import Reply, answering, closed, html, silent
from tests.index.kibana.stub import TYPES, Refusal, StubKibana, host_of, kibana

KEY = "Z2VoZWltOnNjaGx1ZXNzZWw="
WORD = "geheim7Wort"
PAIR = base64.b64encode(f"svodka:{WORD}".encode()).decode()
SENT = len(lines_of(ndjson()))


@dataclass
class Ran:
    code: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> Iterator[Run]:
    """Runs a command in an empty folder; no output, log or error ever holds a secret."""
    monkeypatch.chdir(tmp_path)
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []

    def run(*arguments: object, **environment: str) -> Ran:
        with monkeypatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(f"SVODKA_{name}", value)
            try:
                code = main(["kibana", *map(str, arguments)])
            except SystemExit as end:
                code = int(end.code or 0)
        captured = capsys.readouterr()
        shown.extend(captured)
        return Ran(code, captured.out, captured.err)

    yield run
    everything = "\n".join([*shown, caplog.text])
    assert not [each for each in (KEY, WORD, PAIR) if each in everything]


@pytest.fixture
def stub() -> Iterator[StubKibana]:
    with kibana(StubKibana()) as stub:
        yield stub


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

    def test_without_the_right_to_make_aliases(self, run: Run, stub: StubKibana) -> None:
        stub.spaces["two"] = "Two"
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


class TestCredentials:
    @pytest.fixture
    def guarded(self) -> Iterator[StubKibana]:
        with kibana(StubKibana(known={f"ApiKey {KEY}", f"Basic {PAIR}"})) as stub:
            yield stub

    def test_key(self, run: Run, guarded: StubKibana) -> None:
        assert run("import", "--url", guarded.url, KIBANA_API_KEY=KEY).code == OK

    def test_key_and_password_from_files(self, run: Run, guarded: StubKibana, tmp_path: Path) -> None:
        (tmp_path / "key").write_text(f"{KEY}\n", "utf-8")
        (tmp_path / "password").write_text(f"{WORD}\r\n", "utf-8")
        assert run("import", "--url", guarded.url, KIBANA_API_KEY_FILE="key").code == OK
        user = {"KIBANA_USERNAME": "svodka", "KIBANA_PASSWORD_FILE": "password"}
        assert run("import", "--url", guarded.url, **user).code == OK

    def test_those_of_elasticsearch_are_not_sent(self, run: Run, guarded: StubKibana) -> None:
        ran = run("import", "--url", guarded.url, ELASTICSEARCH_API_KEY=KEY)
        assert ran.code == INDEX
        assert "asks for credentials: set SVODKA_KIBANA_API_KEY" in ran.err
        assert not guarded.objects

    @pytest.mark.parametrize("public", [True, False])
    def test_wrong(self, run: Run, guarded: StubKibana, public: bool) -> None:
        user = {"KIBANA_USERNAME": "svodka", "KIBANA_PASSWORD": WORD}
        guarded.known = set()
        ran = run("import", "--url", guarded.url, **(user if public else {"KIBANA_API_KEY": KEY}))
        assert ran.code == INDEX
        assert "refuses the credentials (401): check SVODKA_KIBANA_API_KEY" in ran.err

    def test_in_the_file_they_are_refused(self, run: Run, guarded: StubKibana) -> None:
        Path("svodka.toml").write_text(f'[kibana]\napi_key = "{KEY}"\n', "utf-8")
        ran = run("import", "--url", guarded.url)
        assert ran.code == INDEX
        assert "set SVODKA_KIBANA_API_KEY, or put it into a file of its own" in ran.err

    def test_password_without_a_name(self, run: Run, guarded: StubKibana) -> None:
        ran = run("import", "--url", guarded.url, KIBANA_USERNAME="svodka")
        assert (ran.code, "SVODKA_KIBANA_PASSWORD" in ran.err) == (INDEX, True)

    def test_not_allowed_to_import(self, run: Run, guarded: StubKibana) -> None:
        guarded.denied["_import"] = "Unable to bulk_create dashboard,index-pattern,lens,query,search"
        ran = run("import", "--url", guarded.url, KIBANA_API_KEY=KEY)
        assert ran.code == INDEX
        assert "forbids it (403): Unable to bulk_create dashboard," in ran.err
        assert "'Saved Objects Management: All'" in ran.err

    @pytest.mark.parametrize("echo", [KEY, f"Authorization: ApiKey {KEY}"])
    def test_server_that_repeats_them(self, run: Run, guarded: StubKibana, echo: str) -> None:
        guarded.denied["_import"] = f"not for {echo}\x1b[2J\nsvodka: all is well"
        ran = run("import", "--url", guarded.url, KIBANA_API_KEY=KEY)
        assert "***" in ran.err
        assert "\x1b" not in ran.err
        assert ran.err.count("\n") == 1


class TestFailedImport:
    """Kibana's answer is 200 and says success: false."""

    @pytest.fixture(params=["text", "json"])
    def imported(self, request: pytest.FixtureRequest, run: Run, stub: StubKibana) -> Callable[[], str]:
        def imported(*more: str) -> str:
            as_json = ["--json"] if request.param == "json" else []
            ran = run("import", "--url", stub.url, *more, *as_json)
            assert ran.code == FAILED
            if as_json:
                found: dict[str, Any] = json.loads(ran.out)
                assert found["success"] is False
                return json.dumps(found, ensure_ascii=False)
            assert all(line.startswith("! ") for line in ran.err.splitlines())
            return ran.err + ran.out

        return imported

    def test_changed_meanwhile(self, imported: Callable[[], str], stub: StubKibana) -> None:
        stub.broken = {"lens:news-lens-fill": {"statusCode": 409, "message": "version conflict"}}
        shown = imported()
        assert "news-lens-fill" in shown
        assert "run the import again" in shown
        assert len(stub.objects) == SENT - 1

    def test_one_that_the_store_refuses(self, imported: Callable[[], str], stub: StubKibana) -> None:
        stub.broken = {
            "query:news-query-copies": {"statusCode": 400, "error": "Bad Request", "message": "[x]: no"}
        }
        shown = imported()
        assert "[x]: no (400)" in shown
        assert "Kibana's log says more" in shown

    def test_one_that_is_not_allowed(self, imported: Callable[[], str], stub: StubKibana) -> None:
        stub.broken = {
            "query:news-query-copies": {"statusCode": 403, "message": "Unable to bulk_create query"}
        }
        assert "'Saved Objects Management: All'" in imported()

    def test_kibana_that_is_older_than_the_format(
        self, imported: Callable[[], str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(TYPES, "dashboard", "8.7.0")
        shown = imported()
        assert "belongs to a more recent version of Kibana" in shown
        assert "this Kibana is older than the format of the file" in shown

    def test_type_that_it_does_not_know(
        self, imported: Callable[[], str], stub: StubKibana, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delitem(TYPES, "lens")
        shown = imported()
        assert "unsupported_type" in shown
        assert "this Kibana does not know such objects" in shown
        assert len(stub.objects) == SENT - ndjson().count('"type": "lens", "typeMigrationVersion"')

    def test_two_copies_in_one_space(self, imported: Callable[..., str], stub: StubKibana, run: Run) -> None:
        stub.spaces["two"] = "Two"
        run("import", "--url", stub.url)
        board = stub.objects["default", "dashboard", "news-dashboard-news"] | {
            "originId": "news-dashboard-news"
        }
        stub.objects |= {("two", "dashboard", id): board | {"id": id} for id in ("one", "other")}
        shown = imported("--space", "two", "--default")
        assert "several objects of this space come from it (one, other)" in shown
        assert "delete all but one" in shown
        assert "/app/dashboards#/view/" not in shown  # nothing was written, although it counts the rest
        assert len(stub.in_space("two")) == 2
        assert stub.default_views == {}

    def test_fewer_than_were_sent(self, imported: Callable[[], str], stub: StubKibana) -> None:
        stub.dropped = {"lens:news-lens-fill"}
        assert f"Kibana took {SENT - 1} of {SENT} objects and names no reason" in imported()


class TestOtherAnswers:
    def test_too_large(self, run: Run, stub: StubKibana) -> None:
        stub.largest = 1000
        ran = run("import", "--url", stub.url)
        assert ran.code == INDEX
        assert "greater than maximum allowed: 1000): raise savedObjects.maxImportPayloadBytes" in ran.err

    def test_busy_then_not(self, run: Run, stub: StubKibana) -> None:
        stub.busy = [
            Refusal(429, "Too Many Requests", Retry_After="0"),
            Refusal(503, "busy", Retry_After="0"),
        ]
        assert run("import", "--url", stub.url).code == OK
        assert len([each for each in stub.calls if each.endswith("_import")]) == 3

    def test_busy_for_longer_than_there_is_time(self, run: Run, stub: StubKibana) -> None:
        stub.busy = [Refusal(429, "Too Many Requests", Retry_After="120")] * 2
        ran = run("import", "--url", stub.url, "--wait", 3)
        assert ran.code == INDEX
        assert "is not ready (429): Too Many Requests" in ran.err

    def test_warnings_of_kibana(self, run: Run, stub: StubKibana) -> None:
        stub.warnings = [{"type": "simple", "message": "look at it"}]
        ran = run("import", "--url", stub.url)
        assert (ran.code, ran.err) == (OK, "! look at it\n")

    @pytest.mark.parametrize(
        ("reply", "reason"),
        [
            (html(), "an HTML page answers at PLACE in Kibana's place (the login page of a proxy?)"),
            (html(403), "PLACE forbids it (403): an HTML page"),
            (html(404), "there is no Kibana at PLACE (404: an HTML page)"),
            (Reply(302, headers={"Location": "/login?next=%2Fapi%2Fstatus"}), "leads on to a login page, http://PLACE/login"),
            (Reply(302, headers={"Location": "/kibana/api/status"}), "make http://PLACE/kibana the address of Kibana"),
            (Reply(301, headers={"Location": "https://k.example.org/api/status"}), "make https://k.example.org the address"),
            (Reply(307, headers={"Location": f"https://u:{WORD}@k.example.org/"}), "leads on to https://k.example.org/ (307)"),
            (Reply(302), "leads on to"),
            (Reply(404, b"{}", {"X-Elastic-Product": "Elasticsearch"}), "is Elasticsearch, not Kibana"),
            (Reply(200, b'{"state": "fine"}'), "is not Kibana 8.19 or newer"),
            (Reply(200, b'{"status": {"overall": {"state": "green"}}, "version": {"number": "7.17.1"}}'), "is not Kibana 8.19"),
            (Reply(200, b'{"status": {"overall": {"level": "available"}}, "version": {"number": "x"}}'), "no number: x"),
            (Reply(200, b"[" * 100_000), "something else answers"),
            (Reply(200, b"\xff\xfe"), "something else answers"),
            (Reply(500, b'{"statusCode": 500, "message": "boom"}'), "refuses the request (500): boom"),
            (Reply(502, b"<html>"), "is not ready (502): an HTML page; it was not ready within 0 s (--wait"),
        ],
    )  # fmt: skip
    def test_something_else_in_its_place(self, run: Run, reply: Reply, reason: str) -> None:
        with answering([reply]) as url:
            ran = run("import", "--url", url, "--wait", 0, KIBANA_API_KEY=KEY)
        assert ran.code == INDEX
        assert reason in ran.err.replace(host_of(url), "PLACE")

    def test_import_that_does_not_say_how_it_went(self, run: Run) -> None:
        ready = Reply(200, b'{"status": {"overall": {"level": "available"}}, "version": {"number": "9.1.0"}}')
        with answering([ready, Reply(200, b"{}")]) as url:
            ran = run("import", "--url", url, "--wait", 0)
        assert (ran.code, "does not say whether it succeeded" in ran.err) == (INDEX, True)

    def test_nobody_there(self, run: Run) -> None:
        ran = run("import", "--url", closed(), "--wait", 0)
        assert ran.code == INDEX
        assert (
            "connection refused; it was not ready within 0 s (--wait SECONDS gives it more time)" in ran.err
        )

    def test_no_answer(self, run: Run) -> None:
        with silent() as url:
            ran = run("import", "--url", url, "--wait", 0)
        assert (ran.code, "does not answer within 1 s" in ran.err) == (INDEX, True)


class TestTls:
    @pytest.fixture
    def authority(self, tmp_path: Path) -> Path:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
            str(tmp_path / "server.pem")
        )
        authority.issue_cert("k.example.org").private_key_and_cert_chain_pem.write_to_path(
            str(tmp_path / "other.pem")
        )
        return tmp_path

    def test_own_authority(self, run: Run, authority: Path) -> None:
        with kibana(StubKibana(known={f"ApiKey {KEY}"}), authority / "server.pem") as stub:
            for given in (["--ca", authority / "ca.pem"], []):
                ran = run(
                    "import",
                    "--url",
                    stub.url,
                    *given,
                    KIBANA_API_KEY=KEY,
                    KIBANA_CA=str(authority / "ca.pem"),
                )
                assert (ran.code, ran.err) == (OK, "")

    @pytest.mark.parametrize(("certificate", "known"), [("server.pem", False), ("other.pem", True)])
    def test_certificate_is_verified(self, run: Run, authority: Path, certificate: str, known: bool) -> None:
        with kibana(StubKibana(), authority / certificate) as stub:
            ran = run("import", "--url", stub.url, *(["--ca", authority / "ca.pem"] if known else []))
        assert ran.code == INDEX
        assert "not signed by an authority known here, or is for another name" in ran.err
        assert not stub.calls

    def test_wrong_scheme(self, run: Run, authority: Path, stub: StubKibana) -> None:
        ran = run("import", "--url", stub.url.replace("http:", "https:"), "--wait", 0)
        assert (ran.code, "does not speak TLS" in ran.err) == (INDEX, True)
        with kibana(StubKibana(), authority / "server.pem") as secured:
            ran = run("import", "--url", secured.url.replace("https:", "http:"), "--wait", 0)
        assert (ran.code, "begins with https://" in ran.err) == (INDEX, True)

    @pytest.mark.parametrize("text", [None, "no certificate"])
    def test_unfit_file(self, run: Run, tmp_path: Path, text: str | None) -> None:
        if text:
            (tmp_path / "x.pem").write_text(text, "utf-8")
        ran = run("import", "--url", "https://127.0.0.1:1", "--ca", tmp_path / "x.pem")
        assert (ran.code, "x.pem: " in ran.err) == (INDEX, True)


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
