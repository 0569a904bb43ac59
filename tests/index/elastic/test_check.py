"""Every fault that `check` looks for is made on purpose in the indices, and has to be found and named."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from index.article import Article
from index.backend import Edge
from index.elastic.backend import ElasticBackend
from index.elastic.schema import Kind
from index.settings import ElasticSettings
from tests.index.elastic.older import make_older
from tests.make import NOON, digest, make_article, make_run, make_source
from tests.nodes.engines import Engine as Node
from tests.nodes.engines import elastic_params, engine_on
from tests.nodes.shared import SharedNodes

FOREIGN = make_source("tass.ru", "ТАСС", foreign=True)
ARTICLES = sorted(
    (
        make_article(
            site=f"s{number}.ru",
            url=f"https://s{number}.ru/{number}",
            title=f"Новость {number}",
            fingerprint=[f"{number:015x}{value:x}" for value in range(4)],
            published_at=NOON + timedelta(hours=number),
            source=FOREIGN,
        )
        for number in range(5)
    ),
    key=lambda each: each.id,
)
A, B, C, D, E = (
    ARTICLES  # A, B and C are one story, its middle B; D was rejected as a copy of A; E is revision 2
)
FIRST = min((A, B, C), key=lambda each: each.published_at)  # their canonical article
OLD_E = E.model_copy(
    update={"title": "Было", "content_hash": "0" * 32, "fetched_at": NOON - timedelta(hours=1)}
)
NEW_E = E.model_copy(update={"revision": 2})
OTHER = "0" * 32
SOUND = {"articles": 5, "revisions": 1, "pending": 0, "states": 1, "runs": 0, "edges": 3, "stories": 3}


def edge(one: Article, other: Article, ok: bool) -> Edge:
    return Edge(one.id, other.id, ok, "test", one.judged_hash, other.judged_hash)


@pytest.fixture(scope="module", params=elastic_params())
def node(request: pytest.FixtureRequest, nodes: SharedNodes) -> Iterator[Node]:
    """A node of each major, with names for the whole module."""
    with engine_on(nodes, request.param, f"t-{digest(request.param)[:6]}{id(request):x}") as node:
        yield node


@pytest.fixture(scope="module")
def shared(node: Node) -> Iterator[ElasticBackend]:
    """One sound index for all cases of the module: each undoes the damage it does."""
    with ElasticBackend.at(node.url, ElasticSettings(name=node.prefix)) as backend:
        backend.require_ready(create=True)
        backend.put([A, B, C, D, OLD_E])
        backend.put([E])
        backend.link(
            [(each.id, each.judged_hash) for each in ARTICLES],
            [edge(A, B, True), edge(B, C, True), edge(A, D, False)],
        )
        backend.put_state("site:s1.ru", {"etag": "x"})
        yield backend


Damage = Callable[..., None]


@pytest.fixture
def damage(shared: ElasticBackend) -> Iterator[Damage]:
    """Changes fields of a document (all of it for `whole`), adds one, or deletes one (None); undone at the end."""
    es, names = shared.engine.cluster.es, shared.engine.names
    undo: list[tuple[str, str, dict[str, Any] | None]] = []

    def change(kind: Kind, id: str, fields: dict[str, Any] | None, whole: bool = False) -> None:
        index = names.alias(kind)
        held = es.options(ignore_status=404).get(index=index, id=id)
        before = held["_source"] if held.get("found") else None
        undo.append((index, id, before))
        _put(index, id, fields if fields is None or whole else {**(before or {}), **fields})

    def _put(index: str, id: str, document: dict[str, Any] | None) -> None:
        if document is None:
            es.options(ignore_status=404).delete(index=index, id=id, refresh=True)
        else:
            es.index(index=index, id=id, document=document, refresh=True)

    yield change
    for each in reversed(undo):
        _put(*each)


def own(article: Article, **changes: Any) -> dict[str, Any]:
    """What the engine keeps beside an article, changed."""
    sound = {"stored": 1, "judged": article.judged_hash, "marks": ["tass.ru"]}
    kept = {**sound, **changes}
    return {"linking": {name: value for name, value in kept.items() if value is not None}}


def faults(backend: ElasticBackend) -> list[str]:
    return backend.check().faults


def test_sound_index_has_none_and_everything_is_counted(shared: ElasticBackend) -> None:
    check = shared.check()
    assert check.faults == []
    assert check.counts == SOUND


def revision(id: str, number: int, document: str = "{}") -> dict[str, Any]:
    return {"id": id, "revision": number, "document": document}


RUN = make_run(site="s1.ru").model_dump(mode="json")
AB = f"{A.id}|{B.id}"
AD = f"{A.id}|{D.id}"
CASES: list[tuple[Kind, str, dict[str, Any] | None, str]] = [
    # articles
    ("articles", A.id, {"id": OTHER}, f"article {A.id}: the document says it is article {OTHER}"),
    ("articles", A.id, {"word_count": -1}, f"article {A.id}: the stored document cannot be read: word_count:"),
    ("articles", A.id, {"site": ""}, f"article {A.id}: the stored document cannot be read: site:"),
    ("articles", A.id, own(A, judged=OTHER), f"article {A.id}: linking.judged is '{OTHER}', by the document it is"),
    ("articles", A.id, own(A, judged=None), f"article {A.id}: linking.judged is None, by the document it is"),
    ("articles", A.id, own(A, marks=[]), f"article {A.id}: linking.marks is [], by the document it is ['tass.ru']"),
    ("articles", A.id, own(A, stored=None), f"article {A.id}: linking.stored is None, no place in the order"),
    ("articles", A.id, {"linking": None}, f"article {A.id}: nothing of what linking reads is stored"),
    ("articles", A.id, {"linking": [{"stored": 1}]}, f"article {A.id}: nothing of what linking reads is stored"),
    ("articles", A.id, {"title": "Подменено", "content_hash": OTHER}, f"article {A.id}: linking.judged is"),
    ("articles", "alien", {"title": "Ёлка"}, "article alien: the stored document cannot be read: id: Field required;"),
    ("articles", "alien", {}, "article alien: the stored document cannot be read: id: Field required;"),
    ("articles", "alien", {"id": "alien", "revision": 3}, "article alien: earlier texts [1, 2] are missing"),
    # revisions
    ("revisions", f"{E.id}:1", None, f"article {E.id}: earlier texts [1] are missing"),
    ("articles", E.id, {"revision": 4}, f"article {E.id}: earlier texts [2, 3] are missing"),
    ("revisions", f"{E.id}:1", {"document": "{"}, f"revision {E.id}:1: cannot be read: document: Invalid JSON"),
    ("revisions", f"{E.id}:1", {"document": A.model_dump_json()}, f"revision {E.id}:1: holds revision 1 of article {A.id}"),
    ("revisions", f"{E.id}:1", {"revision": 7}, f"revision {E.id}:1: says it is revision 7 of article {E.id}"),
    ("revisions", f"{OTHER}:1", revision(OTHER, 1), f"revision of {OTHER}: the article is not stored"),
    ("revisions", "alien", {"revision": 1}, "revision alien: of no article"),
    # marks and state
    ("pending", A.id, {"judged": "x"}, f"pending {A.id}: no place in the order of arrival"),
    ("pending", A.id, {"stored": 1}, f"pending {A.id}: does not say which state of the article waits"),
    ("state", "site:s1.ru", {"value": "{"}, "state 'site:s1.ru': not a JSON object"),
    ("state", "site:s1.ru", {"value": "[1]"}, "state 'site:s1.ru': not a JSON object"),
    ("state", "site:s2.ru", {}, "state 'site:s2.ru': not a JSON object"),
    ("state", "site:s2.ru", {"value": 3}, "state 'site:s2.ru': not a JSON object"),
    # runs
    ("runs", OTHER, RUN | {"id": OTHER, "found": -1}, f"run {OTHER}: the stored document cannot be read: found:"),
    ("runs", OTHER, RUN, f"run {OTHER}: the document says it is run {RUN['id']}"),
    # pairs
    ("edges", AB, {"b": OTHER}, f"edge {AB}: of {A.id} and {OTHER}; the smaller id has to come first"),
    ("edges", f"{A.id}|f", {"a": A.id, "b": "f", "ok": False, "rule": "t", "hash_a": "x", "hash_b": "y"},
     f"edge {A.id}, f: article f is not stored"),
    ("edges", f"{D.id}|{A.id}", {"a": D.id, "b": A.id, "ok": False, "rule": "t", "hash_a": "x", "hash_b": "y"},
     f"edge {D.id}|{A.id}: of {D.id} and {A.id}; the smaller id has to come first"),
    ("edges", "alien", {"a": A.id}, "edge alien: fields are missing or are not known"),
    ("edges", AB, {"ok": False}, f"article {B.id}: story_id is '{A.id}', by the judged pairs it is '{B.id}'"),
    ("edges", AB, None, f"article {B.id}: story_id is '{A.id}', by the judged pairs it is '{B.id}'"),
    ("edges", AD, {"ok": True}, f"article {A.id}: accepted as a copy of article {D.id}, which is in another story"),
    # labels
    ("articles", D.id, {"role": "copy"}, f"article {D.id}: role is 'copy', by the judged pairs it is 'canonical'"),
    ("articles", A.id, {"role": "canonical"}, ": role is 'canonical', by the judged pairs it is 'copy'"),
    ("articles", B.id, {"role": "canonical"}, ": role is 'canonical', by the judged pairs it is 'copy'"),
    ("articles", D.id, {"copies": 9}, f"article {D.id}: copies is 9, by the judged pairs it is 0"),
    ("articles", D.id, {"outlets": []}, f"article {D.id}: outlets is ()"),
    ("articles", D.id, {"first_copy_at": "2026-01-18T12:00:00Z"}, f"article {D.id}: first_copy_at is datetime"),
    ("articles", FIRST.id, {"first_copy_at": None}, f"article {FIRST.id}: first_copy_at is None, by the judged"),
    ("articles", FIRST.id, {"last_copy_at": "2026-01-18T12:00:00.000001Z"}, f"article {FIRST.id}: last_copy_at is"),
    ("articles", D.id, {"story_id": A.id}, f"article {D.id}: story_id is '{A.id}', by the judged pairs"),
    ("articles", C.id, {"story_id": C.id}, f"article {B.id}: accepted as a copy of article {C.id}, which is in"),
    ("articles", D.id, {"story_id": None}, f"article {D.id}: story_id is None, by the judged pairs it is '{D.id}'"),
    ("articles", B.id, None, f"edge {AB[:32]}, {B.id}: article {B.id} is not stored"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "id", "fields", "fault"), CASES)
def test_damage_is_found_and_named(
    shared: ElasticBackend, damage: Damage, kind: Kind, id: str, fields: dict[str, Any] | None, fault: str
) -> None:
    damage(kind, id, fields)
    found = faults(shared)
    assert any(fault in each for each in found), found
    assert all("\n" not in each for each in found)


def test_damage_was_undone(shared: ElasticBackend) -> None:
    assert faults(shared) == []


@pytest.mark.parametrize(
    ("kind", "id", "fields"),
    [
        ("edges", AD, {"hash_a": OTHER}),  # judged on an earlier text
        ("edges", AD, {"hash_b": OTHER, "ok": True}),
        ("revisions", f"{E.id}:2", revision(E.id, 2, NEW_E.model_dump_json())),  # kept just before a process died
        ("revisions", f"{A.id}:1", revision(A.id, 1, A.model_dump_json())),
        ("pending", A.id, {"judged": A.judged_hash, "stored": 1}),
        ("pending", OTHER, {"judged": OTHER, "stored": 1}),  # its article never came
    ],
)  # fmt: skip
def test_what_killed_processes_and_later_texts_leave_is_no_fault(
    shared: ElasticBackend, damage: Damage, kind: Kind, id: str, fields: dict[str, Any]
) -> None:
    damage(kind, id, fields)
    assert faults(shared) == []


def test_writes_of_another_process_are_seen_at_once(shared: ElasticBackend, node: Node) -> None:
    late = make_article(url="https://example.org/late")
    with ElasticBackend.at(node.url, ElasticSettings(name=node.prefix)) as other:
        other.put([late])
    check = shared.check()
    assert check.faults == []
    assert (check.counts["articles"], check.counts["pending"]) == (6, 1)
    es, names = shared.engine.cluster.es, shared.engine.names
    for kind in ("articles", "pending"):
        es.delete(index=names.alias(kind), id=late.id, refresh=True)


def test_progress_is_told(shared: ElasticBackend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.tally.STEP", 2)
    told: list[tuple[str, int]] = []
    shared.check(lambda part, count: told.append((part, count)))
    assert ("articles", 4) in told
    assert ("stories", 2) in told


def test_faults_are_found_across_pages_and_batches(
    shared: ElasticBackend, damage: Damage, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("documents.AT_ONCE", "revisions.AT_ONCE", "stories.STORIES_AT_ONCE", "stories.ENDS_AT_ONCE"):
        monkeypatch.setattr(f"index.elastic.checks.{name}", 1)
    assert faults(shared) == []
    damage("articles", D.id, {"role": "copy"})
    for letter in "abc":
        damage("revisions", f"{letter * 32}:1", revision(letter * 32, 1, A.model_dump_json()))
    found = faults(shared)
    assert [each for each in found if "is not stored" in each] == [
        f"revision of {letter * 32}: the article is not stored" for letter in "abc"
    ]
    assert any(f"article {D.id}: role is 'copy'" in each for each in found)


class TestAliases:
    """On an index of its own: the damage is done to the aliases."""

    @pytest.fixture
    def backend(self, es: Node) -> Iterator[ElasticBackend]:
        with ElasticBackend.at(es.url, ElasticSettings(name=es.prefix)) as backend:
            backend.require_ready(create=True)
            yield backend

    def test_filter_that_was_removed(self, backend: ElasticBackend) -> None:
        backend.put([A, B])
        backend.link([(each.id, each.judged_hash) for each in (A, B)], [edge(A, B, True)])
        names = backend.engine.names
        backend.engine.cluster.es.indices.put_alias(index=names.index("articles"), name=names.canonical)
        (fault,) = faults(backend)
        assert f"alias {names.canonical} is missing or not filtered to one article a story" in fault
        backend.engine.cluster.es.indices.delete_alias(index=names.index("edges"), name=names.alias("edges"))
        (fault,) = faults(backend)
        assert f"alias {names.alias('edges')} is missing" in fault

    def test_empty_index_is_sound(self, backend: ElasticBackend) -> None:
        check = backend.check()
        assert check.faults == []
        assert set(check.counts.values()) == {0}


def test_index_of_an_older_version_can_be_checked(es: Node) -> None:
    with ElasticBackend.at(es.url, ElasticSettings(name=es.prefix)) as backend:
        make_older(backend.engine)
        assert backend.check().faults == []
