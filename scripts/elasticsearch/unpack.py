"""Taking the server out of the fetched archive, and telling later whether it is still whole."""

from __future__ import annotations

import json
import shutil
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from scripts.elasticsearch.refusal import Refusal
from scripts.elasticsearch.release import DROPPED_MODULES

MANIFEST = "manifest.json"
_CHUNK = 1 << 20  # bytes


def unpack(archive: Path, target: Path) -> None:
    """Unpack the server into `target`, readable by everyone, with a manifest of sizes and CRC-32 sums.

    Raises `Refusal` for a damaged archive or one that holds no server.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            manifest = {name: _write(opened, member, target) for member, name in _wanted(opened)}
    except (zipfile.BadZipFile, zlib.error) as damage:
        raise Refusal(f"the archive {archive.name} is damaged ({damage}); run the command again") from damage
    if not any(name.startswith("lib/") for name in manifest):
        raise Refusal(f"the archive {archive.name} holds no Elasticsearch")
    (target / MANIFEST).write_text(json.dumps(manifest, indent=0), "utf-8")
    _open_to_all(target)


def intact(home: Path) -> bool:
    """Whether an unpacked server is what its manifest says, byte for byte (0.2 s)."""
    try:
        manifest = json.loads((home / MANIFEST).read_text("utf-8"))
        return all(_sum(home / name) == tuple(facts) for name, facts in manifest.items())
    except (OSError, ValueError, AttributeError, TypeError):
        return False


def _wanted(archive: zipfile.ZipFile) -> list[tuple[zipfile.ZipInfo, str]]:
    found = ((member, _inner_name(member.filename)) for member in archive.infolist() if not member.is_dir())
    return [(member, name) for member, name in found if name]


def _inner_name(name: str) -> str:
    """`sonarqube-1/elasticsearch/lib/a.jar` as `lib/a.jar`; empty for what is not wanted."""
    parts = PurePosixPath(name).parts
    if len(parts) < 3 or parts[1] != "elasticsearch" or ".." in parts or parts[2] == "bin":
        return ""
    if parts[2] == "modules" and parts[3] in DROPPED_MODULES:
        return ""
    return "/".join(parts[2:])


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> tuple[int, int]:
    path = target / _inner_name(member.filename)
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, path.open("wb") as sink:  # reading checks the member's CRC-32
        shutil.copyfileobj(source, sink, _CHUNK)
    return member.file_size, member.CRC


def _sum(path: Path) -> tuple[int, int]:
    size = crc = 0
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            crc = zlib.crc32(chunk, crc)
    return size, crc


def _open_to_all(folder: Path) -> None:
    for each in [folder, *folder.rglob("*")]:
        each.chmod(0o755 if each.is_dir() else 0o644)
