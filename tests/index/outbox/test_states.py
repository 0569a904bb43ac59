from __future__ import annotations

from typing import Any

import pytest

from index.outbox.states import State, encode_state
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
