from __future__ import annotations

import pytest

from crawler.middlewares.private_addresses import is_private_name, is_public


@pytest.mark.parametrize(
    "host",
    ["localhost", "db.localhost", "printer.local", "vault.internal", "127.0.0.1", "10.1.2.3", "192.168.0.1",
     "169.254.169.254", "172.16.0.9", "0.0.0.1", "::1", "fe80::1", "fd00::7", "::ffff:127.0.0.1"],
)  # fmt: skip
def test_this_machine_and_private_networks_are_refused(host: str) -> None:
    assert is_private_name(host)


@pytest.mark.parametrize("host", ["ria.ru", "localhost.example", "8.8.8.8", "2606:4700::1111", "10.example"])
def test_public_names_and_addresses_pass(host: str) -> None:
    assert not is_private_name(host)


def test_an_address_with_a_zone_is_judged_without_it() -> None:
    assert not is_public("fe80::1%eth0")
