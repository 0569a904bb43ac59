"""`Article`: the one document schema. Every engine stores it, every page and command shows it.

The schema is strict both ways: `Article.model_validate_json` and `Article(...)` refuse an unknown field
and a value of another type with a message that names the field. `python -m index.article` prints the
field table of `docs/article.md`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

Precision = Literal["second", "minute", "day", "unknown"]
"""How exact a publication time is; `day` is stored as 12:00 UTC, `unknown` goes with `first_seen`."""

Origin = Literal["json_ld", "meta", "text", "feed", "url", "site_default", "first_seen"]
"""Where a publication time was read, best first; `first_seen` means that the page gave none."""

Role = Literal["canonical", "copy"]
"""`canonical`: the one article that stands for its story; `copy`: every other member."""

EvidenceKind = Literal[
    "source_link",  # meta original-source / syndication-source, JSON-LD isBasedOn, citation URL
    "foreign_canonical",  # rel=canonical that points to another house
    "mark_url",  # last line is a bare domain or URL
    "mark_label",  # last line "Источник: ...", "По материалам ...", "Source: ..."
    "mark_name",  # last line is an agency's name alone
    "dateline",  # "МОСКВА, 18 янв — РИА Новости.", "LONDON (AP) -"
    "sign_off",  # "(Reporting by ...; Editing by ...)"
    "credit",  # author, creator or sourceOrganization is an agency
    "inline",  # "сообщает ТАСС": a report about, weak
    "own_site",  # nothing points elsewhere: the site's own text
]


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


UtcDatetime = Annotated[AwareDatetime, AfterValidator(_utc)]

LONGEST_TEXT = 480_000
"""Characters of a lead or body that are stored: some 70,000 words, an article has 500.

