"""The command that starts a server: the Java classes which Elasticsearch's own shell scripts call."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scripts.elasticsearch.java import Java
    from scripts.elasticsearch.release import Release

_SMALL = ["-Xms4m", "-Xmx64m", "-XX:+UseSerialGC"]  # as bin/elasticsearch has it: the launcher does little


def launch_command(release: Release, home: Path, java: Java, folder: Path) -> list[str]:
    """Start the server in the background; the command ends well when the node is ready."""
    arguments = ["-d", "-p", str(folder / "es.pid")]
    if release.major == "9":
        main = [
            "-cp",
            f"{home}/lib/tools/server-launcher/*",
            "org.elasticsearch.server.launcher.ServerLauncher",
        ]
    else:
        main = [*_tool_properties(home, folder), "-cp", f"{home}/lib/*:{home}/lib/cli-launcher/*"]
        main.append("org.elasticsearch.launcher.CliToolLauncher")
    return [str(java.executable), *_SMALL, *main, *arguments]


def launch_environment(home: Path, java: Java, folder: Path, path: str) -> dict[str, str]:
    """The environment of that command, and nothing of ours: ES_JAVA_OPTS and the like would change the node."""
    return {
        "PATH": path,
        "HOME": str(folder / "tmp"),
        "LC_ALL": "C.UTF-8",  # else Java cannot open a folder with letters beyond ASCII in its name
        "JAVA": str(java.executable),
        "ES_JAVA_HOME": str(java.home),
        "ES_HOME": str(home),
        "ES_PATH_CONF": str(folder / "config"),
        "ES_TMPDIR": str(folder / "tmp"),
        "ES_DISTRIBUTION_TYPE": "zip",
    }


def _tool_properties(home: Path, folder: Path) -> list[str]:
    properties = {
        "cli.name": "server",
        "cli.script": "bin/elasticsearch",
        "cli.libs": "lib/tools/server-cli",
        "es.path.home": home,
        "es.path.conf": folder / "config",
        "es.distribution.type": "zip",
        "es.java.type": "ES_JAVA_HOME",
    }
    return [f"-D{name}={value}" for name, value in properties.items()]
