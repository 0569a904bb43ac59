"""Which sites a command is about: the folder of site files that is in force, and those of its sites that were named."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.site import SITES_FOLDER, site_paths

if TYPE_CHECKING:
    import argparse
    from collections.abc import Collection, Mapping, Sequence

    from crawler.site import Site


class NoSuchSites(ValueError):
    """The folder or the site that was named is not there; the message says what to do."""


def add_folder(parser: argparse.ArgumentParser) -> None:
    """Add `--sites DIR` to a command, which sets `folder`."""
    parser.add_argument(
        "--sites", dest="folder", type=Path, metavar="DIR", help="folder of site files (SVODKA_SITES)"
    )


def sites_folder(named: Path | None = None) -> Path:
    """The folder of site files in force: the named one, that of SVODKA_SITES, or the one that ships."""
    return named or Path(os.environ.get("SVODKA_SITES") or SITES_FOLDER)


def proven_folder(named: Path | None = None) -> Path:
    """The folder in force; raises `NoSuchSites` for one that is not there or holds no site files."""
    folder = sites_folder(named)
    if not folder.is_dir():
        raise NoSuchSites(f"{folder} is no folder; --sites names the folder that holds the site files")
    if not site_paths(folder):
        raise NoSuchSites(
            f"there are no site files (*.toml) in {folder}; docs/sites.md tells how to write one"
        )
    return folder


def chosen(names: Sequence[str], sites: Mapping[str, Site], faulty: Collection[str]) -> list[Site]:
    """The sites with these names, all for none; those whose files are `faulty` are passed over.

    Raises `NoSuchSites` for a name that no file has.
    """
    for name in names:
        if name not in sites and name not in faulty:
            near = get_close_matches(name.lower(), sites, n=1)
            hint = f"did you mean {near[0]}?" if near else "'svodka sites list' shows all"
            raise NoSuchSites(f"there is no site {name!r}; {hint}")
    return [site for name, site in sites.items() if not names or name in names]
