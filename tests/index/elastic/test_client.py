"""Every way a cluster can fail to answer is told in words that say what to do, and never with a secret."""

from __future__ import annotations

import logging
import ssl
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from index.backend import BackendError, IndexUnavailable, IndexUnreachable
from index.elastic.client import Cluster, Forbidden, Missing, Refused
from index.settings import ElasticSettings, SettingsError
from tests.index.elastic.loopback import PRODUCT, Reply, answering, closed, elastic, fault, html, silent
from tests.nodes.engines import Engine

INFO = elastic({"version": {"number": "9.4.3"}})
WORD = "Z2VoZWltN1dvcnQ="


def failure(address: str, calls: int = 1, **settings: Any) -> BackendError:
    """How the last of so many calls fails, with a secret in the settings that nothing shows."""
    given = {"timeout": 2, "api_key": WORD, **settings}
    cluster = Cluster.at(address, ElasticSettings.model_validate(given))
    try:
        for _ in range(calls - 1):
            cluster.ask(cluster.es.info)
        with pytest.raises(BackendError) as raised:
            cluster.ask(cluster.es.info)
    finally:
        cluster.close()
    assert WORD not in "".join(traceback.format_exception(raised.value))
    return raised.value


def answer(*replies: Reply) -> BackendError:
    """How a call fails after these answers; the place is left out of the message."""
    with answering(replies) as address:
        error = failure(address, len(replies))
    place = address.removeprefix("http://")
    assert place in str(error) or "index takes no" in str(error) or "read-only" in str(error)
    error.args = (str(error).replace(place, "PLACE"),)
    return error


