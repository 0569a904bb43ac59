"""A node's configuration folder: settings, the JVM's options, and copies of what the server insists on."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scripts.elasticsearch.java import Java

_COPIED = ("log4j2.properties", "roles.yml", "role_mapping.yml", "users", "users_roles")
_VECTOR = "jdk.incubator.vector"
_JAVA_OPTION = re.compile(r"^.*--add-modules=jdk\.incubator\.vector.*\n", re.MULTILINE)


def base_settings(folder: Path, port: int) -> dict[str, Any]:
    """Settings of one node on loopback that stands alone, without security; port 0 takes a free one."""
    return {
        "cluster.name": "svodka",
        "node.name": "svodka",
        "path.data": str(folder / "data"),
        "path.logs": str(folder / "logs"),
        "network.host": "127.0.0.1",
        "http.port": port,
        "transport.port": 0,
        "node.portsfile": True,  # logs/http.ports tells which port it became
        "discovery.type": "single-node",
        "xpack.security.enabled": False,
        # A full disk of a desktop would make the node read-only; it warns by failing writes anyway.
        "cluster.routing.allocation.disk.threshold_enabled": False,
        # A small heap is full of garbage most of the time: counting it would refuse requests that fit.
        "indices.breaker.total.use_real_memory": False,
    }


def write_config(
    folder: Path, home: Path, java: Java, settings: Mapping[str, Any], jvm: Iterable[str]
) -> None:
    """Write `config/` of a node. A setting of None is left out; files that are there already are kept."""
    config = folder / "config"
    (config / "jvm.options.d").mkdir(parents=True, exist_ok=True)
    for name in _COPIED:
        if not (config / name).exists():
            shutil.copyfile(home / "config" / name, config / name)
    options = (home / "config" / "jvm.options").read_text("utf-8")
    (config / "jvm.options").write_text(_fitting(options, java), "utf-8")
    (config / "jvm.options.d" / "node.options").write_text("".join(f"{each}\n" for each in jvm), "utf-8")
    (config / "elasticsearch.yml").write_text(_as_yaml(settings), "utf-8")


def _fitting(options: str, java: Java) -> str:
    """The server's own options without the one for a module that not every Java has."""
    return options if _VECTOR in java.modules else _JAVA_OPTION.sub("", options)


def _as_yaml(settings: Mapping[str, Any]) -> str:
    """JSON values are YAML values, and need no second set of quoting rules."""
    return "".join(
        f"{key}: {json.dumps(value, ensure_ascii=False)}\n"
        for key, value in settings.items()
        if value is not None
    )
