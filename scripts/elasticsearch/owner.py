"""Whose process a node is: Elasticsearch refuses to run as root, so root starts it as `nobody`."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_NOBODY = 65534  # where the system has no user of that name


@dataclass(frozen=True, slots=True)
class Owner:
    """The user that a node runs as. `changed` says that it is another one than ours, which root alone can do."""

    uid: int
    gid: int
    changed: bool

    def can_enter(self, folder: Path) -> bool:
        """Whether this user may enter a folder and all above it; parts that are not there yet are not looked at."""
        return all(self._may_enter(each) for each in [*folder.parents, folder] if each.exists())

    def _may_enter(self, folder: Path) -> bool:
        if not self.changed:
            return os.access(folder, os.X_OK)
        found = folder.stat()
        shift = 6 if found.st_uid == self.uid else 3 if found.st_gid == self.gid else 0
        return bool(found.st_mode >> shift & 1)

    def take(self, folder: Path) -> None:
        """Make a folder and all in it this user's."""
        if not self.changed:
            return
        for each in [folder, *folder.rglob("*")]:
            os.chown(each, self.uid, self.gid, follow_symlinks=False)

    def identity(self) -> dict[str, Any]:
        """What `subprocess` needs to run a command as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.changed else {}


def node_owner() -> Owner:
    """We ourselves, or `nobody` when we are root."""
    if os.geteuid() != 0:
        return Owner(os.geteuid(), os.getegid(), changed=False)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Owner(_NOBODY, _NOBODY, changed=True)
    return Owner(nobody.pw_uid, nobody.pw_gid, changed=True)
