"""Names, mappings and settings of the indices.

One logical index is six: articles, their earlier texts, judged pairs, what waits for linking, crawl state,
and records of runs. Each is reached by an alias that begins with the configured name and lies in an index of a numbered
version; `news` is filtered to one canonical article a story, `news-all` has every article.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from index.elastic.analysis import ANALYSIS
from index.runs import FILLED, OUTCOMES
from index.settings import DEFAULT_NAME

if TYPE_CHECKING:
    from index.settings import ElasticSettings

Kind = Literal["articles", "revisions", "edges", "pending", "state", "runs"]
KINDS: tuple[Kind, ...] = get_args(Kind)

VERSIONS: dict[Kind, int] = {"articles": 2, "revisions": 1, "edges": 1, "pending": 1, "state": 1, "runs": 1}
"""Raise a kind's number with each change of its mapping or settings; `svodka index upgrade` carries it over."""

ADDED: tuple[Kind, ...] = ("runs",)
"""Kinds that indices made by an earlier Svodka lack; `svodka index upgrade` makes them."""

COPY_TIMES_SINCE = 2  # version of the articles that has first_copy_at and last_copy_at

LONGEST_KEYWORD = 8191  # characters; Lucene refuses terms over 32,766 bytes and a character has up to four


@dataclass(frozen=True, slots=True)
class Names:
    """Names of indices and aliases, all beginning with the one that is configured."""

    base: str

    @property
    def canonical(self) -> str:
        """The filtered alias: one canonical article a story."""
        return self.base

    @property
    def articles(self) -> str:
        """The alias of all articles, read and written through."""
        return f"{self.base}-all"

    def alias(self, kind: Kind) -> str:
        """The alias a kind is read and written through."""
        if kind == "runs" and self.base == DEFAULT_NAME:
            return "svodka-runs"  # beside `news`, a name by which nobody takes it for news
        return self.articles if kind == "articles" else f"{self.base}-{kind}"

    def index(self, kind: Kind, version: int | None = None) -> str:
        """The index of a version of a kind; the current version by default."""
        return f"{self.base}-{kind}-v{VERSIONS[kind] if version is None else version}"

    def aliases(self, kind: Kind) -> dict[str, dict[str, Any]]:
        """Alias name to its definition."""
        found: dict[str, dict[str, Any]] = {self.alias(kind): {"is_write_index": True}}
        if kind == "articles":
            found[self.canonical] = {"filter": {"term": {"role": "canonical"}}}
        return found


def mapping(kind: Kind, version: int | None = None) -> dict[str, Any]:
    """The mapping of a kind: strict, its version under `_meta`."""
    meta = {"svodka": {"kind": kind, "version": VERSIONS[kind] if version is None else version}}
    return {"dynamic": "strict", "_meta": meta, "properties": _PROPERTIES[kind]}


def index_settings(kind: Kind, settings: ElasticSettings) -> dict[str, Any]:
    """The settings of a kind's index. Only articles are many enough to be spread over shards."""
    replicas = settings.replicas
    found: dict[str, Any] = {
        "number_of_shards": settings.shards if kind == "articles" else 1,
        "refresh_interval": settings.refresh,
    }
    found["auto_expand_replicas" if "-" in replicas else "number_of_replicas"] = replicas
    if kind == "articles":
        found["analysis"] = ANALYSIS
        found["query"] = {"default_field": ["title", "lead", "body"]}
    return found


def _keyword(**more: Any) -> dict[str, Any]:
    return {"type": "keyword", "ignore_above": LONGEST_KEYWORD, **more}


def _folded() -> dict[str, Any]:
    """A value that filters compare without regard to case."""
    return _keyword(fields={"folded": _keyword(normalizer="folded")})


def _text(**more: Any) -> dict[str, Any]:
    """Stems for words and phrases, `.exact` for words as written."""
    exact = {"type": "text", "analyzer": "exact", "index_options": "docs", "norms": False}
    return {"type": "text", "analyzer": "news", "fields": {"exact": exact}, **more}


_KEPT = {"type": "keyword", "index": False, "doc_values": False}  # only read back, never searched
_DATE = {"type": "date", "format": "strict_date_optional_time"}
_WHOLE = {"type": "integer"}

_PROPERTIES: dict[Kind, dict[str, Any]] = {
    "articles": {
        "id": _keyword(),
        "url": _keyword(),
        "canonical_url": _keyword(),
        "link_ids": _keyword(),
        "site": _folded(),
        "domain": _keyword(),
        "section": _folded(),
        "title": _text(),
        "lead": _text(),
        "body": _text(),
        "authors": {
            **_text(position_increment_gap=100),
            "fields": {**_text()["fields"], "keyword": _keyword()},
        },
        "tags": _keyword(),
        "image_url": _KEPT,
        "language": _folded(),
        "published_at": _DATE,
        "published_precision": _keyword(),
        "published_origin": _keyword(),
        "published_offset": {"type": "short"},
        "modified_at": _DATE,
        "first_seen_at": _DATE,
        "fetched_at": _DATE,
        "word_count": _WHOLE,
        "revision": _WHOLE,
        "content_hash": _keyword(),
        "source": {
            "properties": {
                "name": _folded(),
                "domain": _folded(),
                "confidence": {"type": "half_float"},
                "evidence": {
                    "properties": {
                        "kind": _keyword(),
                        "name": _keyword(),
                        "domain": _keyword(),
                        "text": _KEPT,
                        "confidence": {"type": "half_float"},
                    }
                },
            }
        },
        "original_url": _keyword(),
        "story_id": _keyword(),
        "role": _keyword(),
        "copies": _WHOLE,
        "outlets": _keyword(),
        "first_copy_at": _DATE,
        "last_copy_at": _DATE,
        "fingerprint": _keyword(similarity="boolean"),  # each value that matches scores one
        "linking": {  # the engine's own
            "properties": {
                "stored": {
                    "type": "long"
                },  # nanoseconds since 1970 of the first storing; the order of arrival
                "judged": _KEPT,  # Article.judged_hash
                "marks": _KEPT,  # stories.rank.Member.marks
            }
        },
    },
    "revisions": {
        "id": _keyword(),
        "revision": _WHOLE,
        "document": _KEPT,  # the article as JSON
    },
    "edges": {
        "a": _keyword(),
        "b": _keyword(),
        "ok": {"type": "boolean"},
        "rule": _keyword(),
        "hash_a": _KEPT,
        "hash_b": _KEPT,
    },
    "pending": {
        "judged": _KEPT,
        "stored": {"type": "long"},
        "marked": {"type": "long"},  # milliseconds since 1970
    },
    "state": {"value": _KEPT},  # JSON
    "runs": {
        "id": _keyword(),
        "site": _keyword(),
        "started_at": _DATE,
        "finished_at": _DATE,
        "seconds": {"type": "float"},
        "version": _keyword(),
        "host": _keyword(),
        "trigger": _keyword(),
        "finish": _keyword(),
        "exit": {"type": "short"},
        "ok": {"type": "boolean"},
        "found": _WHOLE,
        "outcomes": {"properties": dict.fromkeys(OUTCOMES, _WHOLE)},
        "copies": _WHOLE,
        "sources_read": _WHOLE,
        "sources_failed": _WHOLE,
        "pages": _WHOLE,
        "fill": {"properties": {name: {"type": "float"} for name in FILLED}},
        "newest_published_at": _DATE,
        "waiting": _WHOLE,
        "dead": _WHOLE,
        "problems": _keyword(),
    },
}
