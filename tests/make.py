"""Valid articles for tests: `make_article(title=...)` fills in what the test does not care about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

from index.article import Article, Evidence, Source
from index.runs import FILLED, OUTCOMES, RunDocument, run_id

NOON = datetime(2026, 1, 18, 12, 0, tzinfo=UTC)


def digest(*parts: str) -> str:
    """A 128-bit hash in hex, as ids and content hashes are."""
    return blake2b("\x00".join(parts).encode(), digest_size=16).hexdigest()


def make_source(domain: str, name: str | None = None, *, foreign: bool = False) -> Source:
    """The site's own text, or (`foreign`) one that a dateline ascribes to another house."""
    name = name or domain
    kind, confidence = ("dateline", 0.7) if foreign else ("own_site", 1.0)
    evidence = Evidence(kind=kind, name=name, domain=domain, text=name, confidence=confidence)  # type: ignore[arg-type]  # one of EvidenceKind
    return Source(name=name, domain=domain, confidence=confidence, evidence=[evidence])


def make_run(site: str = "a.example", started_at: datetime = NOON, **changes: Any) -> RunDocument:
    """A run in which all went well: five links, two new articles; keyword arguments replace fields."""
    fields: dict[str, Any] = {
        "site": site,
        "started_at": started_at,
        "finished_at": started_at + timedelta(seconds=7),
        "seconds": 7.25,
        "version": "0.1",
        "host": "desk",
        "trigger": "due",
        "finish": "finished",
        "exit": 0,
        "ok": True,
        "found": 5,
        "outcomes": dict.fromkeys(OUTCOMES, 0) | {"indexed": 2, "known": 3},
        "copies": 1,
        "sources_read": 1,
        "sources_failed": 0,
        "pages": 2,
        "fill": dict.fromkeys(FILLED, 1.0),
        "newest_published_at": started_at,
        "waiting": 0,
        "dead": 0,
        "problems": [],
    } | changes
    fields.setdefault("id", run_id(fields["site"], fields["started_at"], fields["host"]))
    return RunDocument(**fields)


def make_article(**changes: Any) -> Article:
    """An article with these fields; id, content hash, word count and source follow from the others."""
    fields: dict[str, Any] = {
        "site": "example.org",
        "url": f"https://{changes.get('site', 'example.org')}/news/{digest(repr(sorted(changes.items())))[:8]}",
        "title": "Мост через реку открыли раньше срока",
        "lead": None,
        "body": "Движение по новому мосту началось утром.\n\nСтроили его три года.",
        "language": "ru",
        "published_at": NOON,
        "published_precision": "second",
        "published_origin": "json_ld",
        "first_seen_at": NOON,
        "fetched_at": NOON,
    } | changes
    fields.setdefault("domain", fields["site"])
    fields.setdefault("id", digest(fields["url"]))
    fields.setdefault("link_ids", [fields["id"]])
    fields.setdefault("content_hash", digest(fields["title"], fields["lead"] or "", fields["body"]))
    fields.setdefault("word_count", len(f"{fields['lead'] or ''} {fields['body']}".split()))
    fields.setdefault("source", make_source(fields["domain"]))
    return Article(**fields)
