"""The agency table: whose texts other sites reprint, under which names and hosts.

The table is data (`sites/agencies.toml`); its first lines say how to extend it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from tldextract import TLDExtract

from crawler.agency_names import Alias, NameHit, NameMatcher, unwrapped
from crawler.choice import sites_folder
from crawler.site import SITES_FOLDER, Fault, Host, Pattern, SiteFault, read_toml, validation_faults

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from scrapy.settings import BaseSettings

AGENCIES_FILE = SITES_FOLDER / "agencies.toml"
Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Language = Annotated[str, StringConstraints(pattern="^[a-z]{2,3}$")]
RESERVED_SUFFIXES = ("example", "test")  # RFC 2606: for documentation and tests, so made-up sites work alike
_LEADING_LABEL = re.compile(r"^(?:www\d?|m|amp|mobile)\.")


class Agency(BaseModel):
    """One house: its hosts, its names, and the forms in which its texts are marked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", description="short name, once in the table")
    name: Name = Field(description="what people call it; shown in results")
    domain: Host = Field(description="main domain, into which its hosts are folded")
    hosts: list[Host] = Field(default_factory=list, description="other hosts; subdomains are included")
    owner: str = Field(pattern="^[a-z0-9]+(-[a-z0-9]+)*$", description="houses of one owner are sisters")
    kind: Literal["agency", "newspaper", "broadcaster", "site"]
    names: dict[Language, list[Name]] = Field(min_length=1, description="full names by language")
    case_sensitive: list[Name] = Field(
        default_factory=list, description="short forms, for mark positions only"
    )
    dateline: list[Name] = Field(default_factory=list, description="forms in datelines")
    photo_only: list[Name] = Field(default_factory=list, description="forms that credit pictures")
    article_url: Pattern | None = Field(
        default=None, description="matches the path of its articles (searched)"
    )

    def is_article(self, url: str) -> bool | None:
        """Whether a URL of this house is an article; None when the table does not know its form."""
        if self.article_url is None:
            return None
        parts = urlsplit(url)
        return re.search(self.article_url, f"{parts.path}?{parts.query}".removesuffix("?")) is not None

    @property
    def aliases(self) -> Iterator[Alias]:
        """Every form in which the house is named, photo credits too."""
        yield from (Alias(self.id, name) for names in self.names.values() for name in names)
        yield from (Alias(self.id, name, exact=True) for name in self.case_sensitive)
        yield from (Alias(None, name) for name in self.photo_only)


