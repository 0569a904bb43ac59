"""Which file system a path is on: SQLite's WAL needs shared memory, which network file systems do not give.

https://www.sqlite.org/wal.html, "all processes using a database must be on the same host computer; WAL
does not work over a network filesystem". An index there would be damaged without a message, so it is refused.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

MOUNTINFO = Path("/proc/self/mountinfo")
NETWORK_FILE_SYSTEMS = frozenset(
    {
        *("nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "afs", "afpfs", "webdav", "davfs"),
        *("9p", "ceph", "lustre", "gpfs", "beegfs", "glusterfs", "orangefs", "pvfs2"),
        *(
            "fuse.sshfs",
            "fuse.glusterfs",
            "fuse.ceph",
            "fuse.davfs2",
            "fuse.s3fs",
            "fuse.rclone",
            "fuse.gcsfuse",
        ),
        *(
            "fuse.juicefs",
            "fuse.seaweedfs",
            "fuse.moosefs",
            "fuse.smbnetfs",
            "fuse.curlftpfs",
            "fuse.grpcfuse",
        ),
        *("osxfuse_sshfs", "macfuse_sshfs", "sshfs"),
    }
)

Mounts = dict[PurePosixPath, str]
"""Mount point -> type of the file system that is seen there."""


def network_file_system(folder: Path) -> str | None:
    """Type of the network file system a folder is on ('nfs4'), None when it is on a local one.

    Linux is read exactly. macOS is asked through `mount`; on Windows only `\\\\server\\share` is
    recognised, not a drive letter that is mapped to one.
    """
    where = folder.resolve()
    if where.drive.startswith("\\\\"):
        return "network share"
    kind = type_at(PurePosixPath(where.as_posix()), _mounts())
    return kind if kind in NETWORK_FILE_SYSTEMS else None


def type_at(path: PurePosixPath, mounts: Mounts) -> str | None:
    """Type of the file system of the nearest mount point at or above a path."""
    return next((mounts[place] for place in (path, *path.parents) if place in mounts), None)


def read_mountinfo(text: str) -> Mounts:
    """Mounts of `/proc/self/mountinfo` (proc(5)); of several at one place the last one is seen."""
    mounts: Mounts = {}
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        fields, kind = left.split(), right.split()
        if len(fields) >= 5 and kind:
            mounts[PurePosixPath(_unescape(fields[4]))] = kind[0]
    return mounts


def read_mount_output(text: str) -> Mounts:
    """Mounts as BSD and macOS `mount` prints them: `//me@nas/news on /Volumes/news (smbfs, nodev)`."""
    found = re.findall(r"^.+? on (/.*) \(([\w.]+)[,)]", text, re.MULTILINE)
    return {PurePosixPath(place): kind for place, kind in found}


def _mounts() -> Mounts:
    if sys.platform == "darwin":
        listing = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False)
        return read_mount_output(listing.stdout)
    if MOUNTINFO.exists():
        return read_mountinfo(MOUNTINFO.read_text(errors="surrogateescape"))
    return {}


def _unescape(field: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), field)
