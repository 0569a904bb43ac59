"""`Site`: one TOML file that names where a site's links come from and how its pages are read.

Everything that can be wrong is found when the file is read: selectors, patterns, time zone and cron line
are compiled by the model, so `svodka sites check` needs no network.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Self, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cssselect import SelectorError
from lxml import etree
from lxml.cssselect import CSSSelector
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from crawler.schedule.expression import check_expression

_NO_SOURCE = "no feeds, sitemaps or listings: add one, the site has nowhere to find links"
SITES_FOLDER = Path(__file__).parent / "sites"


def _pattern(value: str) -> str:
    try:
        compiled = re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(
            f"not a regular expression: {error}; mend it, and write it in single quotes"
        ) from None
    if compiled.search("") and not compiled.groups:
        raise ValueError("matches everything, even nothing: leave it out or say what has to be there")
    return value


def _identity_pattern(value: str) -> str:
    if not re.compile(value).groups:
        raise ValueError(r"has no group: put the id in parentheses, as in '/(\d+)\.html'")
    return value


def _selector(value: str) -> str:
    compile_selector(value)
    return value


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(
            "not a time zone of the tz database: write one like 'Europe/Moscow' or 'UTC'"
        ) from None
    return value


def _web_address(value: str) -> str:
    if not re.fullmatch(r"https?://[^/\s]+(/\S*)?", value):
        raise ValueError(
            "not an address: it has to begin with http:// or https:// and a host, without blanks"
        )
    return value


def _host(value: str) -> str:
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)*(:\d+)?", value) or value != value.lower():
        raise ValueError("not a host name: write it in lower case, without scheme and path ('ria.ru')")
    return value


Pattern = Annotated[str, AfterValidator(_pattern)]
Selector = Annotated[str, AfterValidator(_selector)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Cron = Annotated[str, AfterValidator(check_expression)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
Host = Annotated[str, AfterValidator(_host)]
IdentityPattern = Annotated[Pattern, AfterValidator(_identity_pattern)]


def compile_selector(value: str) -> etree.XPath:
    """A CSS selector, or an XPath when it begins with `/`, `./` or `(`; ValueError says what is wrong."""
    try:
        if value.startswith(("/", "./", "(")):
            return etree.XPath(value)
        return CSSSelector(value, translator="html")
    except (SelectorError, etree.XPathSyntaxError, NotImplementedError, ValueError) as error:
        raise ValueError(f"not a selector: {error}; write CSS, or XPath that begins with / or ./") from None


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Listing(_Part):
    """A page that lists articles: which of its links count, and how to turn its pages."""

    url: WebAddress
    links: Selector = Field(
        default="a", description="elements whose href is taken (or the nearest link inside)"
    )
    pattern: Pattern | None = Field(default=None, description="the absolute link has to match (searched)")
    next: Selector | None = Field(default=None, description="the link to the next page of the list")
    max_pages: int = Field(default=1, ge=1, le=100, description="pages read per run")


class Articles(_Part):
    """Which links of the site are articles, and how their identity is read."""

    allow: list[Pattern] = Field(
        default_factory=list, description="URL path has to match one (searched); none: all"
    )
    deny: list[Pattern] = Field(default_factory=list, description="URL path must match none (searched)")
    id: IdentityPattern | None = Field(
        default=None,
        description="where the path holds the article's id and the rest is free: its first group is the identity",
    )
    min_words: int = Field(default=20, ge=0, description="shorter bodies end as too_short")


class Layout(_Part):
    """Selectors of one page layout; what is left out is found by the generic extraction."""

    until: date | None = Field(
        default=None, description="last day on which pages were published in this layout"
    )
    title: Selector | None = None
    lead: Selector | None = None
    body: Selector | None = Field(default=None, description="element that holds the text, or its paragraphs")
    author: Selector | None = None
    published: Selector | None = Field(
        default=None, description="element with a datetime attribute or the date as text"
    )
    section: Selector | None = None
    drop: list[Selector] = Field(default_factory=list, description="elements removed before anything is read")


class Site(_Part):
    """One news site."""

    name: str = Field(pattern=r"^\w[\w.-]*$", description="name of the spider, usually the main domain")
    title: str = Field(min_length=1, description="the site as people call it")
    domains: list[Host] = Field(
        min_length=1, description="hosts of the site, main one first; subdomains included"
    )
    language: str | None = Field(
        default=None, pattern="^[a-z]{2,3}$", description="ISO 639-1; None: detected per page"
    )
    time_zone: TimeZone = Field(description="zone of dates that name none")
    feeds: list[WebAddress] = Field(default_factory=list)
    sitemaps: list[WebAddress] = Field(default_factory=list)
    listings: list[Listing] = Field(default_factory=list)
    articles: Articles = Field(default_factory=Articles)
    layouts: list[Layout] = Field(
        default_factory=list, description="newest first; the first that fits is taken"
    )
    schedule: Cron = Field(default="*/15 * * * *", description="cron expression, in schedule_zone")
    schedule_zone: TimeZone | None = Field(default=None, description="zone of schedule; None: time_zone")
    delay: float = Field(default=1.0, ge=0, le=300, description="seconds between requests, at least")
    sitemap_days: int = Field(
        default=7, ge=1, le=3650, description="older sitemap entries are left out, unless --since"
    )
    allow_private: bool = Field(
        default=False, description="addresses of this machine and private networks may be fetched"
    )
    verified: bool = Field(default=False, description="the file was tried against the live site")

    @model_validator(mode="after")
    def _has_a_source(self) -> Self:
        if not (self.feeds or self.sitemaps or self.listings):
            raise ValueError(_NO_SOURCE)
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone."""
        return ZoneInfo(self.time_zone)

    @property
    def schedule_time_zone(self) -> ZoneInfo:
        """The time zone of the site's schedule."""
        return ZoneInfo(self.schedule_zone or self.time_zone)

    def owns(self, host: str) -> bool:
        """Whether a host (lower case, no port) is the site's own or a subdomain of it."""
        return any(host == own or host.endswith("." + own) for own in map(_without_port, self.domains))


