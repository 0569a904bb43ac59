from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from index.outbox.schema import APPLICATION_ID, MIGRATIONS
from index.outbox.states import State, encode_state, united
from index.outbox.store import Outbox

NOW = 1_790_000_000.0


def test_a_state_is_dirty_until_this_very_value_was_sent(outbox: Outbox) -> None:
    states = outbox.states
    assert states.get("site:ria.ru") is None
    states.write("site:ria.ru", '{"a": 1}')
    assert states.get("site:ria.ru") == State("site:ria.ru", '{"a": 1}', dirty=True)
    sending = states.claim("one", NOW, 60)
    assert sending is not None
    assert states.claim("two", NOW, 60) is None, "two sendings of one key could overtake each other"
    states.write("site:ria.ru", '{"a": 2}')
    states.sent(sending, "one")
    assert states.dirty() == 1
    newer = states.claim("two", NOW, 60)
    assert newer is not None
    assert newer.value == {"a": 2}
    states.sent(newer, "two")
    assert states.dirty() == 0
    assert states.get("site:ria.ru") == State("site:ria.ru", '{"a": 2}', dirty=False)


def test_a_claim_is_given_back_or_lapses(outbox: Outbox) -> None:
    outbox.states.write("key", "{}")
    assert outbox.states.claim("one", NOW, 60)
    outbox.states.release("one")
    assert outbox.states.claim("two", NOW, 60)
    assert outbox.states.claim("three", NOW + 59, 60) is None
    late = outbox.states.claim("three", NOW + 60, 60)
    assert late is not None
    outbox.states.sent(late, "two")
    assert outbox.states.dirty() == 1, "only who holds the claim can say that it was sent"


def test_what_the_index_answers_does_not_replace_what_waits(outbox: Outbox) -> None:
    outbox.states.copy("key", '{"index": 1}')
    assert outbox.states.get("key") == State("key", '{"index": 1}', dirty=False)
    outbox.states.write("key", '{"ours": 1}')
    outbox.states.copy("key", '{"index": 2}')
    assert outbox.states.get("key") == State("key", '{"ours": 1}', dirty=True)


@pytest.mark.parametrize(
    ("value", "error"),
    [({"a": float("nan")}, ValueError), ({"a": object()}, TypeError), ([1], TypeError), ("text", TypeError)],
)
def test_what_json_cannot_hold_is_refused(value: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        encode_state("key", value)


@pytest.mark.parametrize(
    ("key", "ours", "theirs", "expected"),
    [
        ("site:a", {"visits": {"1": 1, "2": 1}, "hold": None}, {"visits": {"2": 2, "3": 2}, "hold": "noon"},
         {"visits": {"1": 1, "2": 1, "3": 2}, "hold": None}),
        ("site:a", {"visits": {}}, {}, {"visits": {}}),
        ("site:a", {}, {"visits": {"1": 1}, "hold": 1}, {"visits": {"1": 1}}),
        ("site:a", {"visits": 1}, {"visits": {"1": 1}}, {"visits": 1}),
        ("site:a", {"visits": {"1": 1}}, {"visits": [2]}, {"visits": {"1": 1}}),
        ("run:a", {"outcomes": {"indexed": 1}}, {"outcomes": {"failed": 9}}, {"outcomes": {"indexed": 1}}),
    ],
)  # fmt: skip
def test_a_state_begun_without_the_index_is_united_with_it(
    key: str, ours: dict[str, Any], theirs: dict[str, Any], expected: dict[str, Any]
) -> None:
    assert united(key, ours, theirs) == expected


def test_a_state_stays_apart_until_it_was_sent(outbox: Outbox) -> None:
    states = outbox.states
    states.write("key", "1", apart=True)
    states.write("key", "2")
    sending = states.claim("one", NOW, 60)
    assert sending == State("key", "2", dirty=True, apart=True)
    states.write("key", "3")
    states.sent(sending, "one", "2 and theirs")
    assert states.get("key") == State("key", "3", dirty=True, apart=True)
    sending = states.claim("one", NOW, 60)
    assert sending is not None
    states.sent(sending, "one", "3 and theirs")
    assert states.get("key") == State("key", "3 and theirs", dirty=False, apart=False)
    states.write("key", "4", apart=True)
    assert states.get("key") == State("key", "4", dirty=True, apart=False), "what the index has was known"


def test_a_refused_state_is_left_alone_until_it_changes_or_is_woken(outbox: Outbox) -> None:
    states = outbox.states
    for value, wake in (("1", False), ("2", True)):
        states.write("key", value)
        sending = states.claim("one", NOW, 60)
        assert sending is not None
        states.put_off(sending, "one", "413", NOW + 300)
        states.write("key", value)
        assert states.claim("one", NOW + 299, 60) is None
        assert (states.dirty(), states.reason()) == (1, "state key: 413")
        if wake:
            states.wake()
            assert states.claim("one", NOW, 60) is not None


def test_an_outbox_of_the_first_version_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in MIGRATIONS[0]:
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("PRAGMA user_version = 1")
        connection.execute("INSERT INTO state VALUES ('key', '{}', 1, '', 0)")
    with closing(Outbox(path)) as outbox:
        assert outbox.states.claim("one", NOW, 60) == State("key", "{}", dirty=True, apart=False)
