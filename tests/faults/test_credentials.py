"""Credentials and certificates: what is wrong is told at once, what was fetched waits, and no secret is shown."""

from __future__ import annotations

import pytest

from tests.faults.conftest import OpenNewsroom
from tests.faults.newsroom import WAITING_AFTER
from tests.nodes.engines import costly
from tests.nodes.live import LiveNode

pytestmark = costly("secured_node", "9")
WRONG = "d3Jvbmc6c2VjcmV0LW9mLXRoaXMtdGVzdA=="
CASES = {
    "password": {"SVODKA_ELASTICSEARCH_PASSWORD": "secret-of-this-test"},
    "api_key": {"SVODKA_ELASTICSEARCH_API_KEY": WRONG},
}
NAMED = {"password": "SVODKA_ELASTICSEARCH_USERNAME and _PASSWORD", "api_key": "SVODKA_ELASTICSEARCH_API_KEY"}


@pytest.mark.parametrize("wrong", CASES)
def test_wrong_credentials(secured_node: LiveNode, open_newsroom: OpenNewsroom, wrong: str) -> None:
    newsroom = open_newsroom(secured_node.access, secured_node.major, **CASES[wrong])
    newsroom.account.notes = f"wrong {wrong}: nothing is fetched"
    for command in (["crawl"], ["crawl", "--verbose"], ["status"], ["index", "check"], ["index", "replay"]):
        done = newsroom.svodka(*command)
        assert done.code == 3
        assert NAMED[wrong] in done.out + done.err
        shown = done.out + done.err
        assert not any(secret in shown for secret in CASES[wrong].values())
        assert str(secured_node.password) not in shown
    assert not newsroom.server.log


def test_unknown_authority(secured_node: LiveNode, open_newsroom: OpenNewsroom) -> None:
    newsroom = open_newsroom(secured_node.access, secured_node.major)
    newsroom.account.notes = "certificate of an unknown CA: nothing is fetched"
    authority = newsroom.environment.pop("SVODKA_ELASTICSEARCH_CA")
    done = newsroom.crawl()
    assert done.code == 3
    assert "SVODKA_ELASTICSEARCH_CA" in done.err
    assert "Traceback" not in done.err
    assert not newsroom.server.log
    newsroom.environment["SVODKA_ELASTICSEARCH_CA"] = authority
    assert newsroom.svodka("index", "init").code == 0


def test_key_revoked(secured_node: LiveNode, open_newsroom: OpenNewsroom, index_name: str) -> None:
    role = {
        "cluster": ["manage_index_templates", "monitor"],
        "indices": [{"names": [index_name, f"{index_name}-*"], "privileges": ["manage", "read", "write"]}],
    }
    access = secured_node.api_key(role, name=index_name)
    newsroom = open_newsroom(access, secured_node.major)

    def revoke() -> None:
        with secured_node.client() as client:
            client.security.invalidate_api_key(name=index_name)

    newsroom.in_the_middle(revoke)
    done = newsroom.crawl()
    newsroom.assert_waits(done, "401", "SVODKA_ELASTICSEARCH_API_KEY")
    assert newsroom.waiting() == WAITING_AFTER
    assert str(access.api_key) not in done.out + done.err
    newsroom.environment["SVODKA_ELASTICSEARCH_API_KEY"] = str(secured_node.api_key(role).api_key)
    assert newsroom.svodka("index", "replay").code == 0
    newsroom.assert_whole("first")
