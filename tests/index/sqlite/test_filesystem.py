from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest

from index.sqlite.filesystem import (
    NETWORK_FILE_SYSTEMS,
    network_file_system,
    read_mount_output,
    read_mountinfo,
    type_at,
)

MOUNTINFO = r"""
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
23 22 0:21 / /proc rw,nosuid - proc proc rw
36 22 0:35 /export /mnt/nas rw,relatime shared:7 master:2 - nfs4 nas:/export rw,vers=4.2
37 36 254:1 / /mnt/nas/local rw - xfs /dev/vdb rw
38 22 0:40 / /mnt/my\040share rw - cifs //srv/my\040share rw
39 22 0:41 / /mnt/ssh rw - fuse.sshfs me@host:/ rw
40 22 0:42 / /mnt/over rw - nfs old:/ rw
41 40 254:2 / /mnt/over rw - ext4 /dev/vdc rw
42 22 0:43 / /mnt/drive rw - 9p C:\134 rw
damaged line
43
"""
MACOS = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//me@nas/news on /Volumes/news on tape (smbfs, nodev, nosuid, mounted by me)
map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
nas:/export on /Volumes/export (nfs)
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "ext4"),
        ("/var/svodka", "ext4"),
        ("/mnt/nas", "nfs4"),
        ("/mnt/nas/a/b", "nfs4"),
        ("/mnt/nasty", "ext4"),
        ("/mnt/nas/local/a", "xfs"),
        ("/mnt/my share/a", "cifs"),
        ("/mnt/ssh", "fuse.sshfs"),
        ("/mnt/over/a", "ext4"),
        ("/mnt/drive/a", "9p"),
    ],
)
def test_the_nearest_mount_counts(path: str, kind: str) -> None:
    assert type_at(PurePosixPath(path), read_mountinfo(MOUNTINFO)) == kind


def test_mount_output_of_macos() -> None:
    mounts = read_mount_output(MACOS)
    found = {
        path: type_at(PurePosixPath(path), mounts)
        for path in ("/Users/me", "/Volumes/news on tape/a", "/Volumes/export")
    }
    assert found == {"/Users/me": "apfs", "/Volumes/news on tape/a": "smbfs", "/Volumes/export": "nfs"}


def test_local_file_systems_are_not_in_the_list() -> None:
    local = {
        "ext4",
        "xfs",
        "btrfs",
        "zfs",
        "apfs",
        "tmpfs",
        "overlay",
        "fuseblk",
        "ntfs3",
        "vfat",
        "virtiofs",
    }
    assert not local & NETWORK_FILE_SYSTEMS


def test_nothing_known_is_no_reason_to_refuse() -> None:
    assert type_at(PurePosixPath("/a"), {}) is None


def test_this_folder_is_local(tmp_path: Path) -> None:
    assert network_file_system(tmp_path) is None