class Table(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    platforms: list[Host] = Field(default_factory=list, description="hosts where a link names no house")
    agency: list[Agency] = Field(min_length=1)

    @model_validator(mode="after")
    def _nothing_twice(self) -> Self:
        """An id, a host or a name has to lead to one house."""
        if twice := [*_claimed_twice(self.agency)]:
            raise ValueError("; ".join(twice))
        return self


def _claimed_twice(agencies: list[Agency]) -> Iterator[str]:
    owners: dict[tuple[str, str], str] = {}
    for place, agency in enumerate(agencies, 1):
        hosts = {("host", host) for host in (agency.domain, *agency.hosts)}
        names = {("name", alias.text.casefold()) for alias in agency.aliases}
        for claim in sorted({("id", agency.id)} | hosts | names):
            first = owners.setdefault(claim, f"agency {place} ({agency.id})")
            if first != f"agency {place} ({agency.id})":
                yield f"{claim[0]} {claim[1]!r} stands in {first} and agency {place} ({agency.id}): leave it in one"


@dataclass(frozen=True, slots=True)
class Agencies:
    """The table with its look-ups. Read-only, so that one instance may serve a whole run."""

    table: Table
    _by_id: Mapping[str, Agency]
    _by_host: Mapping[str, Agency]
    _running: NameMatcher
    _marks: NameMatcher
    _lines: NameMatcher
    _datelines: NameMatcher
    _suffixes: TLDExtract

    @classmethod
    def of(cls, table: Table) -> Self:
        """Build the look-ups. Names are compiled once, which takes some milliseconds."""
        aliases = [alias for agency in table.agency for alias in agency.aliases]
        return cls(
            table=table,
            _by_id={agency.id: agency for agency in table.agency},
            _by_host={host: agency for agency in table.agency for host in (agency.domain, *agency.hosts)},
            _running=NameMatcher.of([alias for alias in aliases if not alias.exact]),
            _marks=NameMatcher.of(aliases),
            _lines=NameMatcher.of(aliases, any_case=True),
            _datelines=NameMatcher.of([*_dateline_aliases(table)]),
            _suffixes=_suffix_list(),
        )

    def by_host(self, host: str) -> Agency | None:
        """The house that a host (or a subdomain of its hosts) belongs to."""
        labels = _plain(host).split(".")
        parents = (".".join(labels[start:]) for start in range(len(labels)))
        return next((self._by_host[parent] for parent in parents if parent in self._by_host), None)

    def by_name(self, text: str, *, mark_position: bool) -> Agency | None:
        """The house whose name is the whole of a text, quotes and words like "агентство" aside.

        In a mark position short forms count, and full names in any case.
        """
        matcher = self._lines if mark_position else self._running
        bare = unwrapped(text)
        hit = matcher.match(bare)
        return self._by_id[hit.id] if hit and hit.id and hit.end == len(bare) else None

    def name_at(self, text: str, position: int, *, mark_position: bool) -> tuple[Agency, int] | None:
        """The house named at a position of a text, and where its name ends; names begin with a capital."""
        return self._found((self._marks if mark_position else self._running).match(text, position))

    def dateline_at(self, text: str, position: int) -> tuple[Agency, int] | None:
        """The house whose dateline form stands at a position, and where the form ends."""
        return self._found(self._datelines.match(text, position))

    def is_agency(self, name: str) -> bool:
        """Whether a byline names a house of the table and no person."""
        return self.by_name(name, mark_position=True) is not None

    def is_platform(self, host: str) -> bool:
        """Whether a host is one where anyone may post, so that a link there names no house."""
        plain = _plain(host)
        return any(plain == platform or plain.endswith("." + platform) for platform in self.table.platforms)

    def main_domain(self, host: str) -> str:
        """The domain that stands for a host's house: rsport.ria.ru -> ria.ru, m.site.co.uk -> site.co.uk.

        An agency's host gives the agency's domain, any other its registrable domain by the Public Suffix
        List (publicsuffix.org). A host without one (an address, a name of the local network) stays.
        """
        if agency := self.by_host(host):
            return agency.domain
        plain = _plain(host)
        return self.registrable(plain) or _LEADING_LABEL.sub("", plain)

    def registrable(self, host: str) -> str:
        """Registrable domain of a host, '' when its last label is no public suffix."""
        return self._suffixes(_plain(host)).top_domain_under_public_suffix

    def _found(self, hit: NameHit | None) -> tuple[Agency, int] | None:
        return (self._by_id[hit.id], hit.end) if hit and hit.id else None


def _dateline_aliases(table: Table) -> Iterator[Alias]:
    for agency in table.agency:
        yield from (Alias(agency.id, form, exact=form in agency.case_sensitive) for form in agency.dateline)
        yield from (Alias(None, name) for name in agency.photo_only)


@cache  # 60 ms to build, and it never changes
def _suffix_list() -> TLDExtract:
    """The public suffix list that comes with tldextract: nothing is fetched, nothing is kept on disk."""
    return TLDExtract(
        suffix_list_urls=(),
        cache_dir=None,
        include_psl_private_domains=True,
        extra_suffixes=RESERVED_SUFFIXES,
    )


def _plain(host: str) -> str:
    """A host in lower case without port and final dot."""
    return re.sub(r":\d*$", "", host.strip().lower()).strip(".")


def load_agencies(path: Path = AGENCIES_FILE) -> Agencies:
    """Read the agency table; raises `SiteFault` with everything that is wrong in it."""
    data = read_toml(path)
    try:
        return Agencies.of(Table.model_validate(data))
    except ValidationError as error:
        raise SiteFault(
            [_block_named(each, data) for each in validation_faults(path, error, Table)]
        ) from None


def _block_named(fault: Fault, data: dict[str, Any]) -> Fault:
    """A fault of one block with the block's place, counted from 1, and id: nobody counts blocks from 0."""
    place = re.match(r"agency\.(\d+)(?=\.|$)", fault.where)
    if place is None:
        return fault
    at = int(place[1])
    block = data["agency"][at]
    id = block.get("id") if isinstance(block, dict) else None
    named = f"agency {at + 1} ({id})" if isinstance(id, str) else f"agency {at + 1}"
    return replace(fault, where=named + fault.where[place.end() :])


def check_agencies(folder: Path) -> list[Fault]:
    """Faults of the agency table that a crawl of the site files in a folder uses."""
    try:
        load_agencies(Path(os.environ.get("SVODKA_AGENCIES") or _table_of(folder)))
    except SiteFault as fault:
        return fault.faults
    return []


def agencies_of(settings: BaseSettings) -> Agencies:
    """The table that a crawl uses: the file named by SVODKA_AGENCIES (setting or environment variable), else
    the one in the folder of site files, else the one that ships.
    """
    named = settings.get("SVODKA_AGENCIES") or os.environ.get("SVODKA_AGENCIES")
    path = Path(named) if named else _table_of(sites_folder())
    return _loaded(path, path.stat().st_mtime_ns if path.exists() else 0)


@lru_cache(maxsize=4)  # a process crawls many sites with one table
def _loaded(path: Path, mtime_ns: int) -> Agencies:
    return load_agencies(path)


def _table_of(folder: Path) -> Path:
    path = folder / AGENCIES_FILE.name
    return path if path.exists() else AGENCIES_FILE


__all__ = ["Agencies", "Agency", "Fault", "SiteFault", "agencies_of", "check_agencies", "load_agencies"]
