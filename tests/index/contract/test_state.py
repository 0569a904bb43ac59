from __future__ import annotations

from typing import Any

import pytest

from index.backend import Backend


def test_state_is_kept_and_replaced(backend: Backend) -> None:
    value = {"etag": '"7ё"', "failures": 2, "next": None, "nested": {"list": [1.5, True, "\x00"]}}
    assert backend.get_state("site:ria.ru") == {}
    backend.put_state("site:ria.ru", value)
    backend.put_state("site:tass.ru", {"failures": 0})
    assert backend.get_state("site:ria.ru") == value
    backend.put_state("site:ria.ru", {})
    assert backend.get_state("site:ria.ru") == {}
    assert backend.get_state("site:tass.ru") == {"failures": 0}


@pytest.mark.parametrize(
    ("value", "error"),
    [({"a": float("nan")}, ValueError), ({"a": object()}, TypeError), ([1], TypeError), ("text", TypeError)],
)
def test_what_json_cannot_hold_is_refused(backend: Backend, value: Any, error: type[Exception]) -> None:
    backend.put_state("key", {"kept": 1})
    with pytest.raises(error):
        backend.put_state("key", value)
    assert backend.get_state("key") == {"kept": 1}
