from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from scripts.elasticsearch.cache import install, is_installed, locked
from scripts.elasticsearch.machine import Machine
from scripts.elasticsearch.owner import Owner
from scripts.elasticsearch.refusal import Missing, Refusal
from scripts.elasticsearch.release import Release
from tests.scripts.elasticsearch.fakes import machine_with, release_of, said_on, write_archive, write_mvn


@pytest.fixture
def release(tmp_path: Path) -> Release:
    return release_of(write_archive(tmp_path / "app.zip"))


@pytest.fixture
def machine(tmp_path: Path, release: Release) -> Machine:
    """A machine whose Maven has that release."""
    mvn = write_mvn(tmp_path / "bin", tmp_path / "app.zip")
    return our_own(machine_with(XDG_CACHE_HOME=str(tmp_path / "cache"), PATH=f"{mvn}:/usr/bin:/bin"))


def our_own(machine: Machine) -> Machine:
    """Folders of pytest are closed to the user that root would start a node as."""
    return replace(machine, owner=Owner(0, 0, changed=False))


def fetches(folder: Path) -> int:
    return (folder / "bin" / "calls").read_text().count("call")


def leftovers(machine: Machine) -> list[str]:
    return sorted(each.name for each in machine.cache.iterdir())


def test_server_is_fetched_once(tmp_path: Path, release: Release, machine: Machine) -> None:
    assert not is_installed(release, machine)
    home = install(release, machine)
    assert install(release, machine) == home == tmp_path / "cache" / "svodka" / "elasticsearch-9.0.1"
    assert is_installed(release, machine)
    assert fetches(tmp_path) == 1
    assert leftovers(machine) == ["elasticsearch-9.0.1", "elasticsearch-9.0.1.lock"]
    assert said_on(machine).startswith("Fetching Elasticsearch 9.0.1 with Maven: ")


def test_damaged_server_is_made_anew(tmp_path: Path, release: Release, machine: Machine) -> None:
    jar = install(release, machine) / "lib" / "server.jar"
    whole = jar.read_bytes()
    jar.write_bytes(whole[:100])
    (jar.parent / "rest-of-old.jar").write_text("old")
    install(release, machine)
    assert jar.read_bytes() == whole
    assert not (jar.parent / "rest-of-old.jar").exists()
    assert "is damaged; it is made anew" in said_on(machine)
    assert fetches(tmp_path) == 2


def test_what_a_killed_process_left_is_removed(release: Release, machine: Machine) -> None:
    left = machine.cache / ".elasticsearch-9.0.1-abc" / "repository"
    left.mkdir(parents=True)
    install(release, machine)
    assert leftovers(machine) == ["elasticsearch-9.0.1", "elasticsearch-9.0.1.lock"]


def test_two_at_once_fetch_once(tmp_path: Path, release: Release, machine: Machine) -> None:
    with ThreadPoolExecutor(4) as pool:
        homes = set(pool.map(lambda _: install(release, machine), range(8)))
    assert len(homes) == 1
    assert fetches(tmp_path) == 1


def test_who_waits_is_told_so(tmp_path: Path, machine: Machine) -> None:
    with ThreadPoolExecutor(1) as pool:
        with locked(tmp_path / "lock", machine):
            waiting = pool.submit(lambda: locked(tmp_path / "lock", machine).__enter__())
            while not said_on(machine):
                assert not waiting.done()
        waiting.result(10)
    assert said_on(machine) == "Waiting for another process that prepares the same Elasticsearch ...\n"


def test_another_file_than_expected_is_refused(release: Release, machine: Machine) -> None:
    with pytest.raises(Refusal, match=r"is another file \(sha256 [0-9a-f]{64}, expected 0000"):
        install(replace(release, sha256="0000"), machine)
    assert leftovers(machine) == ["elasticsearch-9.0.1.lock"]


def test_full_disk_is_refused_before_anything_is_fetched(
    tmp_path: Path, release: Release, machine: Machine
) -> None:
    with pytest.raises(
        Refusal, match=r"GB free, fetching Elasticsearch 9\.0\.1 takes 1000000000\.2 GB: make room"
    ):
        install(replace(release, size=10**18), machine)
    assert not (tmp_path / "bin" / "calls").exists()


def test_without_maven_a_cached_server_will_do(tmp_path: Path, release: Release, machine: Machine) -> None:
    offline = our_own(machine_with(XDG_CACHE_HOME=str(tmp_path / "cache"), PATH="/nonexistent"))
    with pytest.raises(Missing, match="Maven"):
        install(release, offline)
    home = install(release, machine)
    assert install(release, offline) == home
