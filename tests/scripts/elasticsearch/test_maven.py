from __future__ import annotations

import io
import os
import shutil
from pathlib import Path

import pytest

from scripts.elasticsearch.maven import fetch
from scripts.elasticsearch.progress import Progress
from scripts.elasticsearch.refusal import Missing, Refusal
from scripts.elasticsearch.release import RELEASES
from tests.nodes.cluster import free_ports
from tests.scripts.elasticsearch.fakes import release_of, write_archive, write_command, write_mvn

NINE = RELEASES["9"]
SETTINGS = """<settings><mirrors><mirror>
<id>closed</id><mirrorOf>*</mirrorOf><url>http://127.0.0.1:{port}/</url>
</mirror></mirrors></settings>"""


def progress() -> Progress:
    return Progress(NINE.size, io.StringIO())


def test_without_maven_the_refusal_says_what_to_install(tmp_path: Path) -> None:
    with pytest.raises(Missing, match=r"Maven \(mvn\) is missing.*apt-get install maven.*brew install maven"):
        fetch(NINE, tmp_path, {"PATH": "/nonexistent"}, progress())


@pytest.mark.skipif(shutil.which("mvn") is None, reason="needs Maven")
def test_real_maven_that_cannot_reach_its_repository_is_one_line(tmp_path: Path) -> None:
    (tmp_path / ".m2").mkdir()
    port = next(iter(free_ports(1)))
    (tmp_path / ".m2" / "settings.xml").write_text(SETTINGS.format(port=port))
    environ = {**os.environ, "MAVEN_OPTS": f"-Duser.home={tmp_path}"}
    with pytest.raises(Missing) as refusal:
        fetch(NINE, tmp_path, environ, progress())
    said = str(refusal.value)
    assert said.startswith(f"Maven could not fetch Elasticsearch 9.4.3 ({NINE.artifact}): ")
    assert f"127.0.0.1:{port}" in said
    assert "\n" not in said


def test_failure_without_an_error_line_gives_the_last_one(tmp_path: Path) -> None:
    write_command(tmp_path / "mvn", "echo one; echo 'JAVA_HOME is not set' >&2; exit 3")
    with pytest.raises(Missing, match=r"zip\): JAVA_HOME is not set\. Check the network"):
        fetch(NINE, tmp_path, {"PATH": f"{tmp_path}:/usr/bin:/bin"}, progress())


def test_fetched_archive_is_found_and_progress_told(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "app.zip")
    mvn = write_mvn(tmp_path / "bin", archive)
    (tmp_path / "work").mkdir()
    told = Progress(release_of(archive).size, io.StringIO())
    found = fetch(release_of(archive), tmp_path / "work", {"PATH": f"{mvn}:/usr/bin:/bin"}, told)
    assert found.read_bytes() == archive.read_bytes()
    assert told.out.getvalue() == "  0 of 0 MB\n"  # type: ignore[attr-defined]  # a StringIO, in bytes of MB


def test_maven_that_leaves_nothing_is_refused(tmp_path: Path) -> None:
    write_command(tmp_path / "mvn", "exit 0")
    with pytest.raises(Refusal, match="left no archive"):
        fetch(NINE, tmp_path, {"PATH": f"{tmp_path}:/usr/bin:/bin"}, progress())
