"""Overtime that costs points: from the clock of the stage to the score that the hall sees."""

import dataclasses
import datetime
import uuid
from decimal import Decimal
from types import SimpleNamespace

import pytest

from arena.models import FeedItem, Turn
from arena.queries.overtime import find_charge, find_overtime
from arena.queries.scores import Scores
from arena.queries.stage import load_live
from arena.telling import page_context
from competitions.models import SchemeVersion
from competitions.queries import scheme_of
from competitions.scheme.event_types import Event as EventRules
from competitions.scheme.event_types import Overtime, TurnPart
from competitions.scheme.shipped import read_shipped
from competitions.scheme.write import to_document
from publication.bundle.compare import Words
from publication.bundle.timed import StageTold, check_overtime
from publication.bundle.verify import Report
from record.chain.digests import document_digest
from record.models import Revision
from scoring.actions.rulings import RulingDraft, enter_ruling, verify_ruling
from scoring.queries.evidence import load_evidence
from scoring.queries.rules_change import find_idle_rulings
from scoring.rules.evidence import to_document as evidence_document
from tests.scoring.stage import NOW

pytestmark = pytest.mark.django_db
RULE = Overtime(
    segments=("汇报",),
    allowance=10,
    how="each",
    every=30,
    points=Decimal("0.5"),
    cap=Decimal(2),
    below="stop",
)
PARTS = (TurnPart(title="汇报", seconds=360), TurnPart(title="答辩", seconds=120))


@pytest.fixture
def charged(live):
    """The live case, in whose arena overtime of the speech costs points."""
    hold(live, arena=EventRules(segments=PARTS, overtime=RULE))
    return live


def hold(live, **events):
    """Let the published rules hold these rounds live as said."""
    version = SchemeVersion.objects.get(competition=live.hall.competition)
    scheme = scheme_of(version)
    tracks = []
    for track in scheme.tracks:
        rounds = [
            dataclasses.replace(item, event=events.get(item.key.replace("-", "_"), item.event))
            for item in track.rounds
        ]
        tracks.append(dataclasses.replace(track, rounds=tuple(rounds)))
    document = to_document(dataclasses.replace(scheme, tracks=tuple(tracks)))
    SchemeVersion.objects.filter(pk=version.pk).update(
        document=document, digest=document_digest(document)
    )


def at(seconds):
    return NOW + datetime.timedelta(seconds=seconds)


def speak(live, seconds, *, key=None):
    """The next turn, closed: so long a speech, and answers three minutes too long."""
    key = key or live.order()[0]
    live.move("begin")
    live.move("next_segment", now=at(seconds))
    live.move("open_marking", now=at(seconds + 300))
    live.everybody(key)
    live.move("close", now=at(seconds + 300))
    return key


def rules_of(live):
    return scheme_of(SchemeVersion.objects.get(competition=live.hall.competition))


def evidence_of(live):
    return load_evidence(live.hall.competition, rules_of(live))


def ask(client, live, page=""):
    return client.get(f"/work/{live.hall.competition.slug}/arena/arena/{page}").content.decode()


def test_closed_turn_brings_its_seconds_over_into_the_evidence(charged):
    first, second, _third = charged.order()
    charged.move("begin")
    charged.move("pause", now=at(200))
    charged.move("resume", now=at(900))
    charged.move("repeat", now=at(1000))
    charged.move("pause", now=at(1300))
    charged.move("resume", now=at(5000))
    charged.move("next_segment", now=at(5083))
    charged.move("open_marking", now=at(6000))
    assert evidence_of(charged).overtime == {}
    charged.everybody(first)
    charged.move("close", "reveal", now=at(6000))
    assert evidence_of(charged).overtime == {("arena", first): 23}
    charged.move("miss")
    assert Turn.objects.get(entry__key=second).state == "absent"
    assert evidence_of(charged).overtime == {("arena", first): 23, ("arena", second): 0}


def test_without_the_rule_nothing_is_asked_and_evidence_keeps_its_document(
    live, django_assert_num_queries
):
    hold(live, arena=EventRules(segments=PARTS))
    speak(live, 400)
    rules = rules_of(live)
    with django_assert_num_queries(0):
        assert find_overtime(live.hall.competition, rules) == {}
    assert "overtime" not in evidence_document(evidence_of(live))


def test_secretary_has_the_clock_of_his_units_turn_where_his_round_has_the_same_parts(charged):
    other = dataclasses.replace(RULE, segments=("答辩",))
    hold(charged, sec_arena=EventRules(segments=PARTS, overtime=other))
    first = speak(charged, 383)
    secretary = first.replace("e", "s")
    found = {("arena", first): 23, ("sec-arena", secretary): 180}
    assert evidence_of(charged).overtime == found
    hold(charged, sec_arena=EventRules(segments=PARTS[1:], overtime=other))
    assert evidence_of(charged).overtime == {("arena", first): 23}


def test_charge_follows_the_running_clock(charged):
    charged.move("begin")

    def charge(seconds):
        live = load_live(charged.fresh())
        return find_charge(live, live.stage.current, at(seconds))

    assert [charge(seconds).text for seconds in (360, 361, 370, 371)] == [
        "",
        "已超时 0:01，宽限以内不扣分",
        "已超时 0:10，宽限以内不扣分",
        "已超时 0:11，将扣 0.5 分",
    ]
    assert charge(9999).text.endswith("将扣 2 分")
    found = charge(371)
    told = (found.base, found.counts, found.every, found.unit, found.cap, found.places)
    assert told == (0, True, 30, 5, 20, 1)
    charged.move("next_segment", now=at(401))
    later = charge(9999)
    assert (later.text, later.base, later.counts) == ("已超时 0:41，将扣 1 分", 41, False)


