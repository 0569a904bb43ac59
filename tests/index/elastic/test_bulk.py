"""Bulk requests: bounds, one result an item, and what the server's refusals become."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from index.elastic.bulk import Action, send
from index.elastic.client import Missing
from tests.index.elastic.engines import Open, opener
from tests.nodes.engines import Engine


@pytest.fixture
def open_index(es: Engine) -> Iterator[Open]:
    with opener(es) as open_one:
        yield open_one


def state(alias: str, number: int, value: object = "{}") -> Action:
    return Action("create", alias, str(number), {"value": value})


@pytest.mark.parametrize(("settings", "requests"), [({"bulk_items": 10}, 5), ({"bulk_bytes": 10_000}, 7)])
def test_a_request_is_bounded_by_count_and_by_bytes(
    open_index: Open, monkeypatch: pytest.MonkeyPatch, settings: dict[str, int], requests: int
) -> None:
    backend = open_index(**settings)
    engine, alias = backend.engine, backend.engine.names.alias("state")
    sent: list[int] = []
    bulk = engine.cluster.es.bulk

    def counted(operations: bytes) -> Any:
        sent.append(len(operations))
        return bulk(operations=operations)  # type: ignore[arg-type]  # lines, as `send` gives them

    monkeypatch.setattr(engine.cluster.es, "bulk", counted)
    actions = [Action("index", alias, str(number), {"value": "x" * 1_100}) for number in range(50)]
    assert {result.kind for result in send(engine.cluster, actions, engine.settings)} == {"done"}
    assert len(sent) == requests
    assert max(sent) <= engine.settings.bulk_bytes


def test_each_item_has_its_own_result(open_index: Open) -> None:
    backend = open_index()
    engine, alias = backend.engine, backend.engine.names.alias("state")
    actions = [state(alias, number) for number in range(500)]
    actions[250] = Action("create", alias, "250", {"value": "{}", "unknown_field": 1})
    results = send(engine.cluster, [*actions, state(alias, 3)], engine.settings)
    assert [result.kind for result in results[:250]] == ["done"] * 250
    assert results[250].kind == "refused"
    assert "unknown_field" in results[250].reason
    assert [result.kind for result in results[251:]] == ["done"] * 249 + ["conflict"]


def test_a_write_that_was_overtaken_is_a_conflict(open_index: Open) -> None:
    backend = open_index()
    engine, alias = backend.engine, backend.engine.names.alias("state")
    (first,) = send(engine.cluster, [state(alias, 1)], engine.settings)
    again = Action("index", alias, "1", {"value": "[]"}, first.version)
    assert [each.kind for each in send(engine.cluster, [again], engine.settings)] == ["done"]
    assert [each.kind for each in send(engine.cluster, [again], engine.settings)] == ["conflict"]
    gone = Action("delete", alias, "1", version=first.version)
    assert [each.kind for each in send(engine.cluster, [gone], engine.settings)] == ["conflict"]
    assert [
        each.kind for each in send(engine.cluster, [Action("delete", alias, "no such id")], engine.settings)
    ] == ["done"]


def test_a_missing_alias_makes_no_index(open_index: Open) -> None:
    backend = open_index()
    engine = backend.engine
    with pytest.raises(Missing, match="svodka index init"):
        send(engine.cluster, [state(f"{engine.names.base}-nowhere", 1)], engine.settings)
    assert not engine.cluster.es.indices.exists(index=f"{engine.names.base}-nowhere")


def test_a_blocked_index_puts_off_and_says_why(open_index: Open) -> None:
    backend = open_index()
    engine, alias = backend.engine, backend.engine.names.alias("state")
    index = engine.names.index("state")
    for block, words in (("write", "upgrade"), ("read_only_allow_delete", "nearly full")):
        settings = {f"index.blocks.{block}": True}
        engine.cluster.es.indices.put_settings(index=index, settings=settings)
        (result,) = send(engine.cluster, [state(alias, 1)], engine.settings)
        assert result.kind == "later"
        assert words in result.reason
        engine.cluster.es.indices.put_settings(index=index, settings=dict.fromkeys(settings))
    assert send(engine.cluster, [state(alias, 1)], engine.settings)[0].kind == "done"
