"""Commands with the name of a real one, for what this machine's own `java` and `mvn` will not do."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from scripts.elasticsearch.machine import Machine
from scripts.elasticsearch.owner import node_owner
from scripts.elasticsearch.release import Release

MEMBERS = {
    "lib/server.jar": b"server" * 1000,
    "lib/tools/server-launcher/launcher.jar": b"launcher",
    "config/jvm.options": b"-XX:+UseG1GC\n",
    "modules/reindex/reindex.jar": b"reindex",
    "modules/x-pack-inference/inference.jar": b"not wanted",
    "bin/elasticsearch-cli": b"not wanted",
}


def write_command(path: Path, script: str) -> Path:
    """An executable shell script."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)
    return path


def write_java(home: Path, version: int, modules: tuple[str, ...] = ("java.base", "jdk.jdi")) -> Path:
    """A Java home of which `bin/java` says that it is this version with these modules; returns the home."""
    lines = [f"    java.home = {home}", *(f"{module}@{version}.0.1" for module in modules)]
    write_command(home / "bin" / "java", "cat <<END\n" + "\n".join(lines) + "\nEND")
    return home


def write_archive(path: Path, members: Mapping[str, bytes] = MEMBERS) -> Path:
    """An archive as SonarQube's is laid out."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sonarqube-1.2/conf/sonar.properties", b"not wanted")
        for name, content in members.items():
            archive.writestr(f"sonarqube-1.2/elasticsearch/{name}", content)
    return path


def write_mvn(folder: Path, archive: Path) -> Path:
    """A `mvn` that puts an archive where Maven would, and notes each call in `calls`; returns its folder."""
    script = f"""
for each in "$@"; do case $each in -Dmaven.repo.local=*) repository=${{each#*=}};; esac; done
echo call >> '{folder}/calls'
mkdir -p "$repository/org/app/1"
cp '{archive}' "$repository/org/app/1/app-1.zip"
"""
    write_command(folder / "mvn", script)
    return folder


def release_of(archive: Path) -> Release:
    """A release that is in this archive."""
    content = archive.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return Release("9.0.1", "org:app:1:zip", len(content), digest, java=21, modules=frozenset({"jdk.jdi"}))


def machine_with(**environ: str) -> Machine:
    """This machine with another environment; what it is told can be read from `out`."""
    return Machine(environ, node_owner(), io.StringIO())


def said_on(machine: Machine) -> str:
    """What `machine_with` was told."""
    assert isinstance(machine.out, io.StringIO)
    return machine.out.getvalue()
