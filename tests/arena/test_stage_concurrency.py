"""Two operators, and hand-ins against a closing, at one instant. On PostgreSQL, where rows race."""

import uuid
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from arena.actions.door import hold_stage, name_stage
from arena.actions.events import lock_event
from arena.actions.moves import move_stage
from arena.models import FeedItem
from competitions.actions import replace_judge, seat_judges
from competitions.frontdoor import hold_pages
from competitions.models import Seat
from record.models import Revision
from record.queries import verify_chain
from scoring.actions.corrections import verify_correction
from scoring.actions.rulings import verify_ruling
from scoring.actions.sheets import submit_sheets
from scoring.models import LateSheet, Sheet
from scoring.queries.panels import load_marking_round
from tests import factories
from tests.arena.live_case import announce, build_case, exclude
from tests.scoring.stage import NOW, build_stage
from tests.scoring.test_sheets_concurrency import race

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
RACES = 6


@pytest.fixture
def live():
    return build_case(factories.CompetitionFactory())


def moving(live, move, step, by):
    event = live.fresh()
    return lambda: move_stage(event=event, move=move, step=step, op=uuid.uuid4(), by=by, now=NOW)


def test_two_operators_make_one_step_each_time(live):
    people = [factories.PersonFactory(), factories.PersonFactory()]
    moves = ["begin", *["pause", "resume"] * RACES]
    for step, move in enumerate(moves, 1):
        results = race([moving(live, move, step, person) for person in people])
        refused = [item for item in results if isinstance(item, ValidationError)]
        assert len(refused) == 1 and "已由别人推进" in refused[0].messages[0], results
    assert live.fresh().step == len(moves) + 1
    moved = Revision.objects.of_chain(live.hall.competition.chain).of_kind("arena.moved")
    assert moved.count() == len(moves)


def test_hand_ins_share_the_stage_and_a_move_has_it_alone(live):
    competition = live.hall.competition
    panel = load_marking_round(competition, "arena")

    def is_free(take, holding):
        found = []

        def ask():
            with connection.cursor() as cursor:
                name = name_stage(competition, "arena")
                cursor.execute(f"SELECT {take}(hashtextextended(%s, 0))", [name])
                found.extend(cursor.fetchone())

        with transaction.atomic():
            holding()
            race([ask])
        return found[0]

    alone, beside = "pg_try_advisory_xact_lock", "pg_try_advisory_xact_lock_shared"
    assert is_free(beside, lambda: hold_stage(panel))
    assert not is_free(alone, lambda: hold_stage(panel))
    assert not is_free(beside, lambda: lock_event(live.event))
    assert not is_free(beside, lambda: hold_pages(competition))


