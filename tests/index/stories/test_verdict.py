"""Each rule with a text that passes it and one that does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.stories.prepared import Prepared
from index.stories.verdict import Verdict, judge
from tests.index.stories.labelled import article_of, marked, rows
from tests.make import NOON, digest, make_article

HOUR, DAY = timedelta(hours=1), timedelta(days=1)

STORY = [
    "В порту Кандалакши загорелся буксир, стоявший у третьего причала с вечера субботы, экипаж сошёл на берег сам.",
    "Огонь заметил сторож соседнего склада, он же вызвал пожарных и отогнал от причала легковые машины.",
    "Тушили с двух катеров почти до рассвета: мешал ветер, который переменился около полуночи и понёс дым на посёлок.",
    "Капитан предполагает, что искрила проводка в машинном отделении, недавно вернувшемся из ремонта.",
]
OTHER = [
    "Музей кружева в Вологде перенёс выставку на осень, потому что в главном зале обнаружили протечку кровли.",
    "Экспонаты уже сложены в сухое хранилище, реставраторы осматривают подолы двух подвенечных платьев.",
    "Билеты, купленные заранее, обменяют в кассе на любой другой день до конца следующего года.",
    "Кровлю обещают починить до первых холодов, деньги выделил попечительский совет.",
]
ENGLISH = [
    "The night train to the coast will run again from May, the transport ministry said after two years of talks.",
    "Carriages have been rebuilt in a workshop that used to make trams, with showers and proper doors.",
    "Tickets go on sale in March and cost less than a hotel room in the harbor district.",
]


def text(paragraphs: list[str], site: str = "first.example", **fields: Any) -> Prepared:
    return Prepared.of(
        make_article(
            site=site,
            body="\n\n".join(paragraphs),
            url=f"https://{site}/{digest(*paragraphs)[:9]}",
            **fields,
        )
    )


def against(one: list[str], other: list[str], **fields: Any) -> Verdict:
    return judge(text(one), text(other, "second.example", **fields))


@pytest.mark.parametrize("paragraphs", [STORY, ENGLISH])
def test_the_same_text_is_a_copy(paragraphs: list[str]) -> None:
    verdict = against(paragraphs, [part.replace("ё", "е") for part in paragraphs])
    assert (verdict.ok, verdict.rule) == (True, "copy")
    assert verdict.overlap.small == verdict.overlap.large == 1.0


def test_another_text_is_not() -> None:
    assert against(STORY, OTHER).rule == "text"
    assert against(STORY, []).rule == "text"
    assert against([], []).rule == "text"


class TestText:
    def test_a_quote_is_too_little(self) -> None:
        assert against(["Экипаж сошёл на берег сам."], STORY).rule == "text"

    def test_a_lead_is_enough(self) -> None:
        assert against(STORY[:2], STORY).ok

    def test_an_own_opening_needs_a_mark(self) -> None:
        whole, own, line = [*STORY, *ENGLISH], [*OTHER[:3], *STORY[:3]], "Источник: first.example"
        assert against(whole, own).rule == "text"
        verdict = against(whole, [*own, line], source=marked("second.example", "first.example", line))
        assert (verdict.ok, verdict.rule, verdict.linked) == (True, "marked_copy", True)

    def test_two_that_name_one_source_are_linked(self) -> None:
        first, second = (
            marked(site, "ria.ru", "РИА Новости", "mark_name") for site in ("first.example", "second.example")
        )
        own = text([*OTHER[:3], *STORY[:3]], "second.example", source=second)
        assert judge(text([*STORY, *ENGLISH], source=first), own).ok

    def test_a_mark_alone_links_nothing(self) -> None:
        source = marked("second.example", "first.example", "first.example", "mark_url")
        verdict = against(STORY, OTHER, source=source)
        assert (verdict.linked, verdict.rule) == (True, "text")

    def test_a_report_about_is_no_mark(self) -> None:
        weak = make_article().source.model_copy(
            update={
                "evidence": [
                    sign.model_copy(update={"kind": "inline", "confidence": 0.2})
                    for sign in marked("second.example", "first.example", "пишет first.example").evidence
                ]
            }
        )
        assert not against(STORY, OTHER, source=weak).linked


class TestPart:
    long = (*STORY, *OTHER, *ENGLISH)

    def test_a_whole_part_passes(self) -> None:
        assert against(STORY[:2], [*self.long]).ok

    def test_a_part_with_much_of_its_own_does_not(self) -> None:
        own = "Спасатели напоминают: уходя с судна, отключайте питание, закрывайте люки и будите вахтенного матроса в кубрике."
        verdict = against([*STORY[:2], own], [*self.long])
        assert verdict.rule == "part"
        assert 0.65 <= verdict.overlap.small < 0.70


class TestOpening:
    def test_shared_background_is_no_copy(self) -> None:
        assert against([ENGLISH[0], *STORY[1:]], [OTHER[1], OTHER[3], *STORY[1:]]).rule == "opening"

    def test_a_mark_vouches_for_openings_of_their_own(self) -> None:
        line = "Источник: first.example"
        shared = [*STORY, *OTHER[2:], *ENGLISH[1:]]
        ours, theirs = [*OTHER[:2], *shared], [ENGLISH[0], *shared]
        assert against(ours, theirs).rule == "opening"
        source = marked("second.example", "first.example", line)
        verdict = against(ours, [*theirs, line], source=source)
        assert (verdict.ok, verdict.rule) == (True, "marked_copy")
        assert max(verdict.overlap.large_head, verdict.overlap.small_head) < 0.5
        flashes = [OTHER[0], *STORY[2:]], [ENGLISH[0], *STORY[2:], line]
        assert against(*flashes, source=source).rule == "opening"
        background = [*ENGLISH[:2], *STORY, line]
        assert against([*OTHER[:2], *STORY], background, source=source).rule == "opening"

    def test_own_opening_over_nearly_all_is(self) -> None:
        assert against(STORY, [OTHER[0], OTHER[1], *STORY]).ok


class TestSameHouse:
    def test_a_follow_up_reuses_text(self) -> None:
        follow_up = [*STORY[:3], *OTHER[:2]]
        assert judge(text(STORY[:3]), text(follow_up)).rule == "same_house"
        assert judge(text(STORY[:3]), text(follow_up, "second.example")).ok

    def test_a_second_address_is_a_copy(self) -> None:
        assert judge(text(STORY), text([*STORY, "Дым к утру рассеялся."])).ok


class TestRoundUp:
    middle = (*OTHER, *STORY[:2], *ENGLISH)
    opens = (*STORY[:2], *OTHER, *ENGLISH)

    def test_an_older_part_was_taken_in(self) -> None:
        assert against(STORY[:2], [*self.opens], published_at=NOON + 5 * HOUR).rule == "round_up"

    def test_a_mark_says_whose_text_it_is_not_that_there_is_no_more(self) -> None:
        line = "Источник: first.example"
        source = marked("second.example", "first.example", line)
        for whole in (self.opens, self.middle):
            older, later = (
                against(STORY[:2], [*whole, line], source=source, published_at=NOON + hours * HOUR)
                for hours in (5, -5)
            )
            assert (older.rule, later.rule) == ("round_up", "marked_copy")

    def test_a_later_part_was_cut_out(self) -> None:
        assert against(STORY[:2], [*self.opens], published_at=NOON - 5 * HOUR).ok
        assert against(STORY[:2], [*self.opens], published_at=NOON + HOUR).ok

    def test_a_day_is_not_older_than_its_evening(self) -> None:
        later: dict[str, Any] = {"published_at": NOON + 5 * HOUR}
        day: dict[str, Any] = {"published_at": NOON, "published_precision": "day"}
        assert judge(text(STORY[:2], **day), text([*self.opens], "second.example", **later)).ok

    def test_nor_younger_than_its_morning(self) -> None:
        day: dict[str, Any] = {"published_at": NOON, "published_precision": "day"}
        for hours, rule in ((-12, "copy"), (-14, "round_up")):
            earlier = text(STORY[:2], published_at=NOON + hours * HOUR)
            assert judge(earlier, text([*self.opens], "second.example", **day)).rule == rule

    def test_a_part_from_the_middle_has_no_common_opening(self) -> None:
        assert against(STORY[:2], [*self.middle], published_at=NOON - 5 * HOUR).rule == "opening"


class TestNumbers:
    @staticmethod
    def rates(dollar: str, euro: str, yuan: str) -> list[str]:
        return [
            f"Доллар на вечерних торгах стоил {dollar} рубля, евро подорожал до {euro} рубля за штуку.",
            f"За один юань давали {yuan} рубля, что близко к оценкам аналитиков крупных банков.",
            "Участники рынка ждут заседания совета директоров и не торопятся с крупными сделками.",
        ]

    def test_another_day_is_another_story(self) -> None:
        monday, tuesday = self.rates("78,41", "91,20", "10,93"), self.rates("79,05", "91,77", "11,01")
        assert against(monday, tuesday, published_at=NOON + DAY).rule == "numbers"

    def test_another_way_to_write_them_is_not(self) -> None:
        assert against(self.rates("78,41", "91,20", "10,93"), self.rates("78.41", "91.20", "10.93")).ok

    def test_one_mended_figure_among_many(self) -> None:
        many = [
            "В Умбе живут 4900 человек, в Варзуге 360 человек зимой.",
            "Рейс отложили на 3 часа из-за тумана.",
        ]
        many += [
            "Рыбаки сдали 17 тонн сёмги.",
            "Школе исполнилось 80 лет в октябре.",
            "Ждут ещё 25 туристов из Пскова.",
            "Сбор открыт до 21 февраля включительно.",
        ]
        mended = [part.replace("17 тонн", "19 тонн") for part in many]
        verdict = against([*STORY, *many], [*STORY, *mended])
        assert verdict.ok
        assert verdict.numbers
        assert (verdict.numbers.common, verdict.numbers.differing) == (14, 2)

    def test_an_update_with_one_figure(self) -> None:
        def toll(count: int) -> list[str]:
            return [*STORY[:2], f"В больницу доставили {count} моряков с ожогами рук."]

        assert against(toll(2), toll(5)).rule == "numbers"


class TestNames:
    @staticmethod
    def winner(name: str, town: str, school: str) -> list[str]:
        return [
            f"Стипендию губернатора в этом году получил {name} из спортивного клуба, приказ подписан в пятницу.",
            f"Учится он в городе {town} уже шестой год и просит называть школу {school} без номера и кавычек.",
            "Деньги можно потратить на форму, дорогу и занятия с тренером, отчитываться не нужно.",
        ]

    def test_another_persons_item(self) -> None:
        one, other = self.winner("Орлов", "Кириши", "Радуга"), self.winner("Седых", "Тосно", "Восход")
        assert against(one, other).rule == "names"

    def test_one_name_spelt_otherwise(self) -> None:
        one, other = self.winner("Орлов", "Кириши", "Радуга"), self.winner("Арлов", "Кириши", "Радуга")
        assert against(one, other).ok


class TestWindow:
    def test_a_week_apart(self) -> None:
        assert against(STORY, STORY, published_at=NOON + 7 * DAY).ok
        assert against(STORY, STORY, published_at=NOON + 7 * DAY + HOUR).rule == "window"

    def test_an_unknown_time_is_the_first_sight_as_in_the_look_up(self) -> None:
        late = {"published_precision": "unknown", "published_origin": "first_seen"}
        assert against(STORY, STORY, published_at=NOON + 6 * DAY, **late).ok
        assert against(STORY, STORY, published_at=NOON + 60 * DAY, **late).rule == "window"


SET = [Prepared.of(article_of(row)) for row in rows()]


def test_it_is_the_same_from_either_side() -> None:
    assert all(judge(one, other) == judge(other, one) for one in SET for other in SET if one.id != other.id)


paragraphs = st.lists(
    st.sampled_from([*STORY, *OTHER, "Цена 5 рублей.", "Цена 7 рублей за штуку"]), max_size=6
)


@given(paragraphs, paragraphs, st.booleans(), st.integers(-200, 200))
def test_it_is_symmetric_for_any_texts(
    one: list[str], other: list[str], same_house: bool, hours: int
) -> None:
    a = Prepared.of(make_article(url="https://first.example/a", body="\n\n".join(one)))
    b = Prepared.of(
        make_article(
            site="example.org" if same_house else "second.example",
            url="https://second.example/b",
            body="\n\n".join(other),
            published_at=NOON + hours * HOUR,
        )
    )
    assert judge(a, b) == judge(b, a)