Elasticsearch highlights a value of up to 1,000,000 UTF-16 units (`index.highlight.max_analyzed_offset`) and fails
the whole search beyond: one longer article would blank every page of Kibana's that it is on (measured, 9.4.3).
"""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Evidence(_Strict):
    """One sign of whose text an article is, with the words that carry it."""

    kind: EvidenceKind = Field(description="form of the sign; weights in docs/attribution.md")
    name: str = Field(description="the source as people write it: 'РИА Новости', or its domain")
    domain: str = Field(description="main domain of the source: 'ria.ru'; '' when only a name is known")
    text: str = Field(
        description="the matched words, verbatim; for a line or dateline what is cut from prose"
    )
    confidence: float = Field(ge=0, le=1, description="0 to 1, by the form of the sign")


class Source(_Strict):
    """Whose text an article is: the strongest evidence, and all of it."""

    name: str = Field(description="name of the source")
    domain: str = Field(description="main domain of the source, '' when only a name is known")
    confidence: float = Field(ge=0, le=1, description="confidence of the strongest evidence")
    evidence: list[Evidence] = Field(default_factory=list, description="every sign found, strongest first")


class Article(_Strict):
    """One news article as crawled, normalised, attributed and placed into a story."""

    id: str = Field(pattern="^[0-9a-f]{32}$", description="128-bit hash (hex) of the identity URL")
    url: str = Field(
        min_length=1, description="final URL of the page that was read, without tracking parameters"
    )
    canonical_url: str | None = Field(
        default=None, description="rel=canonical of the page, absolute; any host"
    )
    link_ids: list[str] = Field(
        default_factory=list,
        description="identity hashes of every URL that led here (as linked, final, canonical), sorted",
    )
    site: str = Field(min_length=1, description="name of the site file that found it: 'ria.ru'")
    domain: str = Field(min_length=1, description="main domain of the publishing house: 'ria.ru'")
    section: str | None = Field(default=None, description="section of the site as the page names it")
    title: str = Field(min_length=1, description="headline, without the site's name")
    lead: str | None = Field(
        default=None, description="opening paragraph set apart by the page (deck), plain text"
    )
    body: str = Field(description="paragraphs joined by a blank line, without the lead")
    authors: list[str] = Field(
        default_factory=list, description="people of the byline; no agency, no photo credit"
    )
    tags: list[str] = Field(default_factory=list, description="keywords of the page, in its order")
    image_url: str | None = Field(default=None, description="lead picture, absolute URL")
    language: str = Field(
        pattern="^[a-z]{2,3}$", description="ISO 639-1 code of the text, 'und' when undetermined"
    )

    published_at: UtcDatetime = Field(
        description="publication time, UTC; 12:00 when only the day is known, first_seen_at when nothing is"
    )
    published_precision: Precision = Field(description="how exact published_at is")
    published_origin: Origin = Field(description="where published_at was read")
    published_offset: int | None = Field(
        default=None, description="UTC offset the page gave, in minutes east; None: none"
    )
    modified_at: UtcDatetime | None = Field(
        default=None, description="time of the last change as the page gives it, UTC"
    )
    first_seen_at: UtcDatetime = Field(description="when the crawler first stored this article, UTC")
    fetched_at: UtcDatetime = Field(description="when the stored text was fetched, UTC")

    word_count: int = Field(ge=0, description="words in lead and body")
    revision: int = Field(default=1, ge=1, description="1, and one more with each changed text")
    content_hash: str = Field(pattern="^[0-9a-f]{32}$", description="128-bit hash of title, lead and body")

    source: Source = Field(description="whose text it is")
    original_url: str | None = Field(
        default=None, description="address of the original where the page links it"
    )

    story_id: str | None = Field(default=None, description="id of the story: the smallest article id in it")
    role: Role = Field(
        default="canonical", description="canonical or copy; exactly one canonical article per story"
    )
    copies: int = Field(
        default=0, ge=0, description="on the canonical article: how many copies its story has"
    )
    outlets: list[str] = Field(
        default_factory=list, description="on the canonical article: sites of the story, sorted"
    )
    first_copy_at: UtcDatetime | None = Field(
        default=None,
        description="on the canonical article: publication of the story's earliest copy whose date is known, UTC",
    )
    last_copy_at: UtcDatetime | None = Field(
        default=None,
        description="on the canonical article: publication of the story's latest copy whose date is known, UTC",
    )

    fingerprint: list[str] = Field(
        default_factory=list, description="sampled 64-bit shingle hashes as 16 hex digits, sorted"
    )

    @property
    def paragraphs(self) -> list[str]:
        """Lead and body as a list of paragraphs, in reading order."""
        head = [self.lead] if self.lead else []
        return head + [part for part in self.body.split("\n\n") if part]

    @property
    def judged_hash(self) -> str:
        """Digest of all that a verdict on this article depends on: a verdict on another digest is out of date."""
        facts = self.model_dump_json(
            include={
                "content_hash", "fingerprint", "source", "site", "domain", "published_at", "published_precision"
            }
        )  # fmt: skip
        return blake2b(facts.encode(), digest_size=16).hexdigest()


# What linking writes and nothing else does: the fields of `index.stories.rank.Label`.
LABELS = ("story_id", "role", "copies", "outlets", "first_copy_at", "last_copy_at")


def explain_invalid(error: ValidationError) -> str:
    """One line for all faults of a document: `field: reason; field: reason`."""
    return "; ".join(
        f"{'.'.join(str(part) for part in fault['loc']) or 'document'}: {fault['msg']}"
        for fault in error.errors()
    )


# The stage that fills each field, in the order in which data flows.
FILLED_BY: dict[str, Sequence[str]] = {
    "extraction": [
        "canonical_url",
        "section",
        "title",
        "lead",
        "body",
        "tags",
        "image_url",
        "published_at",
        "published_precision",
        "published_origin",
        "published_offset",
        "modified_at",
    ],
    "fetching": ("url", "site", "fetched_at"),
    "normalising": ("id", "link_ids", "domain", "authors", "language", "word_count", "content_hash"),
    "attribution": ("source", "original_url"),
    "deduplication": ("fingerprint", *LABELS),
    "index": ("first_seen_at", "revision"),
}


def field_table() -> str:
    """The schema as a Markdown table, for docs/article.md."""
    stages = {name: stage for stage, names in FILLED_BY.items() for name in names}
    rows = ["| field | type | meaning | filled by |", "| --- | --- | --- | --- |"]
    for prefix, model in (("", Article), ("source.", Source), ("source.evidence[].", Evidence)):
        for name, info in model.model_fields.items():
            stage = "attribution" if prefix else stages[name]
            rows.append(
                f"| `{prefix}{name}` | {_type_name(info.annotation)} | {info.description} | {stage} |"
            )
    return "\n".join(rows)


def _type_name(annotation: object) -> str:
    """A type as a reader of the documentation knows it."""
    if annotation in {Precision, Origin, Role, EvidenceKind}:
        return " or ".join(f"'{value}'" for value in get_args(annotation))
    if "AwareDatetime" in str(annotation):
        return "time or none" if "Optional" in str(annotation) else "time"
    name = (
        annotation.__name__ if isinstance(annotation, type) and not get_args(annotation) else str(annotation)
    )
    plain = {"str": "text", "int": "whole number", "float": "number", "None": "none", " | ": " or "}
    name = re.sub(r"\b(?:index\.article|__main__)\.", "", name)
    return re.sub(r"\b(?:str|int|float|None)\b| \| ", lambda match: plain[match[0]], name)


if __name__ == "__main__":
    print(field_table())
