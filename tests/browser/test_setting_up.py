"""What the tests need is there, fetched, or asked for in one command."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.browser import axe
from tests.browser.axe import NoAxeError, axe_source
from tests.browser.chromium import NAMES, find_chromium
from tests.missing import give_up

LOCK = axe.HERE / "package-lock.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as after a new clone."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(axe.HERE / name, tmp_path)
    return tmp_path


def test_what_is_fetched_is_pinned_by_its_content_and_from_no_certain_host() -> None:
    locked = json.loads(LOCK.read_text("utf-8"))
    assert list(locked["packages"]) == ["", "node_modules/axe-core"]
    assert locked["packages"]["node_modules/axe-core"]["integrity"].startswith("sha512-")
    assert "resolved" not in LOCK.read_text("utf-8")


def test_without_npm_the_command_that_installs_it_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(NoAxeError, match="apt-get install --no-install-recommends npm"):
        axe_source(folder)
    assert find_chromium() is None


def test_a_fault_of_npm_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm = folder / "npm"
    npm.write_text("#!/bin/sh\necho no such host >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")
    with pytest.raises(NoAxeError, match=r"npm ci --ignore-scripts \(no such host\)"):
        axe_source(folder)


def test_what_was_fetched_is_taken_until_another_version_is_wanted(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(folder))
    package = folder / "node_modules" / "axe-core"
    package.mkdir(parents=True)
    (package / "axe.min.js").write_text("axe")
    version = json.loads(LOCK.read_text("utf-8"))["packages"]["node_modules/axe-core"]["version"]
    (package / "package.json").write_text(json.dumps({"version": version}))
    assert axe_source(folder) == "axe"
    (package / "package.json").write_text('{"version": "1.0.0"}')
    with pytest.raises(NoAxeError):
        axe_source(folder)


@pytest.mark.parametrize("name", NAMES)
def test_a_browser_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    (tmp_path / name).write_text("")
    (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_chromium() == str(tmp_path / name)


def test_a_developers_machine_skips_and_ci_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="no x: install x"):
        give_up("no x: ", "install x")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="no x: install x"):
        give_up("no x: ", "install x")
