"""The fixtures of nodes do what tests of Svodka rely on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import elasticsearch
import pytest
from elastic_transport import TlsError

from tests.nodes.access import empty
from tests.nodes.cluster import Cluster
from tests.nodes.engines import Engine
from tests.nodes.live import LiveNode

READER = {"indices": [{"names": ["t-*"], "privileges": ["read"]}]}


def test_shared_node_is_the_release_that_its_case_names(es: Engine) -> None:
    with es.client() as client:
        version = client.info()["version"]["number"]
        analysed = client.indices.analyze(analyzer="russian", text="о новых ёлках в Москве")
    assert version == es.version
    assert es.major == version.partition(".")[0]
    assert [token["token"] for token in analysed["tokens"]] == ["нов", "елк", "москв"]
    assert es.environment == {"SVODKA_INDEX": es.url, "SVODKA_ELASTICSEARCH_NAME": es.prefix}


def test_write_to_a_missing_index_fails(es: Engine) -> None:
    with es.client() as client, pytest.raises(elasticsearch.NotFoundError, match="no such index"):
        client.index(index=f"{es.prefix}-missing", document={"title": "Ёлка"})


def test_secured_node_asks_for_the_right_authority_and_a_user(secured_node: LiveNode) -> None:
    with secured_node.client() as client:
        assert client.security.authenticate()["roles"] == ["superuser"]
    with elasticsearch.Elasticsearch(secured_node.url) as stranger, pytest.raises(TlsError):
        stranger.info()
    nobody = elasticsearch.Elasticsearch(secured_node.url, ca_certs=str(secured_node.access.ca))
    with nobody, pytest.raises(elasticsearch.AuthenticationException):
        nobody.info()


def test_api_key_may_do_what_its_role_says_and_no_more(secured_node: LiveNode, index_name: str) -> None:
    with secured_node.client() as admin:
        admin.indices.create(index=index_name)
    reader = secured_node.api_key(READER)
    with reader.client() as client:
        assert client.count(index=index_name)["count"] == 0
        with pytest.raises(elasticsearch.AuthorizationException):
            client.index(index=index_name, document={"title": "Ёлка"})
    assert reader.environment("news").keys() == {
        "SVODKA_INDEX",
        "SVODKA_ELASTICSEARCH_NAME",
        "SVODKA_ELASTICSEARCH_CA",
        "SVODKA_ELASTICSEARCH_API_KEY",
    }


def test_small_queue_refuses_some_documents_of_concurrent_writes(
    small_queue_node: LiveNode, index_name: str
) -> None:
    with small_queue_node.client() as client, ThreadPoolExecutor(16) as pool:
        client.indices.create(index=index_name, settings={"number_of_shards": 4})
        answers = list(pool.map(lambda _: _bulk(client, index_name), range(64)))
    statuses = {status for answer in answers for status in answer}
    assert statuses >= {201, 429}


def test_private_node_keeps_data_and_address_over_a_kill(private_node: LiveNode) -> None:
    with private_node.client() as client:
        client.indices.create(index="news", settings={"number_of_replicas": 0})
        client.index(index="news", id="1", document={"title": "Ёлка"})
        before = private_node.url, private_node.pid
        private_node.kill()
        assert private_node.pid is None
        with pytest.raises(elasticsearch.ConnectionError):
            client.get(index="news", id="1")
    private_node.start()
    with private_node.client() as client:
        assert client.get(index="news", id="1")["_source"] == {"title": "Ёлка"}
    assert private_node.url == before[0]
    assert private_node.pid != before[1]


def test_private_node_is_emptied_of_what_a_test_can_leave_behind(private_node: LiveNode) -> None:
    with private_node.client() as client:
        client.cluster.put_settings(persistent={"cluster.routing.allocation.enable": "none"})
        client.indices.put_index_template(name="left-behind", index_patterns=["left-*"])
        client.indices.create(index="left-behind", wait_for_active_shards="0")
        empty(client)
        assert list(client.indices.get(index="*", expand_wildcards="all")) == []
        assert client.cluster.get_settings()["persistent"] == {}
        assert not client.indices.exists_index_template(name="left-behind")


def test_frozen_node_answers_again_when_thawed(private_node: LiveNode) -> None:
    private_node.freeze()
    with private_node.client(request_timeout=1, max_retries=0) as client:
        with pytest.raises(elasticsearch.ConnectionTimeout):
            client.info()
        private_node.thaw()
        assert client.options(request_timeout=30).info()["version"]["number"].startswith("9.")


def test_three_nodes_outlive_the_loss_of_their_master(three_nodes: Cluster) -> None:
    with three_nodes.client() as client:
        client.indices.create(index="news", settings={"number_of_replicas": 2}, wait_for_active_shards=3)
        client.index(index="news", id="1", document={"title": "Ёлка"})
    lost = three_nodes.master()
    lost.kill()
    with three_nodes.client(request_timeout=60) as client:
        client.cluster.health(wait_for_nodes="2", timeout="50s")
        assert client.get(index="news", id="1")["found"]
    assert three_nodes.master() != lost


def _bulk(client: elasticsearch.Elasticsearch, index: str) -> list[int]:
    """Status of each document of one bulk request; of the request when it was refused as a whole."""
    operations: list[dict[str, Any]] = []
    for number in range(200):
        operations += [{"create": {}}, {"title": f"Ёлка {number}"}]
    try:
        answer = client.bulk(index=index, operations=operations)
    except elasticsearch.ApiError as fault:
        return [fault.status_code]
    return [item["create"]["status"] for item in answer["items"]]
