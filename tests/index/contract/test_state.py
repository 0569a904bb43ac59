from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest

from index.backend import Backend
from index.engine import open_index


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


def test_a_state_is_updated_by_what_is_there(backend: Backend) -> None:
    assert backend.update_state("lease:a", lambda held: {"n": 1, "was": held}) == {"n": 1, "was": {}}
    assert backend.update_state("lease:a", lambda held: {"n": held["n"] + 1}) == {"n": 2}
    assert backend.update_state("lease:a", lambda held: None) == {"n": 2}
    assert backend.get_state("lease:a") == {"n": 2}
    assert backend.update_state("lease:b", lambda held: None) == {}
    assert backend.get_state("lease:b") == {}
    with pytest.raises(TypeError):
        backend.update_state("lease:a", lambda held: [1])  # type: ignore[arg-type,return-value]  # wrong on purpose


def test_no_update_of_several_at_once_is_lost(address: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: _count(address, 5), range(4)))
    with closing(open_index(address)) as backend:
        assert backend.get_state("count") == {"n": 20}


def _count(address: str, times: int) -> None:
    with closing(open_index(address)) as backend:
        for _ in range(times):
            backend.update_state("count", lambda held: {"n": held.get("n", 0) + 1})