def test_judge_is_replaced_while_another_hands_in():
    live = build_case(factories.CompetitionFactory(), judges=RACES + 1)
    seat_in_the_arena_only(live)
    live.move("begin", "open_marking")
    key, competition, office = live.order()[0], live.hall.competition, live.operator
    for number in range(RACES // 2):
        leaving, other = live.hall.judges[2 * number], 2 * number + 1
        coming = factories.PersonFactory()

        def replace(judge=leaving, person=coming):
            return replace_judge(
                competition=competition, judge=judge, person=person, by=office, now=NOW
            )

        acts = [replace, lambda other=other: live.hand_in(other, key)]
        results = race(acts if number % 2 else acts[::-1])
        assert not [item for item in results if isinstance(item, Exception)], results
        assert Sheet.objects.filter(judge=live.hall.judges[other]).exists()


def race_closing(live, number):
    """Open the next turn, take two judges' marks, and race the third's against the closing."""
    live.move("begin", "open_marking")
    key = live.order()[number]
    live.hand_in(0, key)
    live.hand_in(1, key)
    closing = moving(live, "close", live.fresh().step, live.operator)
    acts = [named("closing", closing), named("handed", lambda: live.hand_in(2, key))]
    results = dict(race(acts if number % 2 else acts[::-1]))
    return key, results["closing"], results["handed"]


def seat_in_the_arena_only(live):
    """This function will leave the judges those seats that fit their groups: who is replaced is
    replaced in all."""
    panel = load_marking_round(live.hall.competition, "arena")
    Seat.objects.exclude(round_key__in=panel.round_keys).delete()


def named(name, act):
    """This function will let an act say which it was: a race returns in the order of arrival."""

    def run():
        try:
            return name, act()
        except ValidationError as refused:
            return name, refused

    return run


def test_hand_in_against_closing_is_counted_or_kept_as_late():
    live = build_case(factories.CompetitionFactory(), units=[f"第{n}镇" for n in range(RACES)])
    last = live.hall.judges[2]
    for number in range(RACES // 2):
        key, closing, handed = race_closing(live, number)
        # Whoever is waited for counts: without his marks the turn stayed open.
        assert not isinstance(handed, Exception) and handed.late == "", handed
        assert Sheet.objects.filter(judge=last, entry__key=key).count() == 1
        live.move(*(["close"] if isinstance(closing, Exception) else []), "reveal")
    exclude(live, "j03", [factories.UserFactory(), factories.UserFactory()])
    for number in range(RACES // 2, RACES):
        key, closing, handed = race_closing(live, number)
        assert not isinstance(closing, Exception), closing
        # Nobody waited for him: before the closing he is told so and keeps his draft.
        kept = LateSheet.objects.filter(judge=last, lines__0__entry=key).count()
        assert kept == (0 if isinstance(handed, Exception) else 1)
        assert not Sheet.objects.filter(judge=last, entry__key=key).exists()
        live.move("reveal")
    assert verify_chain(live.hall.competition.chain).ok


def test_first_hand_in_against_announcing_the_draw_is_either_there_or_meets_the_event():
    for number in range(RACES // 2):
        units = [f"第{number}镇"]
        hall = build_stage(factories.CompetitionFactory(), judges=1, units=units)
        judge = hall.judges[0]

        def hand_in(hall=hall, judge=judge):
            return submit_sheets(
                judge=judge,
                round_key="arena",
                sheets=hall.speech(),
                op=uuid.uuid4(),
                by=judge.person,
                now=NOW,
            )

        def open_event(hall=hall):
            return announce(hall, factories.PersonFactory())

        acts = [named("opened", open_event), named("handed", hand_in)]
        results = dict(race(acts if number % 2 else acts[::-1]))
        refused = [name for name, done in results.items() if isinstance(done, ValidationError)]
        assert len(refused) == 1, results
        assert Sheet.objects.filter(judge=judge).exists() == (refused == ["opened"])


def test_hand_in_against_giving_up_the_seat_is_one_of_the_two():
    """Marks of a judge without a seat would count for nobody, and nobody would be told."""
    live = build_case(factories.CompetitionFactory(), judges=RACES)
    seat_in_the_arena_only(live)
    live.move("begin", "open_marking")
    competition, judges = live.hall.competition, live.hall.judges
    for number, judge in enumerate(judges):
        said = {"competition": competition, "by": live.operator, "now": NOW}
        if number % 2:
            others = [item for item in judges if item != judge and item.seats.exists()]
            leave = partial(seat_judges, seats={"arena": others}, **said)
        else:
            person = factories.PersonFactory()
            leave = partial(replace_judge, judge=judge, person=person, **said)
        results = race([partial(live.hand_in, number), leave])
        assert sum(isinstance(item, ValidationError) for item in results) == 1, results
        given = Sheet.objects.filter(judge=judge, round_key="arena").exists()
        assert given == judge.seats.filter(round_key="arena").exists()


def test_correction_and_the_next_step_at_one_instant_leave_the_later_on_the_screens(live):
    author, second = factories.PersonFactory.create_batch(2)
    live.move("begin", "open_marking")
    live.everybody()
    live.move("close", "reveal")
    screen = FeedItem.objects.filter(channel__endswith="/screen")
    for number in range(RACES // 2):
        correction = live.propose(author, **{"a-results": str(20 + number)})
        verify = partial(
            verify_correction, correction=correction, op=uuid.uuid4(), by=second, now=NOW
        )
        acts = [verify, moving(live, "begin", live.fresh().step, live.operator)]
        failed = [done for done in race(acts) if isinstance(done, Exception)]
        assert failed == []
        assert "stage-speaking" in screen.latest("number").data["slots"]["stage"]
        live.move("step_back")
    assert verify_chain(live.hall.competition.chain).ok


def test_ruling_and_hand_ins_at_one_instant_do_not_wait_for_each_other(live):
    author, second = factories.PersonFactory.create_batch(2)
    live.move("begin", "open_marking")
    here = {"competition": live.hall.competition, "now": NOW}
    ruling = live.rule_out(author, "j03")
    settle = {"key": ruling.key, "revision": ruling.revision, "op": uuid.uuid4(), "by": second}
    acts = [
        partial(verify_ruling, **settle, **here),
        lambda: live.hand_in(0),
        lambda: live.hand_in(1),
    ]
    assert [done for done in race(acts) if isinstance(done, Exception)] == []
    ticks = FeedItem.objects.filter(channel__endswith="/screen").latest("number").data["slots"]
    assert "".join(ticks.values()).count("已交") == 2
