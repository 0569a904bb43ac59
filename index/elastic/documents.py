"""`Article` to a stored document and back, and the part of it that linking reads."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from index.article import LABELS, Article, explain_invalid
from index.backend import BackendError, IndexUnreachable
from index.elastic.bulk import Version
from index.elastic.client import Missing, cause
from index.stories.marks import marked_domains
from index.stories.rank import Label, Member, vague

if TYPE_CHECKING:
    from index.elastic.client import Cluster
    from index.elastic.schema import Names

READ_AT_ONCE = 500  # documents of one mget: some 3 MB
OWN = "linking"  # the object of a document that is the engine's own

FACTS = [
    *("id", "site", "domain", "published_at", "published_precision", OWN),
    *LABELS,
]  # fields that `member_of` and `label_of` read


@dataclass(frozen=True, slots=True)
class Held:
    """A stored document with its version."""

    source: dict[str, Any]
    version: Version

    @property
    def stored(self) -> int:
        """Order of arrival."""
        return int(self.source[OWN]["stored"])

    @property
    def judged(self) -> str:
        """`Article.judged_hash` of what is stored."""
        return str(self.source[OWN]["judged"])


def document(article: Article, stored: int, judged: str) -> bytes:
    """The document of an article as JSON; `stored` is its place in the order of arrival, `judged` its `judged_hash`."""
    own = {
        "stored": stored,
        "judged": judged,
        "marks": marked_domains(article),
    }
    text = article.model_dump_json()  # half the time of a dict and json (measured)
    return f'{text[:-1]},"{OWN}":{json.dumps(own)}}}'.encode()


def mark(judged: str, stored: int) -> dict[str, Any]:
    """The document that says that an article, or one that is about to be written, has to be linked."""
    return {"judged": judged, "stored": stored, "marked": time.time_ns() // 1_000_000}


def article_of(source: Mapping[str, Any]) -> Article:
    """The article of a document; raises BackendError for one that is not ours."""
    fields = {name: value for name, value in source.items() if name != OWN}
    try:
        return Article.model_validate(fields, strict=False)  # times are text in JSON
    except ValidationError as error:
        raise BackendError(
            f"document {source.get('id')}: {explain_invalid(error)}; 'svodka index check' lists all such"
        ) from None


def member_of(source: Mapping[str, Any]) -> Member:
    """What the rank needs to know, from the fields `FACTS`."""
    return Member(
        id=source["id"],
        site=source["site"],
        domain=source["domain"],
        published=datetime.fromisoformat(source["published_at"]).timestamp(),
        vague=vague(source["published_precision"]),
        marks=tuple(source[OWN]["marks"]),
    )


def label_of(source: Mapping[str, Any]) -> Label:
    """The stored story labels, from the fields `FACTS`."""
    return Label(
        id=source["id"],
        story_id=source["story_id"],
        role=source["role"],
        copies=source["copies"],
        outlets=tuple(source["outlets"]),
        first_copy_at=_moment(source.get("first_copy_at")),  # version 1 of the index has no such field
        last_copy_at=_moment(source.get("last_copy_at")),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def read(
    cluster: Cluster, alias: str, ids: Iterable[str], fields: list[str] | None = None
) -> dict[str, Held]:
    """Documents by id as they are at this moment (not as of the last refresh), absent ones left out."""
    wanted = list(dict.fromkeys(ids))
    held: dict[str, Held] = {}
    for start in range(0, len(wanted), READ_AT_ONCE):
        chunk = wanted[start : start + READ_AT_ONCE]
        body = cluster.ask(
            cluster.es.mget, index=alias, ids=chunk, **({"source_includes": fields} if fields else {})
        )
        for entry in body["docs"]:
            if "error" in entry:
                raise missing_or_busy(entry["error"])
            if entry["found"]:
                held[entry["_id"]] = Held(entry["_source"], version_of(entry))
    return held


def version_of(entry: Mapping[str, Any]) -> Version:
    """The version of a document in an answer of mget, or of a search that asked for it."""
    return Version(entry["_index"], entry["_seq_no"], entry["_primary_term"])


def missing_or_busy(error: Mapping[str, Any]) -> BackendError:
    """The error of one document of an mget: the index is gone, or a shard is."""
    kind, reason = cause({"error": error})
    if kind == "index_not_found_exception":
        return Missing(f"{reason}; 'svodka index init' makes it")
    return IndexUnreachable(reason)


def get(cluster: Cluster, names: Names, ids: Iterable[str]) -> dict[str, Article]:
    """Stored articles by id, in the order asked for."""
    return {id: article_of(held.source) for id, held in read(cluster, names.articles, ids).items()}
