"""Making the indices, and refusing to work on what is not ours, not complete or not of this version."""

from __future__ import annotations

import multiprocessing
import re
from collections.abc import Iterator
from typing import Any

import pytest

from index.backend import BackendError, IndexUnavailable, IndexUnreachable
from index.elastic import lifecycle
from index.elastic.backend import ElasticBackend
from index.elastic.bulk import Action, send
from index.elastic.client import Missing, Refused
from index.elastic.engine import Engine
from index.elastic.schema import KINDS, VERSIONS, mapping
from index.elastic.upgrade import upgrade
from index.search.parse import parse
from index.settings import ElasticSettings
from tests.index.elastic.loopback import answering, elastic, fault
from tests.index.elastic.older import holders, make_older
from tests.make import NOON, make_article
from tests.nodes.engines import Engine as Node
from tests.nodes.live import LiveNode

RIGHTS = ["read", "write", "view_index_metadata", "maintenance", "monitor"]


def at(es: Node, **settings: Any) -> ElasticBackend:
    return ElasticBackend.at(es.url, ElasticSettings(name=es.prefix, **settings))


@pytest.fixture
def backend(es: Node) -> Iterator[ElasticBackend]:
    """Nothing is made yet."""
    with at(es) as backend:
        yield backend


@pytest.fixture
def engine(backend: ElasticBackend) -> Engine:
    return backend.engine


def test_init_makes_all_that_is_missing_and_no_more(engine: Engine, es: Node) -> None:
    made = lifecycle.init(engine)
    base = es.prefix
    assert made[:2] == [f"template {base}-articles", f"index {base}-articles-v2 with alias {base}-all"]
    assert len(made) == 2 * len(KINDS)
    lifecycle.require_ready(engine)
    assert holders(engine) == {
        base: [f"{base}-articles-v2"],
        f"{base}-all": [f"{base}-articles-v2"],
        **{f"{base}-{kind}": [f"{base}-{kind}-v1"] for kind in KINDS if kind != "articles"},
    }
    before = engine.cluster.ask(engine.cluster.es.indices.get, index=f"{base}-*")
    assert lifecycle.init(engine) == []
    assert engine.cluster.ask(engine.cluster.es.indices.get, index=f"{base}-*") == before


def test_shards_replicas_and_refresh_are_those_of_the_settings(es: Node) -> None:
    with at(es, shards=3, replicas="0", refresh="7s") as backend:
        lifecycle.init(backend.engine)
        found = backend.engine.cluster.ask(
            backend.engine.cluster.es.indices.get_settings, index=f"{es.prefix}-*"
        )
    for index, entry in found.items():
        settings = entry["settings"]["index"]
        assert settings["number_of_shards"] == ("3" if "-articles-" in index else "1")
        assert (settings["number_of_replicas"], settings["refresh_interval"]) == ("0", "7s")


def _open(url: str, name: str, start: Any, made: Any) -> None:
    with ElasticBackend.at(url, ElasticSettings(name=name)) as backend:
        start.wait()
        backend.require_ready(create=True)
        backend.put([make_article()])
        made.put(True)


