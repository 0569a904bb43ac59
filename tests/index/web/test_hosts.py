from __future__ import annotations

import pytest

from index.web.hosts import Hosts, hosts_of, is_loopback


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True), ("LOCALHOST", True), ("0.0.0.0", False),  # noqa: S104 - nothing listens here
     ("::", False), ("192.168.1.2", False), ("example.org", False), ("127.0.0.1.example.org", False), ("", False)],
)  # fmt: skip
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_loopback_goes_by_its_names_alone() -> None:
    hosts = hosts_of("127.0.0.1", ("News.example.org",))
    assert all(
        map(
            hosts.answers,
            ("127.0.0.1:8000", "localhost", "[::1]:1", "news.example.org", "NEWS.EXAMPLE.ORG:80"),
        )
    )
    assert not any(
        map(hosts.answers, ("192.0.2.1", "evil.example", "x.localhost", "[::2]", "127.0.0.1:port", "a b", ""))
    )


def test_all_interfaces_go_by_any_address_and_no_foreign_name() -> None:
    hosts = hosts_of("0.0.0.0")  # noqa: S104 - nothing listens here
    assert all(map(hosts.answers, ("192.0.2.1:8000", "[2001:db8::1]", "localhost")))
    assert not any(map(hosts.answers, ("evil.example", "192.0.2.1.evil.example", "999.0.2.1")))


def test_an_address_is_no_loopback_name() -> None:
    assert not Hosts().answers("10.0.0.1")