@pytest.fixture(autouse=True)
def secret_in_no_log(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    assert WORD not in caplog.text


def test_nobody_listens() -> None:
    address = closed()
    error = failure(address)
    assert isinstance(error, IndexUnreachable)
    assert (
        str(error)
        == f"Elasticsearch at {address.removeprefix('http://')} does not answer: connection refused"
    )


def test_nobody_answers_in_time() -> None:
    with silent() as address:
        error = failure(address, timeout=0.1)
    assert isinstance(error, IndexUnreachable)
    assert "does not answer in time (timeout, SVODKA_ELASTICSEARCH_TIMEOUT)" in str(error)


def test_name_that_nobody_knows() -> None:
    error = failure("http://nowhere.invalid:9200")
    assert isinstance(error, IndexUnreachable)
    assert str(error).startswith("Elasticsearch at nowhere.invalid:9200 does not answer: ")
    assert "resol" in str(error) or "not known" in str(error)


@pytest.mark.parametrize("first", [[], [INFO]], ids=["at once", "later"])
def test_page_of_a_proxy(first: list[Reply]) -> None:
    error = answer(*first, html())
    assert isinstance(error, IndexUnreachable if first else IndexUnavailable)
    assert str(error) == (
        "something else answers at PLACE in Elasticsearch's place"
        if first
        else "what answers at PLACE is not Elasticsearch (a proxy?): check the address of the index"
    )


@pytest.mark.parametrize(
    ("reply", "kind", "message"),
    [
        (Reply(200, b'{"version": ', PRODUCT), IndexUnreachable, "the answer from PLACE cannot be read: no JSON"),
        (elastic([1]), IndexUnreachable, "something else answers at PLACE in Elasticsearch's place"),
        (html(404), IndexUnavailable, "there is no Elasticsearch at PLACE (404): check the address of the index"),
        (html(403), Forbidden, "forbids it (403): an HTML page; docs/elasticsearch.md"),
        (html(401), IndexUnavailable, "refuses the credentials (401): check SVODKA_ELASTICSEARCH_API_KEY"),
        (html(502), IndexUnreachable, "Elasticsearch at PLACE is busy (502): an HTML page"),
        (Reply(503, b""), IndexUnreachable, "Elasticsearch at PLACE is busy (503): "),
        (Reply(504, b"gone"), IndexUnreachable, "the answer from PLACE cannot be read: no JSON"),
        (Reply(504, b"upstream timed out", {"Content-Type": "text/plain"}), IndexUnreachable, "is busy (504): upstream timed out"),
        (Reply(301, b"", {"Location": "https://u:p@es.example.org:9200/"}), IndexUnavailable,
         "PLACE leads on to es.example.org:9200 (301): make that the address of the index"),
        (Reply(302, b""), IndexUnavailable, "PLACE leads on to another address (302)"),
        (Reply(406, b"{}"), IndexUnavailable, "what answers at PLACE is not Elasticsearch, or older than 8 (406)"),
        (fault("media_type_header_exception", "Invalid media-type", 400), IndexUnavailable, "or older than 8 (400)"),
        (fault("security_exception", "unable to authenticate", 401), IndexUnavailable, "SVODKA_ELASTICSEARCH_USERNAME"),
        (fault("security_exception", "action [x] is unauthorized", 403), Forbidden,
         "forbids it (403): action [x] is unauthorized; docs/elasticsearch.md has the privileges needed"),
        (fault("index_not_found_exception", "no such index [news-all]", 404), Missing,
         "has no such index: no such index [news-all]; 'svodka index init' makes it"),
        (fault("resource_not_found_exception", "no task", 404), Refused, "refuses the request (404): no task"),
        (fault("content_too_long", "too long", 413), Refused, "refuses the request (413): too long"),
        (fault("parsing_exception", "unknown query", 400), Refused, "refuses the request (400): unknown query"),
        (fault("cluster_block_exception", "blocked by: [FORBIDDEN/8/index write (api)];", 403), IndexUnreachable,
         "the index takes no writes just now (an upgrade is at work, was killed"),
        (fault("cluster_block_exception", "disk usage exceeded flood-stage watermark", 429), IndexUnreachable,
         "a disk of the cluster is nearly full (flood stage): free space there"),
        (fault("cluster_block_exception", "state not recovered / initialized", 503), IndexUnreachable,
         "is busy (503): state not recovered / initialized"),
        (fault("index_closed_exception", "closed", 400), IndexUnreachable, "an index is closed; open it there"),
        (elastic({"error": "boom", "status": 500}, 500), IndexUnreachable, "is busy (500): boom"),
        (elastic({"error": {"type": "x", "reason": None}}, 500), IndexUnreachable, "is busy (500): x"),
        (elastic({"detail": "no"}, 400), Refused, 'refuses the request (400): {"detail": "no"}'),
    ],
)  # fmt: skip
def test_refusal_says_what_to_do(reply: Reply, kind: type[BackendError], message: str) -> None:
    error = answer(INFO, reply)
    assert type(error) is kind
    assert message in str(error)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), ("999999", 3600.0), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None), ("", None)],
)
def test_retry_after_is_handed_on(header: str, seconds: float | None) -> None:
    error = answer(fault("es_rejected_execution_exception", "queue is full", 429, Retry_After=header))
    assert isinstance(error, IndexUnreachable)
    assert error.retry_after == seconds


