from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scripts.elasticsearch.java import find_java, read_java
from scripts.elasticsearch.machine import Machine
from scripts.elasticsearch.owner import Owner
from scripts.elasticsearch.refusal import Missing
from scripts.elasticsearch.release import RELEASES
from tests.scripts.elasticsearch.fakes import machine_with, write_command, write_java

NINE = RELEASES["9"]
ANYONE = Owner(0, 0, changed=False)  # folders of pytest are closed to others


def machine(**environ: str) -> Machine:
    return replace(machine_with(**environ), owner=ANYONE)


def on_path(home: Path) -> str:
    return f"{home / 'bin'}:/usr/bin:/bin"


@pytest.mark.parametrize("variable", ["ES_JAVA_HOME", "JAVA_HOME"])
def test_named_java_is_taken_before_the_one_on_the_path(tmp_path: Path, variable: str) -> None:
    named, other = write_java(tmp_path / "a" / "named", 21), write_java(tmp_path / "b" / "other", 25)
    found = find_java(NINE, machine(**{variable: str(named), "PATH": on_path(other)}))
    assert (found.home, found.version) == (named, 21)
    assert found.executable == named / "bin" / "java"


def test_unfit_named_java_gives_way_to_the_path(tmp_path: Path) -> None:
    named, other = write_java(tmp_path / "a" / "named", 11), write_java(tmp_path / "b" / "other", 25)
    assert find_java(NINE, machine(JAVA_HOME=str(named), PATH=on_path(other))).home == other


@pytest.mark.parametrize("inner", ["", "Contents/Home"])
def test_java_beside_the_one_on_the_path_is_found(tmp_path: Path, inner: str) -> None:
    old, new = write_java(tmp_path / "jdk-17" / inner, 17), write_java(tmp_path / "jdk-25" / inner, 25)
    assert find_java(NINE, machine(PATH=on_path(old))).home == new


def test_too_old_java_is_named_with_what_to_install(tmp_path: Path) -> None:
    old = write_java(tmp_path / "jdk", 17)
    with pytest.raises(Missing) as refusal:
        find_java(NINE, machine(PATH=on_path(old)))
    said = str(refusal.value)
    assert f"Elasticsearch 9.4.3 needs Java 21 or newer, a full one; found: {old} (Java 17), too old." in said
    assert "apt-get install openjdk-21-jdk-headless" in said
    assert "\n" not in said


def test_older_release_takes_an_older_java(tmp_path: Path) -> None:
    old = write_java(tmp_path / "jdk", 17, ("java.base",))
    assert find_java(RELEASES["8"], machine(PATH=on_path(old))).home == old


def test_cut_down_java_is_refused(tmp_path: Path) -> None:
    home = write_java(tmp_path / "jdk", 25, ("java.base", "java.logging"))
    with pytest.raises(Missing, match=r"without jdk\.jdi"):
        find_java(NINE, machine(ES_JAVA_HOME=str(home)))


def test_java_that_the_node_may_not_enter_is_refused(tmp_path: Path) -> None:
    home = write_java(tmp_path / "jdk", 25)
    tmp_path.chmod(0o700)
    stranger = replace(machine(ES_JAVA_HOME=str(home)), owner=Owner(65533, 65533, changed=True))
    with pytest.raises(Missing, match="closed to the user that runs the node"):
        find_java(NINE, stranger)


def test_without_any_java_the_refusal_says_so() -> None:
    with pytest.raises(Missing, match="found: none"):
        find_java(NINE, machine(PATH="/nonexistent"))


@pytest.mark.parametrize(
    "script",
    [
        "exit 1",
        "echo 'Unrecognized option: --list-modules' >&2; exit 1",
        "echo java.base@21",
        "echo '\\377\\376'",
    ],
)
def test_java_that_tells_nothing_is_none(tmp_path: Path, script: str) -> None:
    assert read_java(write_command(tmp_path / "java", script)) is None


def test_what_cannot_be_run_is_no_java(tmp_path: Path) -> None:
    (tmp_path / "java").write_text("not executable")
    assert read_java(tmp_path / "java") is None
    assert read_java(tmp_path / "missing") is None
