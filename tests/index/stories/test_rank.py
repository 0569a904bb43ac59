from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.stories.rank import DAY, TIME, UNKNOWN, Label, Member, canonical, label
from tests.index.stories.labelled import marked
from tests.make import NOON, make_article


def member(
    name: str, domain: str = "", published: float = 0, *, vague: int = TIME, marks: Sequence[str] = ()
) -> Member:
    domain = domain or f"{name}.example"
    return Member(name, domain, domain, published, vague, tuple(marks))


def test_an_article_alone_is_its_own_story() -> None:
    assert label([member("a")], []) == [Label("a", "a", "canonical", 0, ("a.example",), None, None)]
    assert label([], []) == []


def test_pairs_chain_to_one_story() -> None:
    members = [member(name, published=time) for time, name in enumerate("cadb")]
    labels = label(members, [("a", "b"), ("b", "c")])
    assert [(each.id, each.story_id, each.role, each.copies) for each in labels] == [
        ("a", "a", "copy", 0),
        ("b", "a", "copy", 0),
        ("c", "a", "canonical", 2),
        ("d", "d", "canonical", 0),
    ]
    assert labels[2].outlets == ("a.example", "b.example", "c.example")
    assert labels[0].outlets == ()


def test_times_are_those_of_the_copies_alone() -> None:
    """The original is no copy of itself, and a copy may well be dated before it."""
    at = NOON.timestamp()
    times = {"a": at + 60.25, "b": at - 3600, "c": at + 7200, "d": at}
    members = [member(name, "d.example" if name == "d" else "", time) for name, time in times.items()]
    votes = [
        Member(each.id, each.site, each.domain, each.published, TIME, ("d.example",)) for each in members[:3]
    ]
    labels = {each.id: each for each in label([*votes, members[3]], [("a", "d"), ("b", "d"), ("c", "d")])}
    assert labels["d"].role == "canonical"
    assert (labels["d"].first_copy_at, labels["d"].last_copy_at) == (
        NOON - timedelta(hours=1),
        NOON + timedelta(hours=2),
    )
    assert {(labels[name].first_copy_at, labels[name].last_copy_at) for name in "abc"} == {(None, None)}
    (pair,) = (each for each in label([votes[0], members[3]], [("a", "d")]) if each.copies)
    assert pair.first_copy_at == pair.last_copy_at == NOON + timedelta(seconds=60.25)


def test_a_copy_without_a_date_counts_but_gives_no_time() -> None:
    """The noon of a day does; what stands for an unknown time is when a crawl came by."""
    first = member("a", published=0, marks=())
    copies = [
        member("b", published=7200, marks=["a.example"], vague=DAY),
        member("c", published=3600, marks=["a.example"]),
        member("d", published=60, marks=["a.example"], vague=UNKNOWN),
        member("e", published=99_999, marks=["a.example"], vague=UNKNOWN),
    ]

    def spread(*copies: Member) -> tuple[int, object, object]:
        story = label([first, *copies], [("a", each.id) for each in copies])
        (top,) = (each for each in story if each.role == "canonical")
        return top.copies, top.first_copy_at, top.last_copy_at

    one, two = (datetime.fromtimestamp(seconds, UTC) for seconds in (3600, 7200))
    assert spread(*copies) == (4, one, two)
    assert spread(copies[0], copies[2]) == (2, two, two)
    assert spread(*copies[2:]) == (2, None, None)


def test_pairs_with_strangers_are_ignored() -> None:
    assert [each.story_id for each in label([member("b"), member("c")], [("a", "b"), ("a", "c")])] == [
        "b",
        "c",
    ]


def test_outlets_are_counted_once() -> None:
    story = [member("a", "one.example"), member("b", "one.example"), member("c", "two.example")]
    first = label(story, [("a", "b"), ("b", "c")])[0]
    assert (first.copies, first.outlets) == (2, ("one.example", "two.example"))


