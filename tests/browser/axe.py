"""axe-core, which finds what keeps people from using a page: fetched by npm once, run inside the page."""

from __future__ import annotations

import fcntl
import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

HERE = Path(__file__).parent
SCRIPT = Path("node_modules/axe-core/axe.min.js")
INSTALL = "install it: apt-get install --no-install-recommends npm"
RULES = (  # tags of axe's rules
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
)
OF_LOOKS = ("color-contrast", "link-in-text-block", "target-size")  # what another scheme or width changes
_RUN = """async ([type, values]) => {
  const rules = type === "tag" ? { "target-size": { enabled: true } } : {};  // off unless asked for
  const found = await axe.run(document, { runOnly: { type, values }, rules, resultTypes: ["violations"] });
  return found.violations.map((each) => ({
    rule: each.id, help: each.help, nodes: each.nodes.map((node) => [node.target.join(" "), node.failureSummary]),
  }));
}"""


class NoAxeError(Exception):
    """axe-core is not there and cannot be fetched; the message says what to do."""


def axe_source(folder: Path = HERE) -> str:
    """The script, fetched by the first process that asks, as package-lock.json pins it; raises `NoAxeError`."""
    with (folder / ".npm.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _is_installed(folder):
            _install(folder)
    return (folder / SCRIPT).read_text("utf-8")


def violations(page: Page, source: str, *, of_looks: bool = False) -> list[str]:
    """What axe objects to on a page as it is shown now, one line a rule; `of_looks`: by the rules `OF_LOOKS` only."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(source)
    rules = ("rule", OF_LOOKS) if of_looks else ("tag", RULES)
    found: list[dict[str, Any]] = page.evaluate(_RUN, rules)
    return [f"{each['rule']}: {each['help']}: {each['nodes']}" for each in found]


def _is_installed(folder: Path) -> bool:
    package = folder / SCRIPT.parent / "package.json"
    if not package.exists():
        return False
    locked = json.loads((folder / "package-lock.json").read_text("utf-8"))
    wanted: str = locked["packages"]["node_modules/axe-core"]["version"]
    return bool(json.loads(package.read_text("utf-8"))["version"] == wanted)


def _install(folder: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise NoAxeError(INSTALL)
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise NoAxeError(
            f"npm cannot fetch it, see: cd {folder} && npm ci --ignore-scripts ({done.stderr.strip()[-300:]})"
        )
