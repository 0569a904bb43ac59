"""Fetching an artifact with Maven, which brings mirrors, proxies and checksums of its user's settings along."""

from __future__ import annotations

import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING

from scripts.elasticsearch.refusal import Missing, Refusal

if TYPE_CHECKING:
    from scripts.elasticsearch.progress import Progress
    from scripts.elasticsearch.release import Release

_GET = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get"
_SECONDS = 1800  # for 900 MB: half a megabyte a second
_TICK = 0.5  # seconds
_ERROR = re.compile(r"^\[ERROR\] +(.+)$", re.MULTILINE)


def fetch(release: Release, folder: Path, environ: Mapping[str, str], progress: Progress) -> Path:
    """Fetch a release's archive into an empty folder; returns its path.

    Raises `Missing` without Maven or when it cannot get the artifact.
    """
    mvn = shutil.which("mvn", path=environ.get("PATH", ""))
    if mvn is None:
        raise Missing(
            f"Maven (mvn) is missing, it fetches Elasticsearch {release.version}: "
            "install it (Debian, Ubuntu: apt-get install maven; macOS: brew install maven)"
        )
    log = folder / "mvn.log"
    with log.open("wb") as output:
        code = _run(_command(mvn, release, folder), environ, output, folder, progress)
    if code != 0:
        raise Missing(_failure(release, log, code))
    return _archive(folder)


def _command(mvn: str, release: Release, folder: Path) -> list[str]:
    """`get` into a throw-away repository: `copy` would hold the archive twice."""
    options = ["--batch-mode", "--no-transfer-progress", "--strict-checksums", _GET, "-Dtransitive=false"]
    return [mvn, *options, f"-Dartifact={release.artifact}", f"-Dmaven.repo.local={folder / 'repository'}"]


def _run(
    command: list[str], environ: Mapping[str, str], output: IO[bytes], folder: Path, progress: Progress
) -> int:
    deadline = time.monotonic() + _SECONDS
    with subprocess.Popen(
        command,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=folder,
    ) as maven:
        try:
            while (code := maven.poll()) is None:
                if time.monotonic() > deadline:
                    raise Refusal(
                        f"Maven was not done in {_SECONDS // 60} minutes: is the network that slow?"
                    )
                progress.show(_largest_file(folder))
                time.sleep(_TICK)
        finally:
            maven.kill()
    progress.show(_largest_file(folder))
    return code


def _largest_file(folder: Path) -> int:
    """Bytes that have come: Maven gives the growing file a name of its own choice."""
    sizes = [0]
    for each in folder.rglob("*"):
        try:
            sizes.append(each.lstat().st_size)
        except FileNotFoundError:
            continue  # renamed when it was complete
    return max(sizes)


def _archive(folder: Path) -> Path:
    found = sorted(folder.glob("repository/**/*.zip"))
    if not found:
        raise Refusal("Maven ended well but left no archive; run the command again")
    return found[0]


def _failure(release: Release, log: Path, code: int) -> str:
    said = log.read_text("utf-8", "replace")
    error = _ERROR.search(said)
    reason = error[1] if error else said.strip().rpartition("\n")[2] or f"it ended with code {code}"
    return (
        f"Maven could not fetch Elasticsearch {release.version} ({release.artifact}): {reason[:400]}. "
        "Check the network and the mirror in ~/.m2/settings.xml, then run the command again"
    )