@pytest.mark.parametrize(
    ("winner", "others"),
    [
        # The house that most marks of others name, however late it came.
        (member("x", "ria.ru", 900), [member("a", published=1, marks=["ria.ru"]), member("b", published=2)]),
        (
            member("x", "ria.ru", 900, marks=["tass.ru"]),
            [member("a", marks=["ria.ru"]), member("b", marks=["ria.ru"]), member("c")],
        ),
        # A reprint of a reprint votes for the house that the reprinted one took it from.
        (
            member("x", "tass.ru", 900),
            [
                member("y", "ria.ru", marks=["tass.ru"]),
                member("z", "gazeta.ru", marks=["ria.ru"]),
                *(member(name, marks=["gazeta.ru"]) for name in "abc"),
            ],
        ),
        # Not so where that house has an article of its own, nor in a circle.
        (
            member("x", "ria.ru", 900),
            [
                member("y", "ria.ru", marks=["tass.ru"]),
                member("a", marks=["ria.ru"]),
                member("b", marks=["ria.ru"]),
                member("c", "tass.ru"),
            ],
        ),
        (
            member("x", "ria.ru", 900, marks=["tass.ru"]),
            [
                member("y", "tass.ru", marks=["ria.ru"]),
                member("a", marks=["ria.ru"]),
                member("b", marks=["ria.ru"]),
            ],
        ),
        # One without a mark of its own.
        (member("x", published=900), [member("a", published=1, marks=["absent.example"])]),
        # One under the dateline of its own house, before the earliest.
        (member("x", published=900, marks=["x.example"]), [member("a", published=1)]),
        # The earliest; a date alone, stored at its noon, is the end of its day; none at all is a day later.
        (member("x", published=1), [member("a", published=2)]),
        (member("x", published=80_000), [member("a", published=43_200, vague=DAY)]),
        (member("x", published=43_200, vague=DAY), [member("a", published=86_400)]),
        (member("x", published=80_000), [member("a", published=0, vague=UNKNOWN)]),
        (member("x", published=0, vague=UNKNOWN), [member("a", published=86_400)]),
        # The smallest id.
        (member("a"), [member("b"), member("c")]),
    ],
)
def test_the_canonical_article(winner: Member, others: list[Member]) -> None:
    assert canonical([winner, *others]) == canonical([*others, winner]) == winner


def test_a_mark_of_its_own_house_is_no_vote() -> None:
    boaster = member("b", "loud.example", 5, marks=["loud.example"])
    others = [member("a", published=9), member("c", published=9, marks=["a.example"])]
    assert canonical([boaster, *others]).id == "a"


def test_an_own_dateline_is_kept_among_the_marks() -> None:
    source = marked("ria.ru", "ria.ru", "МОСКВА, 18 янв — РИА Новости.", "dateline")
    article = make_article(site="ria.ru", source=source)
    assert Member.of(article).marks == ("ria.ru",)
    line = marked("ria.ru", "ria.ru", "РИА Новости", "mark_name")
    assert Member.of(article.model_copy(update={"source": line})).marks == ()


def test_a_member_is_read_from_an_article() -> None:
    article = make_article(
        site="copy.example",
        source=marked("copy.example", "ria.ru", "ria.ru", "mark_url"),
        published_precision="day",
    )
    assert Member.of(article) == Member(
        article.id, "copy.example", "copy.example", NOON.timestamp(), DAY, ("ria.ru",)
    )
    exact, unknown = (make_article(published_precision=each) for each in ("minute", "unknown"))
    assert (Member.of(exact).vague, Member.of(unknown).vague) == (TIME, UNKNOWN)


def test_weak_own_and_nameless_signs_are_no_marks() -> None:
    source = marked("copy.example", "ria.ru", "ria.ru")
    weak = source.evidence[0].model_copy(update={"confidence": 0.2, "kind": "inline"})
    own = source.evidence[0].model_copy(update={"domain": "copy.example"})
    nameless = source.evidence[0].model_copy(update={"domain": ""})
    for sign in (weak, own, nameless):
        article = make_article(site="copy.example", source=source.model_copy(update={"evidence": [sign]}))
        assert Member.of(article).marks == ()


NAMES = "abcdefgh"
members = st.lists(
    st.builds(
        member,
        st.sampled_from(NAMES),
        st.sampled_from(["ria.ru", "one.example", "two.example"]),
        st.integers(0, 200_000).map(float),
        vague=st.sampled_from([TIME, DAY, UNKNOWN]),
        marks=st.lists(st.sampled_from(["ria.ru", "one.example"]), unique=True, max_size=2),
    ),
    unique_by=lambda each: each.id,
)
pairs = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)))


@given(members, pairs, st.randoms(use_true_random=False))
def test_any_order_gives_the_same_labels(
    story: list[Member], edges: list[tuple[str, str]], random: object
) -> None:
    shuffled, other_way = story[:], [(b, a) for a, b in edges]
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    random.shuffle(other_way)  # type: ignore[attr-defined]  # a random.Random
    labels = label(story, edges)
    assert label(shuffled, other_way) == labels
    assert [each.id for each in labels] == sorted(each.id for each in story)
    by_story = {each.story_id: [m for m in labels if m.story_id == each.story_id] for each in labels}
    for story_id, group in by_story.items():
        assert story_id == min(each.id for each in group)
        assert [each.copies for each in group if each.role == "canonical"] == [len(group) - 1]
