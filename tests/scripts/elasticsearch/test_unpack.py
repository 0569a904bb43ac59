from __future__ import annotations

from pathlib import Path

import pytest

from scripts.elasticsearch.refusal import Refusal
from scripts.elasticsearch.unpack import MANIFEST, intact, unpack
from tests.scripts.elasticsearch.fakes import MEMBERS, write_archive


@pytest.fixture
def home(tmp_path: Path) -> Path:
    unpack(write_archive(tmp_path / "app.zip"), tmp_path / "home")
    return tmp_path / "home"


def test_only_what_a_node_needs_is_unpacked(home: Path) -> None:
    found = {str(each.relative_to(home)): each.read_bytes() for each in home.rglob("*") if each.is_file()}
    del found[MANIFEST]
    assert found == {name: content for name, content in MEMBERS.items() if content != b"not wanted"}


def test_everyone_may_read_it(home: Path) -> None:
    assert {each.stat().st_mode & 0o777 for each in home.rglob("*")} == {0o755, 0o644}


def test_whole_server_is_intact(home: Path) -> None:
    assert intact(home)


def flip_a_byte(path: Path) -> None:
    path.write_bytes(b"S" + path.read_bytes()[1:])


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("damage", [flip_a_byte, cut, Path.unlink])
def test_damaged_server_is_not_intact(home: Path, damage: object) -> None:
    assert callable(damage)
    damage(home / "lib" / "server.jar")
    assert not intact(home)


@pytest.mark.parametrize(
    "manifest", ["", "{", "[]", "{}x", '{"lib/server.jar": 5}', '{"lib/server.jar": null}', "\0"]
)
def test_damaged_manifest_is_not_intact(home: Path, manifest: str) -> None:
    (home / MANIFEST).write_text(manifest, "utf-8")
    assert not intact(home)


def test_missing_server_is_not_intact(tmp_path: Path) -> None:
    assert not intact(tmp_path / "none")


def test_archive_without_a_server_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="holds no Elasticsearch"):
        unpack(write_archive(tmp_path / "app.zip", {}), tmp_path / "home")


@pytest.mark.parametrize("damage", [lambda whole: whole[:-100], lambda whole: b"<html>not found</html>"])
def test_damaged_archive_is_refused(tmp_path: Path, damage: object) -> None:
    archive = write_archive(tmp_path / "app.zip")
    assert callable(damage)
    archive.write_bytes(damage(archive.read_bytes()))
    with pytest.raises(Refusal, match="is damaged"):
        unpack(archive, tmp_path / "home")


def test_damage_inside_a_member_is_refused(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "app.zip", {"lib/a.jar": bytes(range(256)) * 40})
    content = bytearray(archive.read_bytes())
    content[len(content) // 3] ^= 0xFF
    archive.write_bytes(content)
    with pytest.raises(Refusal, match="is damaged"):
        unpack(archive, tmp_path / "home")


def test_member_that_points_out_of_the_folder_is_left_out(tmp_path: Path) -> None:
    archive = write_archive(
        tmp_path / "app.zip", {**MEMBERS, "../../../evil": b"evil", "lib/../../../evil": b"evil"}
    )
    unpack(archive, tmp_path / "a" / "b" / "home")
    assert list(tmp_path.rglob("evil")) == []