def _without_port(host: str) -> str:
    return host.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one site file."""

    path: Path
    where: str  # 'listings.0.url', '' for the whole file
    reason: str

    def __str__(self) -> str:
        return f"{self.path}: {self.where + ': ' if self.where else ''}{self.reason}"


class SiteFault(Exception):
    """Site files that cannot be used; `faults` has all of them."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def read_site(path: Path) -> Site:
    """Read and validate one site file; raises `SiteFault` with every fault in it."""
    data = read_toml(path)
    faults = _faults_between_keys(path, data)
    try:
        site = Site.model_validate(data)
    except ValidationError as error:
        found = validation_faults(path, error, Site)
        faults = found + [fault for fault in faults if fault.reason not in {each.reason for each in found}]
    if faults:
        raise SiteFault(faults)
    return site


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; raises `SiteFault` when it is missing, not UTF-8 or not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        reason = f"is not UTF-8 (byte {error.start}): save it in UTF-8"
    except tomllib.TOMLDecodeError as error:
        reason = f"is not TOML: {error}. Patterns belong in single quotes, texts in double ones"
    except OSError as error:
        reason = f"cannot be read: {error.strerror or error}"
    raise SiteFault([Fault(path, "", reason)])


def _faults_between_keys(path: Path, data: dict[str, Any]) -> list[Fault]:
    """What the model sees only when all else is right (no source) or never (the file's name)."""
    faults = []
    if not any(data.get(key) for key in ("feeds", "sitemaps", "listings")):
        faults.append(Fault(path, "", _NO_SOURCE))
    if isinstance(name := data.get("name"), str) and name != path.stem:
        reason = f"{name!r} differs from the file's name {path.stem!r}: rename one of them"
        faults.append(Fault(path, "name", reason))
    return faults


def validation_faults(path: Path, error: ValidationError, model: type[BaseModel]) -> list[Fault]:
    """Every fault that a model found in a file, each with its key and what to do about it."""
    return [_fault(path, each, model) for each in error.errors()]


def _fault(path: Path, error: Any, model: type[BaseModel]) -> Fault:
    where = ".".join(str(part) for part in error["loc"])
    if error["type"] == "missing":
        return Fault(path, where, "is missing: add it")
    if error["type"] == "extra_forbidden":
        return Fault(path, where, _unknown_key(error["loc"], model))
    if error["type"] == "too_short":
        return Fault(path, where, "is empty: give at least one")
    reason = error["msg"].removeprefix("Value error, ")
    # Not repr(): it doubles the backslashes of patterns.
    return Fault(path, where, f"{reason} (given: {error['input']!s:.60})" if where else reason)


def _unknown_key(loc: tuple[str | int, ...], model: type[BaseModel]) -> str:
    known = list(_model_at(loc[:-1], model).model_fields)
    near = get_close_matches(str(loc[-1]), known, n=1)
    advice = f"did you mean {near[0]!r}?" if near else f"the keys here are {', '.join(known)}"
    return f"unknown key: {advice}"


def _model_at(loc: tuple[str | int, ...], model: type[BaseModel]) -> type[BaseModel]:
    """The model that a place in a file is validated by: `listings.0` of a `Site` is a `Listing`."""
    for key in loc:
        if isinstance(key, str):
            annotation = model.model_fields[key].annotation
            model = next((each for each in (annotation, *get_args(annotation)) if _is_model(each)), model)
    return model


def _is_model(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, BaseModel)


def site_paths(folder: Path) -> list[Path]:
    """Site files of a folder, by name; `agencies.toml` is not one."""
    return sorted(path for path in folder.glob("*.toml") if path.name != "agencies.toml")


def load_sites(folder: Path = SITES_FOLDER) -> tuple[dict[str, Site], list[Fault]]:
    """Every usable site of a folder by name, and every fault of the others: one bad file stops no other."""
    sites: dict[str, Site] = {}
    faults: list[Fault] = []
    for path in site_paths(folder):
        try:
            site = read_site(path)
            sites[site.name] = site
        except SiteFault as fault:
            faults += fault.faults
    return sites, faults
