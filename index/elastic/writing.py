"""Storing articles: each on its own, never over a newer text, and marked for linking before it is there.

There are no transactions, so the order of the writes is what keeps the index right at every moment a
process may die: first the mark that an article waits for linking, then the text it replaces, then the
article. A mark or an earlier text too many is harmless, one too few would be lost for good. An article
is written only if nobody has written it since it was read; who comes second reads again and decides anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from index.article import LABELS
from index.backend import IndexUnreachable
from index.elastic.bulk import Action, Result, send
from index.elastic.documents import OWN, Held, article_of, document, mark, read
from index.elastic.scan import scan
from index.elastic.stories import relabel
from index.outbox.remote import Delivery
from index.revise import Change, refuse_damaged, revise_all

if TYPE_CHECKING:
    from index.article import Article
    from index.elastic.engine import Engine

TRIES = 10  # an article that ten times running was written by others meanwhile is put off


def deliver(engine: Engine, batch: Sequence[Article]) -> list[Delivery]:
    """Store a batch; one answer each, in order. See `Remote.deliver`."""
    refuse_damaged(batch)
    answers: dict[str, list[Delivery]] = {}
    open_articles = list(batch)
    for _ in range(TRIES):
        if not open_articles:
            break
        answers |= _deliver(engine, open_articles)
        open_articles = [article for article in open_articles if article.id not in answers]
    overtaken = Delivery(later="other processes keep writing the same article")
    in_order = {id: iter(each) for id, each in answers.items()}
    return [next(in_order[article.id]) if article.id in in_order else overtaken for article in batch]


def _deliver(engine: Engine, batch: Sequence[Article]) -> dict[str, list[Delivery]]:
    """One try: the answers by id, without those that another writer has overtaken."""
    held = read(engine.cluster, engine.names.articles, (article.id for article in batch))
    changes = revise_all({id: article_of(each.source) for id, each in held.items()}, batch)
    due = {id: change for id, change in changes.items() if change.after != change.before}
    _correct_marks(engine, held.keys() - due.keys(), held)  # of an earlier try, in which another was quicker
    results = _write(engine, due, held)
    _leave_stories(engine, due, results)
    return {
        id: _delivered(change, results.get(id, Result("done")))
        for id, change in changes.items()
        if results.get(id, Result("done")).kind != "conflict"
    }


def _delivered(change: Change, result: Result) -> list[Delivery]:
    if result.kind == "done":
        return [Delivery(stored=answer) for answer in change.answers]
    if result.kind == "refused":
        return [Delivery(refused=result.reason) for _ in change.answers]
    return [Delivery(later=result.reason) for _ in change.answers]


def _write(engine: Engine, due: dict[str, Change], held: dict[str, Held]) -> dict[str, Result]:
    """Write what is due in the three steps; an article whose earlier step failed is not taken further."""
    if not due:
        return {}
    stored = {id: held[id].stored if id in held else engine.next_stored() for id in due}
    judged = {id: change.after.judged_hash for id, change in due.items()}
    results = _mark(engine, due, stored, judged)
    going = {id: due[id] for id in due if results.get(id, Result("done")).kind == "done"}
    results |= _keep_history(engine, going)
    going = {id: due[id] for id in going if results.get(id, Result("done")).kind == "done"}
    actions = [
        _article(engine, change, document(change.after, stored[id], judged[id]), held.get(id))
        for id, change in going.items()
    ]
    engine.written("articles")
    results |= dict(zip(going, send(engine.cluster, actions, engine.settings), strict=True))
    _correct_marks(engine, (id for id, result in results.items() if result.kind == "refused"), held)
    return results


def _mark(
    engine: Engine, due: dict[str, Change], stored: dict[str, int], judged: dict[str, str]
) -> dict[str, Result]:
    """Mark what has to be linked."""
    wanted = [id for id, change in due.items() if change.judged_anew]
    actions = [
        Action(
            "index",
            engine.names.alias("pending"),
            id,
            mark(judged[id], stored[id]),
        )
        for id in wanted
    ]
    if not actions:
        return {}
    engine.written("pending")
    results = dict(zip(wanted, send(engine.cluster, actions, engine.settings), strict=True))
    for id, result in results.items():
        if result.version:
            engine.marked(id, judged[id], result.version)
    return results


def _keep_history(engine: Engine, going: dict[str, Change]) -> dict[str, Result]:
    """Keep the texts that are about to be replaced."""
    replaced = [(id, old) for id, change in going.items() for old in change.replaced]
    actions = [
        Action("index", engine.names.alias("revisions"), f"{id}:{old.revision}", _revision(old))
        for id, old in replaced
    ]
    if not actions:
        return {}
    engine.written("revisions")
    results: dict[str, Result] = {}
    for (id, _), result in zip(replaced, send(engine.cluster, actions, engine.settings), strict=True):
        if id not in results or results[id].kind == "done":  # the first failure is what counts
            results[id] = result
    return results


def _revision(old: Article) -> dict[str, object]:
    text = old.model_dump_json(exclude=set(LABELS))
    return {"id": old.id, "revision": old.revision, "document": text}


def _article(engine: Engine, change: Change, body: bytes, held: Held | None) -> Action:
    if held is None:
        return Action("create", engine.names.articles, change.after.id, body)
    return Action("index", engine.names.articles, change.after.id, body, held.version)


def _correct_marks(engine: Engine, ids: Iterable[str], held: dict[str, Held]) -> None:
    """Put own marks of articles that were not written after all back to what is stored; those of others stay."""
    alias = engine.names.alias("pending")
    actions: list[Action] = []
    marked = [id for id in ids if id in engine.marks]
    absent = [id for id in marked if id not in held]
    if absent:  # another may have stored it since
        held = held | read(engine.cluster, engine.names.articles, absent, [OWN])
    for id in marked:
        judged, version = engine.marks.pop(id)
        if id in held and held[id].judged == judged:
            continue
        body = mark(held[id].judged, held[id].stored) if id in held else None
        actions.append(Action("index" if body else "delete", alias, id, body, version))
    if actions:
        engine.written("pending")
        send(engine.cluster, actions, engine.settings)


def _leave_stories(engine: Engine, due: dict[str, Change], results: dict[str, Result]) -> None:
    """Relabel the stories that changed articles have left.

    Should that fail now, it is done when the article is linked: it is marked, and pairs are never forgotten.
    """
    left = [
        id
        for id, change in due.items()
        if change.before is not None and change.judged_anew and results[id].kind == "done"
    ]
    try:
        relabel(engine, left)
    except IndexUnreachable:
        return


def pending(engine: Engine, limit: int) -> list[str]:
    """Ids that wait for linking, in the order of arrival.

    A mark whose article never came (its process died in between, or the server refused it) is left out.
    """
    engine.refresh_all("pending")
    marks = scan(engine, "pending", sort=["stored"])
    found: list[str] = []
    while len(found) < limit and (ids := [hit["_id"] for hit in islice(marks, limit)]):
        there = read(engine.cluster, engine.names.articles, ids, ["id"])
        found += [id for id in ids if id in there]
    return found[:limit]