class TestTls:
    @pytest.fixture
    def authority(self) -> trustme.CA:
        return trustme.CA()

    @pytest.fixture
    def ca(self, authority: trustme.CA, tmp_path: Path) -> Path:
        authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
        return tmp_path / "ca.pem"

    @pytest.fixture
    def address(self, authority: trustme.CA, tmp_path: Path) -> Iterator[str]:
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(
            str(tmp_path / "node.pem")
        )
        with answering([INFO], certificate=tmp_path / "node.pem") as address:
            yield address

    def test_right_authority(self, address: str, ca: Path) -> None:
        cluster = Cluster.at(address, ElasticSettings(ca=ca))
        assert cluster.ask(cluster.es.info)["version"]["number"] == "9.4.3"
        cluster.close()

    def test_authority_of_the_system(self, address: str, ca: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(ca))  # OpenSSL's own variable for the system's authorities
        cluster = Cluster.at(address, ElasticSettings())
        assert cluster.ask(cluster.es.info)["version"]["number"] == "9.4.3"
        cluster.close()

    def test_unknown_authority(self, address: str) -> None:
        error = failure(address)
        assert type(error) is IndexUnavailable
        assert "set SVODKA_ELASTICSEARCH_CA to the PEM file of the right one" in str(error)

    def test_certificate_for_another_name(self, authority: trustme.CA, ca: Path, tmp_path: Path) -> None:
        authority.issue_cert("es.example.org").private_key_and_cert_chain_pem.write_to_path(
            str(tmp_path / "other.pem")
        )
        with answering([INFO], certificate=tmp_path / "other.pem") as address:
            error = failure(address, ca=ca)
        assert type(error) is IndexUnavailable
        assert "or is for another name" in str(error)

    def test_https_to_a_server_that_speaks_http(self) -> None:
        with answering([INFO]) as address:
            error = failure(address.replace("http:", "https:"))
        assert type(error) is IndexUnavailable
        assert "does not speak TLS: the address there begins with http://" in str(error)

    def test_http_to_a_server_that_speaks_https(self, address: str) -> None:
        error = failure(address.replace("https:", "http:"))
        assert type(error) is IndexUnreachable
        assert "(if it asks for TLS, the address begins with https://)" in str(error)

    def test_connection_that_is_cut_off_may_be_better_next_time(self) -> None:
        import socket
        from threading import Thread

        with socket.create_server(("127.0.0.1", 0)) as server:

            def cut() -> None:
                connection, _ = server.accept()
                connection.recv(1)
                connection.close()

            thread = Thread(target=cut)
            thread.start()
            error = failure(f"https://127.0.0.1:{server.getsockname()[1]}")
            thread.join()
        assert type(error) is IndexUnreachable

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (None, "there is no such file"),
            (b"no certificate", "no certificates in PEM form can be read there"),
        ],
    )
    def test_file_of_the_authority(self, tmp_path: Path, content: bytes | None, reason: str) -> None:
        path = tmp_path / "x.pem"
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(SettingsError, match=reason):
            Cluster.at("https://127.0.0.1:9200", ElasticSettings(ca=path))

    def test_verification_is_never_off(self, address: str, ca: Path) -> None:
        for settings in (ElasticSettings(), ElasticSettings(ca=ca)):
            cluster = Cluster.at(address, settings)
            for node in cluster.es.transport.node_pool.all():
                assert node.config.verify_certs
                assert not node.config.ssl_context or node.config.ssl_context.verify_mode is ssl.CERT_REQUIRED
            cluster.close()


class TestSeveralHosts:
    def test_dead_one_is_passed_over(self, es: Engine) -> None:
        for address in (f"{closed()}, {es.url}", f"{es.url},{closed()}"):
            cluster = Cluster.at(address, ElasticSettings(timeout=5))
            for _ in range(4):
                assert cluster.ask(cluster.es.info)["version"]["number"] == es.version
            cluster.close()

    def test_one_behind_a_broken_balancer_is_passed_over(self) -> None:
        with answering([html(502)]) as broken, answering([INFO]) as sound:
            cluster = Cluster.at(f"{broken},{sound}", ElasticSettings(timeout=5))
            for _ in range(4):
                assert cluster.ask(cluster.es.info)["version"]["number"] == "9.4.3"
            cluster.close()

    def test_all_dead(self) -> None:
        one, other = closed(), closed()
        error = failure(f"{one},{other}")
        assert isinstance(error, IndexUnreachable)
        assert one.removeprefix("http://") in str(error)
        assert other.removeprefix("http://") in str(error)

    def test_address_with_credentials_among_them_is_refused(self) -> None:
        with pytest.raises(SettingsError, match="holds credentials") as refusal:
            Cluster.at(f"{closed()},http://svodka:{WORD}@127.0.0.1:9200", ElasticSettings())
        assert WORD not in str(refusal.value)


def test_same_request_is_not_sent_twice_to_one_host() -> None:
    """What fails is sent again by the outbox, with its pauses."""
    with answering([html(503), INFO]) as address:
        assert "busy (503)" in str(failure(address))
