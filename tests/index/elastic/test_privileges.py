"""docs/elasticsearch.md: the keys it describes are enough, and the least that is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Set
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import elasticsearch
import pytest

from index.backend import BackendError
from index.elastic import lifecycle, schema
from index.elastic.backend import ElasticBackend
from index.elastic.engine import Engine
from index.elastic.upgrade import upgrade
from index.runs import PRUNED_ONE_IN
from index.search.parse import parse
from index.settings import load_settings
from index.stories.linker import link_pending
from tests.make import make_article, make_run
from tests.nodes.access import Access
from tests.nodes.live import LiveNode

DOCUMENT = (Path(__file__).parents[3] / "docs" / "elasticsearch.md").read_text("utf-8")
Role = dict[str, Any]  # as Elasticsearch calls it: a role descriptor
Privilege = tuple[str, str]  # ("index", "read")


def described_roles() -> dict[str, Role]:
    """Role name to its descriptor, from the requests in the document."""
    blocks = re.findall(r"^```json\n(.+?)^```", DOCUMENT, re.MULTILINE | re.DOTALL)
    return {name: role for block in blocks for name, role in json.loads(block)["role_descriptors"].items()}


def described_refusals(role: str) -> dict[Privilege, set[str]]:
    """Privilege to the commands refused without it, from the document's table."""
    rows = re.findall(rf"^\| {role} \| (index|cluster) `(\w+)` \| (.+) \|$", DOCUMENT, re.MULTILINE)
    return {(kind, name): set(commands.split(", ")) for kind, name, commands in rows}


def privileges(descriptor: Role) -> list[Privilege]:
    """Every privilege of a role."""
    of_indices = [("index", each) for each in descriptor["indices"][0]["privileges"]]
    return [("cluster", each) for each in descriptor.get("cluster", [])] + of_indices


ROLES = described_roles()
# A run whose storing also deletes old ones.
PRUNING = next(
    run for n in range(9_999) if int((run := make_run(f"{n}.example")).id, 16) % PRUNED_ONE_IN == 0
)


def search(backend: ElasticBackend) -> None:
    backend.require_ready(create=False)
    found = backend.search(parse("мост", now=datetime.now(UTC), copies=True))
    assert found.total


def crawl(backend: ElasticBackend) -> None:
    backend.require_ready(create=False)
    article = make_article(title=f"Мост открыт {datetime.now(UTC)}")
    assert backend.known([article.id]) == {}
    assert backend.put([article]) == ["indexed"]
    link_pending(backend)
    assert backend.pending(1) == []
    backend.put_state("site:example.org", {"etag": article.id})
    assert backend.get_state("site:example.org") == {"etag": article.id}
    assert backend.update_state("lease:example.org", lambda held: {"owner": "me"}) == {"owner": "me"}
    backend.put_run(make_run(PRUNING.site, PRUNING.started_at - timedelta(days=40)))
    backend.put_run(PRUNING)
    assert backend.last_runs() == {PRUNING.site: PRUNING}


def check(backend: ElasticBackend) -> None:
    backend.require_ready(create=False)
    backend.check()


def stats(backend: ElasticBackend) -> None:
    backend.require_ready(create=False)
    assert backend.stats()["bytes"]


def rebuild(backend: ElasticBackend) -> None:
    backend.require_ready(create=False)
    assert backend.rebuild_text()


def init(backend: ElasticBackend) -> None:
    """Make an index of another name, which the same key covers."""
    name = f"{backend.engine.names.base}-{datetime.now(UTC):%f}"
    settings = backend.engine.settings.model_copy(update={"name": name})
    other = Engine(backend.engine.cluster, schema.Names(name), settings)
    assert lifecycle.init(other)
    lifecycle.require_ready(other)


def carry_over(backend: ElasticBackend) -> None:
    """Upgrade the articles to a next version."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(schema.VERSIONS, "articles", schema.VERSIONS["articles"] + 1)
        assert [carried.documents for carried in upgrade(backend.engine)] >= [1]


COMMANDS: dict[str, Callable[[ElasticBackend], None]] = {
    "search": search,
    "crawl": crawl,
    "check": check,
    "stats": stats,
    "rebuild": rebuild,
    "init": init,
    "upgrade": carry_over,  # the last: it leaves an index of a version that this Svodka does not know
}
ALLOWED = {"reader": {"search"}, "crawler": {"search", "crawl", "check", "stats"}, "keeper": set(COMMANDS)}


@pytest.mark.parametrize("role", sorted(ALLOWED))
def test_each_key_can_do_what_it_is_for(secured_node: LiveNode, index_name: str, role: str) -> None:
    assert refused(secured_node, index_name, ROLES[role], set(COMMANDS)) == set(COMMANDS) - ALLOWED[role]


@pytest.mark.parametrize(
    ("role", "privilege"), [(role, each) for role in sorted(ALLOWED) for each in privileges(ROLES[role])]
)
def test_each_privilege_is_needed(
    secured_node: LiveNode, index_name: str, role: str, privilege: Privilege
) -> None:
    found = refused(secured_node, index_name, without(ROLES[role], privilege), ALLOWED[role])
    assert found == described_refusals(role)[privilege]


@pytest.mark.parametrize("role", sorted(ALLOWED))
def test_the_table_has_every_privilege(role: str) -> None:
    assert sorted(described_refusals(role)) == sorted(privileges(ROLES[role]))


@pytest.mark.parametrize("role", sorted(ALLOWED))
def test_other_indices_are_closed_to_each_key(secured_node: LiveNode, index_name: str, role: str) -> None:
    with secured_node.client() as admin:
        admin.indices.create(index=f"{index_name}2")  # only begins the same
    with secured_node.api_key(named(ROLES[role], index_name)).client() as client:
        for call in (client.search, client.indices.refresh, client.indices.delete):
            with pytest.raises(elasticsearch.AuthorizationException):
                call(index=f"{index_name}2")


def refused(node: LiveNode, name: str, descriptor: Role, commands: Set[str]) -> set[str]:
    """Those of the commands that a key with this role is refused; tried on one new index with an article in it."""
    with opened(node.access, name) as backend:
        backend.require_ready(create=True)
        backend.put([make_article()])
        search(backend)  # refreshes, as its writer
    key = node.api_key(named(descriptor, name))
    return {command for command in COMMANDS if command in commands and is_refused(key, name, command)}


def is_refused(key: Access, name: str, command: str) -> bool:
    with opened(key, name) as backend:
        try:
            COMMANDS[command](backend)
        except BackendError as error:
            if "unauthorized" not in str(error):
                raise
            return True
    return False


def opened(access: Access, name: str) -> ElasticBackend:
    settings = load_settings(access.environment(name)).elasticsearch
    return ElasticBackend.at(access.url, settings)


def named(descriptor: Role, name: str) -> Role:
    """The role for an index of another name than `news`."""
    renamed = json.dumps(descriptor).replace('"news', f'"{name}')
    role: Role = json.loads(renamed)
    return role


def without(descriptor: Role, privilege: Privilege) -> Role:
    """The role, one privilege short."""
    kind, name = privilege
    role: Role = json.loads(json.dumps(descriptor))
    (role["cluster"] if kind == "cluster" else role["indices"][0]["privileges"]).remove(name)
    return role