def test_two_processes_at_once(es: Node, backend: ElasticBackend) -> None:
    context = multiprocessing.get_context("spawn")
    start, made = context.Barrier(2), context.Queue()
    both = [context.Process(target=_open, args=(es.url, es.prefix, start, made)) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(60)
    assert [each.exitcode for each in both] == [0, 0]
    made.close()
    backend.require_ready(create=False)
    assert list(backend.get([make_article().id])) == [make_article().id]
    assert backend.check().faults == []


def test_nothing_is_there(engine: Engine, backend: ElasticBackend) -> None:
    with pytest.raises(Missing, match=r"alias .*-all is missing; 'svodka index init' makes it"):
        backend.require_ready(create=False)
    with pytest.raises(Missing):
        backend.get(["0" * 32])


@pytest.mark.parametrize("kind", ["articles", "edges"])
def test_alias_that_is_missing_comes_back(engine: Engine, kind: Any) -> None:
    lifecycle.init(engine)
    for alias in engine.names.aliases(kind):
        engine.cluster.ask(engine.cluster.es.indices.delete_alias, index=engine.names.index(kind), name=alias)
    with pytest.raises(Missing, match=re.escape(engine.names.alias(kind))):
        lifecycle.require_ready(engine)
    made = lifecycle.init(engine)
    assert made == [f"alias {engine.names.alias(kind)} on {engine.names.index(kind)}"]
    lifecycle.require_ready(engine)


@pytest.mark.parametrize("definition", [None, {}, {"filter": {"term": {"role": "copy"}}}])
def test_filter_of_the_alias_for_searches(engine: Engine, definition: dict[str, Any] | None) -> None:
    lifecycle.init(engine)
    index, alias = engine.names.index("articles"), engine.names.canonical
    actions: list[dict[str, Any]] = [{"remove": {"index": index, "alias": alias}}]
    if definition is not None:
        actions.append({"add": {"index": index, "alias": alias, **definition}})
    engine.cluster.ask(engine.cluster.es.indices.update_aliases, actions=actions)
    with pytest.raises(Missing, match="missing or not filtered to one article a story"):
        lifecycle.require_ready(engine)
    assert lifecycle.init(engine) == [f"alias {alias} on {index}"]
    lifecycle.require_ready(engine)


def test_template_that_is_missing_or_older_is_made_again(engine: Engine) -> None:
    lifecycle.init(engine)
    name = f"{engine.names.base}-edges"
    engine.cluster.ask(engine.cluster.es.indices.delete_index_template, name=name)
    assert lifecycle.init(engine) == [f"template {name}"]
    engine.cluster.ask(
        engine.cluster.es.indices.put_index_template, name=name, index_patterns=[f"{name}-v*"], version=0
    )
    assert lifecycle.init(engine) == [f"template {name}"]
    assert lifecycle.init(engine) == []


class TestForeign:
    @pytest.mark.parametrize("suffix", ["-all", "", "-edges"])
    def test_index_of_someone_else_behind_our_alias(self, engine: Engine, suffix: str) -> None:
        foreign = f"{engine.names.base}_foreign"
        alias = f"{engine.names.base}{suffix}"
        engine.cluster.ask(engine.cluster.es.indices.create, index=foreign, aliases={alias: {}})
        for call in (lifecycle.require_ready, lifecycle.init, lifecycle.found_versions):
            with pytest.raises(
                IndexUnavailable, match=f"alias {alias} leads to {foreign}, which is not"
            ) as refusal:
                call(engine)
            assert not isinstance(refusal.value, Missing)
        assert holders(engine) == {alias: [foreign]}

    def test_index_of_someone_else_beside_ours(self, engine: Engine) -> None:
        lifecycle.init(engine)
        foreign = f"{engine.names.base}_foreign"
        aliases: dict[str, Any] = {engine.names.canonical: {}}
        engine.cluster.ask(engine.cluster.es.indices.create, index=foreign, aliases=aliases)
        with pytest.raises(IndexUnavailable, match="is not an index of Svodka"):
            lifecycle.require_ready(engine)

    def test_index_that_has_the_name_of_our_alias(self, engine: Engine) -> None:
        engine.cluster.ask(engine.cluster.es.indices.create, index=engine.names.articles)
        with pytest.raises(Refused, match="exists with the same name as the alias"):
            lifecycle.init(engine)

    def test_copies_that_someone_made_of_our_index_are_let_alone(self, engine: Engine) -> None:
        for name in ("articles-v1-backup", "articles-v1_old", "articles-vx", "articles-v"):
            engine.cluster.ask(engine.cluster.es.indices.create, index=f"{engine.names.base}-{name}")
        lifecycle.init(engine)
        lifecycle.require_ready(engine)
        assert lifecycle.existing_versions(engine, "articles") == [2]

    def test_installation_whose_name_begins_with_ours(self, engine: Engine, es: Node) -> None:
        with ElasticBackend.at(es.url, ElasticSettings(name=f"{es.prefix}-archive")) as other:
            lifecycle.init(engine)
            lifecycle.init(other.engine)
            for each in (engine, other.engine):
                lifecycle.require_ready(each)
                assert lifecycle.existing_versions(each, "articles") == [2]


class TestVersions:
    def test_older(self, engine: Engine, backend: ElasticBackend) -> None:
        make_older(engine)
        words = r"is of an older version, this Svodka writes v\d: run 'svodka index upgrade'"
        assert re.search(words, lifecycle.require_ready(engine))
        with pytest.raises(IndexUnavailable, match=words):
            lifecycle.init(engine)
        assert lifecycle.found_versions(engine) == {kind: [0] for kind in KINDS}

    def test_older_is_read_and_not_written_until_it_is_upgraded(
        self, engine: Engine, backend: ElasticBackend
    ) -> None:
        make_older(engine)
        backend.require_ready(create=True)
        assert backend.search(parse("мост", now=NOON)).total == 0
        for write in (
            lambda: backend.put([make_article()]),
            lambda: backend.link([], []),
            lambda: backend.put_state("key", {}),
            backend.rebuild_text,
        ):
            with pytest.raises(IndexUnreachable, match="run 'svodka index upgrade'"):
                write()
        list(upgrade(engine))
        assert backend.put([make_article()]) == ["indexed"]

    def test_two_indices_without_the_alias_are_not_guessed_between(self, engine: Engine) -> None:
        """A killed upgrade has left a half-filled index, then the alias went missing."""
        make_older(engine)
        lifecycle.create(engine, "articles", aliases=False)
        old = engine.names.index("articles", 0)
        engine.cluster.ask(engine.cluster.es.indices.delete_alias, index=old, name=engine.names.articles)
        with pytest.raises(IndexUnavailable, match=r"-articles-v0, .*-articles-v2.* drop the one"):
            lifecycle.init(engine)
        assert engine.names.articles not in holders(engine)

    def test_newer(self, engine: Engine) -> None:
        lifecycle.init(engine)
        _replace(engine, version=7)
        for call in (lifecycle.require_ready, lifecycle.init):
            with pytest.raises(
                IndexUnavailable, match=r"-articles-v7 is of a newer Svodka than this one \(v2\)"
            ):
                call(engine)

    def test_newer_without_its_alias_gets_none_from_an_older_svodka(self, engine: Engine) -> None:
        lifecycle.init(engine)
        _replace(engine, version=7)
        for alias in engine.names.aliases("articles"):
            engine.cluster.ask(
                engine.cluster.es.indices.delete_alias, index=engine.names.index("articles", 7), name=alias
            )
        with pytest.raises(IndexUnavailable, match="newer Svodka"):
            lifecycle.init(engine)
        assert engine.names.articles not in holders(engine)

    def test_two_indices_behind_one_alias(self, engine: Engine) -> None:
        lifecycle.init(engine)
        engine.cluster.ask(
            engine.cluster.es.indices.create,
            index=engine.names.index("edges", 0),
            aliases={engine.names.alias("edges"): {}},
        )
        with pytest.raises(
            IndexUnavailable, match=r"-edges-v0 and .*-edges-v1: take it off all but the one in use"
        ):
            lifecycle.require_ready(engine)

    def test_alias_that_allows_no_writes(self, engine: Engine) -> None:
        lifecycle.init(engine)
        engine.cluster.ask(
            engine.cluster.es.indices.put_alias,
            index=engine.names.index("state"),
            name=engine.names.alias("state"),
            is_write_index=False,
        )
        with pytest.raises(IndexUnavailable, match="is_write_index: false"):
            lifecycle.require_ready(engine)


def _replace(engine: Engine, version: int) -> None:
    """Put the articles into an index of another version."""
    es, new = engine.cluster.es, engine.names.index("articles", version)
    engine.cluster.ask(es.indices.create, index=new, mappings=mapping("articles", version))
    actions: list[dict[str, Any]] = [{"remove_index": {"index": engine.names.index("articles")}}]
    for alias, definition in engine.names.aliases("articles").items():
        actions.append({"add": {"index": new, "alias": alias, **definition}})
    engine.cluster.ask(es.indices.update_aliases, actions=actions)


class TestLateWrites:
    def test_late_bulk_does_not_bring_a_dropped_index_back(self, engine: Engine) -> None:
        """Also on a cluster that makes indices by itself, as they all do unless told otherwise."""
        lifecycle.init(engine)
        late = engine.names.index("articles", 0)
        body = engine.cluster.ask(
            engine.cluster.es.bulk, operations=[{"index": {"_index": late, "_id": "1"}}, {"title": "Ёлка"}]
        )
        assert body["errors"]
        assert not engine.cluster.es.indices.exists(index=late)

    @pytest.mark.parametrize("op", ["create", "index"])
    def test_write_to_a_missing_alias_makes_no_index(self, engine: Engine, op: Any) -> None:
        action = Action(op, engine.names.articles, "1", {"title": "Ёлка"})
        with pytest.raises(Missing, match="'svodka index init' makes it"):
            send(engine.cluster, [action], engine.settings)
        assert not engine.cluster.es.indices.exists(index=engine.names.articles)

    def test_state_of_a_missing_alias_makes_no_index(self, backend: ElasticBackend) -> None:
        with pytest.raises(Missing):
            backend.put_state("site:ria.ru", {})
        assert not backend.engine.cluster.es.indices.exists(index=backend.engine.names.alias("state"))

    def test_index_on_a_private_cluster_that_makes_indices_by_itself(self, private_node: LiveNode) -> None:
        with private_node.client() as client:
            client.cluster.put_settings(persistent={"action.auto_create_index": True})
        with ElasticBackend.at(private_node.url, ElasticSettings()) as backend:
            with pytest.raises(Missing):
                backend.put([make_article()])
            lifecycle.init(backend.engine)
            backend.put([make_article()])
            late = Action("index", backend.engine.names.index("articles", 0), "1", {"title": "Ёлка"})
            operations = late.lines().replace(b',"require_alias":true', b"")
            assert backend.engine.cluster.ask(backend.engine.cluster.es.bulk, operations=operations)["errors"]
            assert sorted(backend.engine.cluster.es.indices.get(index="news*")) == [
                f"news-{kind}-v{VERSIONS[kind]}" for kind in sorted(KINDS)
            ]


class TestServer:
    @pytest.mark.parametrize("number", ["7.17.29", "8.18.0", "8.9.2"])
    def test_server_that_is_too_old(self, number: str) -> None:
        with (
            answering([elastic({"version": {"number": number}})]) as address,
            ElasticBackend.at(address, ElasticSettings()) as backend,
            pytest.raises(IndexUnavailable, match=f"is {number}; 8.19 or newer is needed"),
        ):
            backend.require_ready(create=True)

    @pytest.mark.parametrize("number", ["8.19.0", "9.4.3", "10.0.0-SNAPSHOT"])
    def test_server_that_is_new_enough(self, number: str) -> None:
        with (
            answering([elastic({"version": {"number": number}})]) as address,
            ElasticBackend.at(address, ElasticSettings()) as backend,
        ):
            assert lifecycle.require_server(backend.engine) == number

    @pytest.mark.parametrize("body", [{}, {"version": 3}, {"version": {"number": "new"}}])
    def test_server_that_tells_no_version(self, body: object) -> None:
        with (
            answering([elastic(body)]) as address,
            ElasticBackend.at(address, ElasticSettings()) as backend,
            pytest.raises(IndexUnavailable, match="tells no version"),
        ):
            lifecycle.require_server(backend.engine)

    def test_credentials_that_may_not_ask_for_the_version(self) -> None:
        with (
            answering([fault("security_exception", "unauthorized", 403)]) as address,
            ElasticBackend.at(address, ElasticSettings()) as backend,
        ):
            assert lifecycle.require_server(backend.engine) == ""

    def test_cluster_that_does_not_answer(self) -> None:
        with (
            ElasticBackend.at("http://127.0.0.1:1", ElasticSettings()) as backend,
            pytest.raises(IndexUnreachable, match="connection refused"),
        ):
            backend.require_ready(create=True)


def _settings(node: LiveNode, name: str, key: str) -> ElasticSettings:
    return ElasticSettings.model_validate({"name": name, "ca": node.access.ca, "api_key": key})


def test_crawling_and_searching_need_no_rights_beyond_the_indices(
    secured_node: LiveNode, index_name: str
) -> None:
    access = secured_node.access
    owner = ElasticSettings.model_validate(
        {"name": index_name, "ca": access.ca, "username": access.username, "password": access.password}
    )
    with ElasticBackend.at(secured_node.url, owner) as backend:
        lifecycle.init(backend.engine)
    role = {"indices": [{"names": [f"{index_name}*"], "privileges": RIGHTS}]}
    key = secured_node.api_key(role).api_key or ""
    with ElasticBackend.at(secured_node.url, _settings(secured_node, index_name, key)) as backend:
        backend.require_ready(create=True)
        article = make_article()
        assert backend.put([article]) == ["indexed"]
        assert backend.put([article.model_copy(update={"title": "Иначе", "content_hash": "0" * 32})]) == [
            "revised"
        ]
        (stored,) = backend.get([article.id]).values()
        backend.link([(stored.id, stored.judged_hash)], [])
        backend.put_state("site:ria.ru", {"etag": "x"})
        assert backend.known([article.id])
        assert backend.pending(10) == []
        assert backend.stats()["articles"] == 1
        assert backend.check().faults == []
        with pytest.raises(IndexUnavailable, match=r"forbids it \(403\)"):
            backend.engine.cluster.ask(
                backend.engine.cluster.es.indices.delete, index=f"{index_name}-edges-v1"
            )


def test_key_for_other_indices_is_told_so(secured_node: LiveNode, index_name: str) -> None:
    key = secured_node.api_key({"indices": [{"names": ["other*"], "privileges": RIGHTS}]}).api_key or ""
    with ElasticBackend.at(secured_node.url, _settings(secured_node, index_name, key)) as backend:
        with pytest.raises(BackendError, match=r"forbids it \(403\)|missing"):
            backend.require_ready(create=False)
        with pytest.raises(IndexUnavailable, match=r"forbids it \(403\)"):
            backend.require_ready(create=True)


def test_wrong_key(secured_node: LiveNode) -> None:
    with (
        ElasticBackend.at(secured_node.url, _settings(secured_node, "news", "d3Jvbmc6d3Jvbmc=")) as backend,
        pytest.raises(IndexUnavailable, match="refuses the credentials"),
    ):
        backend.require_ready(create=True)
