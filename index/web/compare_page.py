"""Two texts side by side, word by word: an article with its original, and the versions of one article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse, Response

from index.stories.pairing import pairings
from index.web.differences import Differences, Row, differences, line_differences
from index.web.errors import Problem, answer
from index.web.reasons import findings
from index.web.references import Named, named
from index.web.templates import render
from index.web.times import Time, time_shown
from index.web.visit import visit_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from index.article import Article
    from index.backend import Backend
    from index.web.messages import Messages
    from index.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Side:
    """What stands over a column."""

    label: str
    site: str
    time: Time
    link: str
    url: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two articles' headlines and texts."""

    headline: Row
    text: Differences


def compared(left: Article, right: Article) -> Compared:
    """What differs between two articles, or two versions of one."""
    return Compared(line_differences(left.title, right.title), differences(left.paragraphs, right.paragraphs))


def summary(found: Compared, left: str, right: str, t: Messages) -> list[str]:
    """How much differs, in sentences; `left` and `right` say which texts these are."""
    if found.headline.same and found.text.same:
        return [t("compare.equal")]
    said = [t("compare.headline_same" if found.headline.same else "compare.headline_differs")]
    if found.text.gone:
        said.append(t.counted("compare.only_left", found.text.gone, side=left))
    if found.text.new:
        said.append(t.counted("compare.only_right", found.text.new, side=right))
    if found.text.same:
        said.append(t("compare.text_equal"))
    for cut, side in ((found.text.cut_left, left), (found.text.cut_right, right)):
        if cut:
            said.append(t.counted("compare.cut", cut, side=side))
    return said


def changes(found: Compared, t: Messages) -> str:
    """The same in a few words: 'another headline, 3 words removed, 12 words added'."""
    said = [] if found.headline.same else [t("compare.another_headline")]
    if found.text.gone:
        said.append(t.counted("compare.removed", found.text.gone))
    if found.text.new:
        said.append(t.counted("compare.added", found.text.new))
    return ", ".join(said) or t("compare.no_change")


def compare_page(request: Request, backend: Backend) -> Response:
    """An article of a story beside the original, or beside the article that the address names third."""
    visit, wanted = visit_of(request), request.path_params["article"]
    members = {each.id: each for each in backend.story(request.path_params["id"])}
    if not members:
        return answer(request, Problem(404, "no_story"))
    original = next(iter(members.values()))
    other = members.get(request.path_params.get("other", original.id))
    article = members.get(wanted)
    if article is None or other is None:
        return answer(request, Problem(404, "not_in_story"))
    if article.id == other.id:
        return answer(request, Problem(404, "with_itself"))
    return _page(request, visit, backend, (original, other, article))


def _page(
    request: Request, visit: Visit, backend: Backend, articles: tuple[Article, Article, Article]
) -> Response:
    original, left, right = articles
    t = visit.t
    direct = original.id == left.id
    one = t("compare.original") if direct else t("compare.a_copy", site=left.site)
    other = t("compare.copy") if direct else t("compare.a_copy", site=right.site)
    first, second = named(left, visit), named(right, visit)
    found = compared(left, right)
    (pairing,) = pairings(backend, [(left, right)])
    values = {
        "kicker": (
            visit.asked.elsewhere(f"/story/{original.story_id}"),
            t("story_page.title", title=original.title),
        ),
        "title": right.title,
        "title_lang": second.lang,
        "heading": t("compare.heading" if direct else "compare.heading_copies"),
        "sides": [_side(one, first), _side(other, second)],
        "found": found,
        "summary": summary(found, one, other, t),
        "evidence": list(findings(pairing, first, second, t)),
    }
    return HTMLResponse(render("compare.html", request, t, **values))


def _side(label: str, each: Named) -> Side:
    return Side(label, each.site, each.time, each.link, each.url)


def revision_page(request: Request, backend: Backend) -> Response:
    """A version of an article beside the one before it."""
    visit, id, number = visit_of(request), request.path_params["id"], request.path_params["number"]
    versions = versions_of(backend, id)
    if not versions:
        return answer(request, Problem(404, "no_article"))
    at = next((at for at, each in enumerate(versions) if each.revision == number), 0)
    if not at:
        return answer(request, Problem(404, "no_version"))
    left, right = versions[at - 1 : at + 1]
    return HTMLResponse(render("compare.html", request, visit.t, **_versions(visit, left, right)))


def versions_of(backend: Backend, id: str) -> Sequence[Article]:
    """Every stored text of an article, oldest first, the present one last; none where it is not stored."""
    present = backend.get([id]).get(id)
    return [*backend.revisions(id), present] if present else []


def _versions(visit: Visit, left: Article, right: Article) -> dict[str, object]:
    t, found = visit.t, compared(left, right)
    one, other = (t("compare.version", n=each.revision) for each in (left, right))
    name = named(right, visit)
    sides = [
        Side(label, "", time_shown(each.fetched_at, "minute", visit.zone, t), "", each.url)
        for label, each in zip((one, other), (left, right), strict=True)
    ]
    return {
        "kicker": (name.link, t("compare.to_article", title=right.title)),
        "title": right.title,
        "title_lang": name.lang,
        "heading": t("compare.heading_versions"),
        "sides": sides,
        "found": found,
        "summary": summary(found, one, other, t),
        "evidence": [],
    }
