"""The small labelled set, written for these tests, and articles as the crawler would store them."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from index.article import Article, Evidence, Source
from index.day import at_noon
from index.stories.fingerprint import fingerprint_of
from tests.make import digest, make_article

Row = dict[str, Any]
PATH = Path(__file__).with_name("labelled.jsonl")
WEIGHTS = {
    "source_link": 0.95,
    "foreign_canonical": 0.9,
    "mark_url": 0.9,
    "mark_label": 0.8,
    "mark_name": 0.7,
    "dateline": 0.7,
    "sign_off": 0.6,
    "inline": 0.2,
}


def rows() -> list[Row]:
    """One row an article: `id`, its `story` and that story's `canonical` id beside the text.

    `hard` rows resemble a row of another story: a template, an update, the same background, an own report;
    `kind` says in which way, or what was done to a copy.
    """
    return [json.loads(line) for line in PATH.read_text(encoding="utf-8").splitlines()]


def article_id(name: str) -> str:
    """The article id of a row's id."""
    return digest(name)


def record_of(row: Row) -> Row:
    """The row as `benchmarks.dedup` reads it, without label and evidence: the crawler has to find that."""
    links = {"source_link": "original-source", "foreign_canonical": "canonical"}
    return {
        "id": article_id(row["id"]),
        "url": f"https://{row['site']}/{row['id']}",
        "domain": row["site"],
        "title": row["title"],
        "text": row["body"],
        "lang": row["language"],
        "published": row["published"],
        "meta": {links[sign["kind"]]: sign["text"] for sign in row["evidence"] if sign["kind"] in links},
    }


def article_of(row: Row) -> Article:
    """The article of a row, fingerprinted."""
    site = row["site"]
    signs = [Evidence(confidence=WEIGHTS[sign["kind"]], **sign) for sign in row["evidence"]]
    first, published = signs[0] if signs else None, datetime.fromisoformat(row["published"])
    source = Source(
        name=first.name if first else site,
        domain=first.domain if first else site,
        confidence=first.confidence if first else 1.0,
        evidence=signs,
    )
    return fingerprinted(
        id=article_id(row["id"]),
        url=f"https://{site}/{row['id']}",
        site=site,
        title=row["title"],
        body=row["body"],
        language=row["language"],
        published_at=at_noon(published) if row["precision"] == "day" else published,
        published_precision=row["precision"],
        source=source,
    )


def marked(site: str, domain: str, text: str, kind: str = "mark_label") -> Source:
    """The source of an article whose closing line (or dateline) names another house."""
    sign = Evidence(kind=kind, name=domain, domain=domain, text=text, confidence=0.8)  # type: ignore[arg-type]  # one of EvidenceKind
    own = Evidence(kind="own_site", name=site, domain=site, text="", confidence=0.5)
    return Source(name=domain, domain=domain, confidence=0.8, evidence=[sign, own])


def fingerprinted(**fields: Any) -> Article:
    """`make_article` with its fingerprint, as the pipeline stores it."""
    article = make_article(**fields)
    return article.model_copy(update={"fingerprint": fingerprint_of(article)})
