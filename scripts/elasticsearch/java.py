"""Finding a Java that is new enough: Elasticsearch's own runtime is not in the artifact."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scripts.elasticsearch.refusal import Missing

if TYPE_CHECKING:
    from scripts.elasticsearch.machine import Machine
    from scripts.elasticsearch.owner import Owner
    from scripts.elasticsearch.release import Release

_HOME = re.compile(r"^ *java\.home = (.+)$", re.MULTILINE)
_MODULE = re.compile(r"^([a-z][\w.]*)@(\d+)", re.MULTILINE)
_SECONDS = 20  # a JVM tells its modules in 0.2 s


@dataclass(frozen=True, slots=True)
class Java:
    """A Java runtime: its folder, feature version (17, 21, …) and the modules it has."""

    home: Path
    version: int
    modules: frozenset[str]

    @property
    def executable(self) -> Path:
        """The `java` command."""
        return self.home / "bin" / "java"

    def __str__(self) -> str:
        return f"{self.home} (Java {self.version})"


def find_java(release: Release, machine: Machine) -> Java:
    """The first Java that runs this release: ES_JAVA_HOME, JAVA_HOME, the PATH, the folders beside that one.

    Raises `Missing` with what was found instead.
    """
    seen: list[str] = []
    for java in _candidates(machine.environ):
        reason = _unfit(java, release, machine.owner)
        if not reason:
            return java
        seen.append(f"{java}{reason}")
    raise Missing(_what_to_install(release, seen))


def read_java(executable: Path) -> Java | None:
    """What a `java` command says of itself; None when it cannot be run or is older than Java 9."""
    command = [str(executable), "-XshowSettings:properties", "--list-modules"]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError):
        return None
    said = (done.stdout + b"\n" + done.stderr).decode("utf-8", "replace")
    modules = dict(_MODULE.findall(said))
    home = _HOME.search(said)
    if home is None or "java.base" not in modules:
        return None
    return Java(Path(home[1]), int(modules["java.base"]), frozenset(modules))


def _candidates(environ: Mapping[str, str]) -> Iterator[Java]:
    homes = [environ[name] for name in ("ES_JAVA_HOME", "JAVA_HOME") if environ.get(name)]
    yield from _readable(Path(home, "bin", "java") for home in homes)
    on_path = shutil.which("java", path=environ.get("PATH", ""))
    first = read_java(Path(on_path)) if on_path else None
    if first:
        yield first
        yield from _readable(sorted(_beside(first.home)))


def _beside(home: Path) -> Iterator[Path]:
    if home.parts[-2:] == ("Contents", "Home"):  # macOS: JavaVirtualMachines/temurin-21.jdk/Contents/Home
        return home.parents[2].glob("*/Contents/Home/bin/java")
    return home.parent.glob("*/bin/java")


def _readable(executables: Iterator[Path] | list[Path]) -> Iterator[Java]:
    return (java for java in map(read_java, executables) if java)


def _unfit(java: Java, release: Release, owner: Owner) -> str:
    """Why a Java does not do; empty when it does."""
    if java.version < release.java:
        return ", too old"
    if absent := sorted(release.modules - java.modules):
        return f", without {', '.join(absent)}"
    if not owner.can_enter(java.home):
        return ", closed to the user that runs the node"
    return ""


def _what_to_install(release: Release, seen: list[str]) -> str:
    found = "; ".join(dict.fromkeys(seen)) or "none"
    return (
        f"Elasticsearch {release.version} needs Java {release.java} or newer, a full one; found: {found}. "
        f"Install it (Debian, Ubuntu: apt-get install openjdk-{release.java}-jdk-headless; macOS: brew install "
        f"openjdk@{release.java}; any: https://adoptium.net), or name it: ES_JAVA_HOME=/path/to/jdk"
    )