def test_those_in_the_hall_are_told_what_will_be_taken_and_no_total(client, charged, clerk):
    client.force_login(clerk)
    charged.move("begin")
    charged.move("next_segment", now=at(383))
    for page in ("", "timer/", "host/"):
        text = ask(client, charged, page)
        # The answers have lasted for years: no warning, as nothing is taken for them.
        assert "超出时限，不扣分" in text and "arena-over" not in text, page
    charged.move("open_marking", now=at(500))
    charged.everybody(charged.order()[0])
    for page in ("", "timer/", "host/"):
        text = ask(client, charged, page)
        assert "已超时 0:23，将扣 0.5 分" in text, page
        assert "92.5" not in text and "92.00" not in text, page
    assert "将扣" not in ask(client, charged, "screen/")


def test_what_is_shown_is_what_is_tabulated(client, charged, clerk):
    client.force_login(clerk)
    first = speak(charged, 383)
    words = "扣分前 92.50 分，超时 0:23 扣 0.50 分"
    assert words not in ask(client, charged, "screen/")
    charged.move("reveal")
    live = load_live(charged.fresh())
    score = Scores(live).of_turn(first)[0]
    assert (score.points, score.deduction.score, score.deduction.points) == (
        "92.00",
        "92.50",
        "0.50",
    )
    view = page_context(live, live.panel, NOW)["view"]
    assert view.standing[0].points == "92.00"
    for page in ("screen/", "host/", "?scores=1", "tally/", "tally/print/"):
        text = ask(client, charged, page)
        assert words in text and "92.00" in text, page


def test_wrong_clock_is_put_right_by_a_ruling_of_two(client, charged, organiser, clerk):
    first = speak(charged, 2000)
    charged.move("reveal")
    draft = RulingDraft(
        kind="set_overtime",
        reason="汇报结束后忘了停表，计时员另有记录",
        decided_by="擂台办",
        decided_on=NOW.date(),
        subject={"round": "arena", "entry": first, "value": "15 秒"},
    )
    common = {"competition": charged.hall.competition, "now": NOW}
    ruling = enter_ruling(draft=draft, op=uuid.uuid4(), by=organiser.person, **common)

    def points():
        return Scores(load_live(charged.fresh())).of_turn(first)[0].points

    assert points() == "90.50"
    verify_ruling(
        key=ruling.key, revision=ruling.revision, op=uuid.uuid4(), by=clerk.person, **common
    )
    assert points() == "92.00"
    shown = FeedItem.objects.filter(channel__endswith="/screen").latest("number").data["slots"]
    assert "92.00" in shown["stage"] and "90.50" not in shown["stage"]
    without = read_shipped("linhe-2022")
    (idle,) = find_idle_rulings(charged.hall.competition, rules_of(charged), without)
    assert idle[1] == "认定超时"
    client.force_login(organiser)
    slug = charged.hall.competition.slug
    page = client.get(f"/work/{slug}/rulings/{ruling.key}/").content.decode()
    assert "超时按 15 秒计" in page
    form = client.get(f"/work/{slug}/rulings/new/set_overtime/").content.decode()
    assert "超时多少秒" in form and "全部单位" in form


def test_bundle_is_held_against_the_clock_in_its_record(charged):
    other = dataclasses.replace(RULE, segments=("答辩",))
    hold(charged, sec_arena=EventRules(segments=PARTS, overtime=other))
    first = speak(charged, 383)
    charged.move("reveal", "miss")
    bundle = SimpleNamespace(scheme=rules_of(charged), evidence=evidence_of(charged), names={})
    told = StageTold(1)
    for row in Revision.objects.of_chain(charged.hall.competition.chain).order_by("seq"):
        told.hear(row.kind, row.facts)

    def checked(told, **changed):
        report = Report()
        facts = bundle.evidence.overtime | changed.get("overtime", {})
        facts = {key: value for key, value in facts.items() if value is not None}
        bundle.evidence.overtime = facts
        check_overtime(bundle, report, told, Words(bundle))
        (check,) = report.checks
        return check.state, check.problems

    assert len(bundle.evidence.overtime) == 4
    assert checked(told) == ("holds", [])
    state, (words,) = checked(told, overtime={("arena", first): 0})
    assert state == "fails" and words.endswith("写的超时是 0 秒，存证里的现场计时是 23 秒。")
    _, (words,) = checked(told, overtime={("arena", first): None})
    assert words.endswith("存证里的现场计时超时 23 秒，卷宗里没有。")
    assert checked(StageTold(1))[0] == "left_out"


def test_ruling_on_overtime_is_offered_only_where_it_costs_points(client, live, organiser):
    client.force_login(organiser)
    here = f"/work/{live.hall.competition.slug}/rulings/"
    assert "认定超时" not in client.get(here).content.decode()
    hold(live, arena=EventRules(segments=PARTS, overtime=RULE))
    assert "认定超时" in client.get(here).content.decode()
