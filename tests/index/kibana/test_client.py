"""Every way a call of Kibana can fail is told in words that say what to do, and never with a secret."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from index.exit_codes import INDEX, OK
from index.kibana.address import Address
from index.kibana.client import Kibana
from index.kibana.patience import Patience
from index.settings import KibanaSettings
from tests.index.elastic.loopback import Reply, answering, closed, html, silent
from tests.index.kibana.command import KEY, PAIR, WORD, Run
from tests.index.kibana.stub import Refusal, StubKibana, host_of, kibana


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


@pytest.mark.parametrize(
    ("url", "key", "exposed"),
    [
        ("http://k.example.org:5601", KEY, True),
        ("http://k.example.org:5601", None, False),
        ("https://k.example.org", KEY, False),
        ("http://[::1]:5601", KEY, False),
    ],
)
def test_credentials_in_clear(url: str, key: str | None, exposed: bool) -> None:
    settings = KibanaSettings.model_validate({"api_key": key})
    with Kibana(Address.of(url), settings, Patience(0)) as there:
        assert there.exposed is exposed
