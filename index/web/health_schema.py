"""Crawl health as JSON Schema: the object of `svodka status --json`."""

from __future__ import annotations

from index.web.json_schema import (
    COUNT,
    TEXT,
    TEXT_OR_NONE,
    TEXTS,
    TIME_OR_NONE,
    Schema,
    list_of,
    object_of,
    ref,
)

YES_OR_NO: Schema = {"type": "boolean"}
COUNT_OR_NONE: Schema = {"type": ["integer", "null"], "minimum": 0}
RATE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
STATES = ("failing", "late", "empty", "layout", "running", "ok", "never run")
HEALTH: dict[str, Schema] = {
    "Health": object_of(
        address=TEXT,
        answers=YES_OR_NO,
        reason=TEXT,
        error=TEXT,
        articles=COUNT_OR_NONE,
        unlinked=COUNT_OR_NONE,
        forgotten=YES_OR_NO,
        other_rules=YES_OR_NO,
        outbox={"anyOf": [ref("Outbox"), {"type": "null"}]},
        place=TEXT,
        others=list_of("OtherOutbox"),
        next=TEXTS,
        exit_code=COUNT,
        sites=list_of("SiteHealth"),
        problems=TEXTS,
    ),
    "Outbox": object_of(
        articles=COUNT,
        states=COUNT,
        since=TIME_OR_NONE,
        reason=TEXT,
        next_try=TIME_OR_NONE,
        dead=COUNT,
        reasons=list_of("Refusal"),
        bytes=COUNT,
    ),
    "Refusal": object_of(reason=TEXT, count=COUNT),
    "OtherOutbox": object_of(place=TEXT, articles=COUNT, states=COUNT, dead=COUNT, error=TEXT),
    "SiteHealth": object_of(
        site=TEXT,
        state={"type": "string", "enum": [*STATES]},
        last_run=TIME_OR_NONE,
        new=COUNT,
        failed=COUNT,
        newest_published_at=TIME_OR_NONE,
        running=TEXT_OR_NONE,
        held_until=TIME_OR_NONE,
        fill={"type": "object", "additionalProperties": ref("Drop")},
        problems=TEXTS,
    ),
    "Drop": object_of(past=RATE, recent=RATE),
}
