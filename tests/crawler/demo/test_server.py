"""The server of the sample sites, over real sockets."""

from __future__ import annotations

import gzip
import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

import pytest

import crawler.demo
from crawler.demo.content import read_editions
from crawler.demo.page import Page, Request
from crawler.demo.server import SampleSites, serve

DEMO = Path(crawler.demo.__file__).parent
ARTICLE = "http://svodnaya.example/20261119/gololyod-1007.html"
LATE = "http://svodnaya.example/20261120/vodorod-1012.html"
LONG = "<p>" + "Слово за словом. " * 40 + "</p>"


EDITIONS = read_editions(DEMO)


@pytest.fixture
def demo() -> Iterator[SampleSites]:
    with SampleSites(EDITIONS) as server:
        yield server
        assert server.errors == []


def ask(
    server: SampleSites, target: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    """One request with the target exactly as given; a header's `_` stands for `-`."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)) as connection:
        connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        response = connection.getresponse()
        return response, response.read()


def raw(server: SampleSites, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", server.port), timeout=5) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(4096), b""))


def test_an_ordinary_client_reads_through_the_proxy(demo: SampleSites) -> None:
    opener = build_opener(ProxyHandler({"http": demo.address}))
    with opener.open(ARTICLE, timeout=5) as response:
        assert response.status == 200
        assert "ледяной дождь" in response.read().decode()
    assert demo.requests == {ARTICLE: 1}


def test_origin_form_gives_the_same_page(demo: SampleSites) -> None:
    _, proxied = ask(demo, ARTICLE)
    response, body = ask(demo, urlsplit(ARTICLE).path, Host="svodnaya.example")
    assert response.status == 200
    assert body == proxied
    assert demo.requests == {ARTICLE: 2}


@pytest.mark.parametrize("host", ["SVODNAYA.Example", "svodnaya.example:80"])
def test_spellings_of_a_host(demo: SampleSites, host: str) -> None:
    assert ask(demo, f"http://{host}/robots.txt")[0].status == 200
    assert ask(demo, "/robots.txt", Host=host)[0].status == 200


def test_a_query_that_no_page_has_is_ignored(demo: SampleSites) -> None:
    assert ask(demo, ARTICLE + "?utm_source=rss")[1] == ask(demo, ARTICLE)[1]
    assert demo.requests == {ARTICLE: 1, ARTICLE + "?utm_source=rss": 1}


def test_an_exact_query_wins() -> None:
    pages = {"http://a.example/": "first", "http://a.example/?page=2": "second"}
    with SampleSites.from_pages(pages) as server:
        assert ask(server, "http://a.example/?page=2")[1] == b"second"
        assert ask(server, "http://a.example?page=3")[1] == b"first"


def test_an_unknown_host_is_refused_and_named(demo: SampleSites) -> None:
    response, body = ask(demo, "http://elsewhere.example/page")
    assert response.status == 502
    assert b"elsewhere.example is no sample host" in body


def test_an_unknown_path_is_not_found(demo: SampleSites) -> None:
    response, body = ask(demo, "http://zapiski.example/robots.txt")
    assert response.status == 404
    assert b"/robots.txt is not on zapiski.example" in body


def test_head_has_the_headers_and_no_body(demo: SampleSites) -> None:
    head, nothing = ask(demo, ARTICLE, "HEAD")
    response, body = ask(demo, ARTICLE)
    assert nothing == b""
    assert head.headers["Content-Length"] == str(len(body))
    assert head.headers.items() == response.headers.items()


def test_the_date_is_the_edition_s_clock(demo: SampleSites) -> None:
    assert ask(demo, ARTICLE)[0].headers["Date"] == "Fri, 20 Nov 2026 12:00:00 GMT"
    demo.set_edition(2)
    assert ask(demo, ARTICLE)[0].headers["Date"] == "Fri, 20 Nov 2026 15:00:00 GMT"


@pytest.mark.parametrize("weak", ["", "W/"])
def test_etag_gives_304_until_the_page_changes(demo: SampleSites, weak: str) -> None:
    tag = weak + ask(demo, ARTICLE)[0].headers["ETag"]
    response, body = ask(demo, ARTICLE, If_None_Match=f'"other", {tag}')
    assert (response.status, body, response.headers["Content-Length"]) == (304, b"", None)
    demo.set_edition(2)
    response, body = ask(demo, ARTICLE, If_None_Match=tag)
    assert response.status == 200
    assert "ранжевый уровень".encode() in body


def test_last_modified_gives_304_until_the_page_changes(demo: SampleSites) -> None:
    seen = ask(demo, ARTICLE)[0].headers["Last-Modified"]
    assert ask(demo, ARTICLE, If_Modified_Since=seen)[0].status == 304
    assert ask(demo, ARTICLE, If_Modified_Since="Thu, 19 Nov 2026 00:00:00 GMT")[0].status == 200
    demo.set_edition(2)
    assert ask(demo, ARTICLE, If_Modified_Since=seen)[0].status == 200
    assert ask(demo, "http://port-gazeta.example/robots.txt", If_Modified_Since=seen)[0].status == 304


def test_if_none_match_decides_alone(demo: SampleSites) -> None:
    seen = ask(demo, ARTICLE)[0].headers["Last-Modified"]
    assert ask(demo, ARTICLE, If_None_Match='"other"', If_Modified_Since=seen)[0].status == 200


@pytest.mark.parametrize("date", ["yesterday", "", "Fri, 99 Nov 2026 12:00:00 GMT"])
def test_an_unreadable_date_is_ignored(demo: SampleSites, date: str) -> None:
    assert ask(demo, ARTICLE, If_Modified_Since=date)[0].status == 200


def test_errors_carry_no_validators() -> None:
    with SampleSites.from_pages({"/gone": Page("gone", 410)}) as server:
        response, _ = ask(server, "/gone", Host=f"127.0.0.1:{server.port}", If_None_Match="*")
    assert response.status == 410
    assert response.headers["ETag"] is None


@pytest.mark.parametrize("accepted", ["gzip", "deflate, GZIP;q=0.5", "*"])
def test_gzip_when_accepted(accepted: str) -> None:
    with SampleSites.from_pages({"http://a.example/": LONG}) as server:
        plain = ask(server, "http://a.example/")
        packed = ask(server, "http://a.example/", Accept_Encoding=accepted)
    assert packed[0].headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed[1]) == plain[1] == LONG.encode()
    assert packed[0].headers["ETag"] != plain[0].headers["ETag"]
    assert packed[0].headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["gzip;q=0", "identity", "br"])
def test_no_gzip_when_not_accepted(accepted: str) -> None:
    with SampleSites.from_pages({"http://a.example/": LONG}) as server:
        response, body = ask(server, "http://a.example/", Accept_Encoding=accepted)
    assert response.headers["Content-Encoding"] is None
    assert body == LONG.encode()


@pytest.mark.parametrize(
    ("url", "declared", "encoding", "word"),
    [
        ("http://svodnaya.example/", "text/html; charset=utf-8", "utf-8", "Новости"),
        ("http://zarechye-segodnya.example/news/2026/1843.html", "text/html", "windows-1251", "Новости"),
        ("http://zarechye-segodnya.example/rss.xml", "application/xml; charset=utf-8", "utf-8", "Новости"),
        ("http://port-gazeta.example/n/2026/728.html", "text/html; charset=utf-8", "windows-1251", "Маяк"),
        ("http://ural-vestnik.example/feed.rss", "application/rss+xml", "koi8-r", "новостей"),
        ("http://zapiski.example/feed.xml", "text/html; charset=utf-8", "utf-8", "Лента"),
    ],
)
def test_encodings_declared_kept_silent_and_lied_about(
    demo: SampleSites, url: str, declared: str, encoding: str, word: str
) -> None:
    response, body = ask(demo, url)
    assert response.headers["Content-Type"] == declared
    assert word in body.decode(encoding)
    if encoding != "utf-8":
        with pytest.raises(UnicodeDecodeError):
            body.decode("utf-8")


def test_a_gzipped_file_is_a_file_and_no_coding(demo: SampleSites) -> None:
    response, body = ask(demo, "http://zapiski.example/sitemap-stories.xml.gz", Accept_Encoding="gzip")
    assert response.headers["Content-Encoding"] is None
    assert response.headers["Content-Type"] == "application/gzip"
    assert b"/read/tikhaya-voda" in gzip.decompress(body)


def test_editions(demo: SampleSites) -> None:
    assert ask(demo, LATE)[0].status == 404
    demo.set_edition(2)
    assert demo.edition == 2
    assert ask(demo, LATE)[0].status == 200
    demo.set_edition(1)
    assert ask(demo, LATE)[0].status == 404


@pytest.mark.parametrize("edition", [0, 3, -1])
def test_no_such_edition(edition: int) -> None:
    with pytest.raises(ValueError, match="there are 2"):
        serve(DEMO, edition=edition)


def test_the_same_bytes_on_each_start() -> None:
    with serve(DEMO, edition=2) as one, serve(DEMO, edition=2) as other:
        first, second = ask(one, ARTICLE), ask(other, ARTICLE)
    assert first[1] == second[1]
    assert first[0].headers.items() == second[0].headers.items()


def test_a_function_may_answer() -> None:
    def busy(request: Request) -> Page:
        return Page(request.headers["user-agent"], 429, {"Retry-After": "7"})

    with SampleSites.from_pages({"http://a.example/busy": busy}) as server:
        response, body = ask(server, "http://a.example/busy", User_Agent="tester")
    assert (response.status, response.headers["Retry-After"], body) == (429, "7", b"tester")
    assert server.log[0].status == 429
    assert server.log[0].request.headers["user-agent"] == "tester"


def test_paths_belong_to_the_server_s_own_address() -> None:
    with SampleSites.from_pages({"/feed.xml": b"<rss/>"}) as server:
        own = f"127.0.0.1:{server.port}"
        response, body = ask(server, "/feed.xml?x=1", Host=own)
        assert (body, response.headers["Content-Type"]) == (b"<rss/>", "application/xml; charset=utf-8")
        assert ask(server, f"{server.address}/feed.xml")[1] == b"<rss/>"
        assert ask(server, "/other", Host=own)[0].status == 404
        assert ask(server, "/feed.xml", Host="a.example")[0].status == 502


def test_a_folder_of_plain_files_is_enough(tmp_path: Path) -> None:
    host = tmp_path / "pages" / "plain.example"
    (host / "news").mkdir(parents=True)
    (host / "news" / "index.html").write_text("<h1>Новости, $5</h1>", "utf-8")
    (host / "picture.jpg").write_bytes(b"\xff\xd8\xff")
    with serve(tmp_path) as server:
        assert ask(server, "http://plain.example/news/")[1].decode() == "<h1>Новости, $5</h1>"
        response, body = ask(server, "http://plain.example/picture.jpg")
    assert (response.headers["Content-Type"], body) == ("image/jpeg", b"\xff\xd8\xff")


def test_a_failing_page_is_a_500_and_is_kept() -> None:
    def broken(request: Request) -> Page:
        raise LookupError(request.url)

    with SampleSites.from_pages({"http://a.example/": broken, "http://a.example/ok": "ok"}) as server:
        assert ask(server, "http://a.example/")[0].status == 500
        assert ask(server, "http://a.example/ok")[1] == b"ok"
        assert isinstance(server.errors[0], LookupError)


@pytest.mark.parametrize(
    "target",
    [
        "https://svodnaya.example/",
        "ftp://svodnaya.example/",
        "http://[::1",
        "http://svodnaya.example:99999/",
        "http:///no-host",
        "nonsense",
    ],
)
def test_odd_targets_are_refused(demo: SampleSites, target: str) -> None:
    assert ask(demo, target)[0].status == 400
    assert ask(demo, ARTICLE)[0].status == 200


def test_origin_form_without_a_host(demo: SampleSites) -> None:
    assert ask(demo, "/robots.txt")[0].status == 400


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS", "BREW"])
def test_other_methods_are_refused(demo: SampleSites, method: str) -> None:
    response, _ = ask(demo, ARTICLE, method)
    assert (response.status, response.headers["Allow"]) == (405, "GET, HEAD")
    assert ask(demo, ARTICLE)[0].status == 200


def test_connect_opens_no_tunnel(demo: SampleSites) -> None:
    answer = raw(demo, b"CONNECT svodnaya.example:443 HTTP/1.1\r\nHost: svodnaya.example\r\n\r\nhello")
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(
    "garbage",
    [
        b"",
        b"\r\n",
        b"\x16\x03\x01\x02\x00\x01",
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET http://svodnaya.example/ HTTP/1.1\r\nno colon\r\n\r\n",
        b"GET " + b"/" * 70_000 + b" HTTP/1.1\r\n\r\n",
        b"GET http://svodnaya.example/ HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"GET http://svodnaya.example/ HTTP/1.1\r\nContent-Length: 50\r\n\r\nshort",
        b"GET http://svodnaya.example/\xff\xfe HTTP/1.1\r\n\r\n",
    ],
)
def test_garbage_does_not_stop_it(demo: SampleSites, garbage: bytes) -> None:
    raw(demo, garbage)
    assert ask(demo, ARTICLE)[0].status == 200


def test_a_client_that_hangs_up_does_not_stop_it(demo: SampleSites) -> None:
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", demo.port), timeout=5) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            connection.sendall(f"GET {ARTICLE} HTTP/1.1\r\n\r\n".encode())
    assert ask(demo, ARTICLE)[0].status == 200


def test_one_connection_serves_many_requests(demo: SampleSites) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", demo.port, timeout=5)) as connection:
        for _ in range(3):
            connection.request("GET", ARTICLE)
            response = connection.getresponse()
            assert response.status == 200
            response.read()
            assert connection.sock is not None


def test_many_clients_at_once_are_all_counted(demo: SampleSites) -> None:
    threads = [threading.Thread(target=ask, args=(demo, ARTICLE)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert demo.requests == {ARTICLE: 16}


def test_closing_does_not_wait_for_idle_clients() -> None:
    with SampleSites.from_pages({"/": "ok"}) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"ok"
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
    connection.close()


def test_only_loopback_is_listened_on(demo: SampleSites) -> None:
    assert demo.address == f"http://127.0.0.1:{demo.port}"
    assert demo.port > 0
