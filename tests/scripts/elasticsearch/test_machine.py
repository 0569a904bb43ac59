from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.elasticsearch.machine import this_machine
from scripts.elasticsearch.owner import Owner
from scripts.elasticsearch.refusal import Missing
from tests.scripts.elasticsearch.fakes import machine_with

WE = Owner(0, 0, changed=False)
STRANGER = Owner(65533, 65533, changed=True)


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"XDG_CACHE_HOME": "{0}/cache", "HOME": "{0}"}, "{0}/cache/svodka"),
        ({"HOME": "{0}"}, "{0}/.cache/svodka"),
        ({"XDG_CACHE_HOME": "relative", "HOME": "{0}"}, "/var/cache/svodka"),
    ],
)
def test_servers_are_kept_where_the_user_keeps_caches(
    tmp_path: Path, environ: dict[str, str], expected: str
) -> None:
    machine = machine_with(**{name: value.format(tmp_path) for name, value in environ.items()})
    assert replace(machine, owner=WE).cache == Path(expected.format(tmp_path))


def test_root_keeps_them_where_the_node_may_go(tmp_path: Path) -> None:
    machine = replace(machine_with(HOME=str(tmp_path)), owner=STRANGER)
    tmp_path.chmod(0o700)
    assert machine.cache == Path("/var/cache/svodka")


def test_other_systems_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(Missing, match=r"Linux and macOS only, this is win32; use compose\.yaml"):
        this_machine()
