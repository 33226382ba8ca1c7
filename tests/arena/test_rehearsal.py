"""A rehearsal is the event once more with its own data: nothing of it reaches the real one."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arena.actions.draw import draw_order
from arena.actions.paper import issue_paper
from arena.models import Event, FeedItem
from arena.queries.paper import find_paper
from competitions import actions as setup
from competitions.access import find_competitions, find_roles
from competitions.actions.previous import check_previous
from competitions.models import Competition, Entry, Involvement, Judge, Recusal, Seat, TermChange
from competitions.models.competition import REHEARSAL_MARK
from competitions.private import blank_text
from competitions.queries import current_scheme_version, scheme_of
from competitions.queries.year import find_setup_steps, find_setup_todos
from competitions.roles import ActiveRole, RoleKind
from publication.bundles import export_bundle
from record.models import Revision
from record.private import ERASED
from record.queries import verify_chain
from scoring.models import Sheet
from scoring.queries.evidence import load_evidence
from scoring.rules.evidence import to_document
from tests import factories
from tests.arena.live_case import LiveCase, announce, build_case
from tests.arena.paper_case import once
from tests.scoring.stage import NOW, Stage, add_site, recuse

pytestmark = pytest.mark.django_db
# Columns in which a copied row is another row.
OWN = {"id", "competition_id", "judge_id", "entry_id", "of_id", "revision"}


@pytest.fixture
def rehearsal(live, organiser):
    """A rehearsal of the live event's year, started after its draw."""
    add_site(live.hall, "e02", "p1", "一号点")
    recuse(live.hall, live.hall.judges[2], "e03")
    Involvement.objects.create(
        person=live.hall.judges[1].person, unit=live.hall.entries["e02"].unit, kind="in_charge"
    )
    setup.plan_round(
        competition=live.hall.competition,
        round_key="arena",
        due_at=NOW,
        venue="会场",
        by=organiser.person,
        now=NOW,
    )
    live.hall.competition.scheme_versions.update(
        reason="照张三的意见",
        decided_by="张三",
        decided_on=NOW.date(),
        document_number="区委〔1〕号",
    )
    return setup.start_rehearsal(
        competition=live.hall.competition, by=organiser.person, now=timezone.now()
    )


def columns(rows):
    return [{k: v for k, v in row.items() if k not in OWN} for row in rows.order_by("pk").values()]


def play(live, rehearsal, operator):
    """A whole turn of the rehearsed event, as in the real one."""
    judges = list(rehearsal.judges.order_by("number"))
    hall = Stage(rehearsal, {item.key: item for item in rehearsal.entries.all()}, judges)
    practice = LiveCase(hall, announce(hall, operator), operator)
    said = {"step": 0, "seed": "演练的种子", "op": uuid.uuid4(), "by": operator, "now": NOW}
    draw_order(event=practice.event, **said)
    practice.move("begin", "open_marking")
    first = practice.order()[0]
    for number, judge in enumerate(judges):
        recused = Recusal.objects.filter(judge=judge, entry__key=first).exists()
        if not recused:
            practice.hand_in(number, first)
    practice.move("close", "reveal")
    return practice


def test_rehearsal_is_made_from_rules_and_lists_as_they_stand(live, rehearsal):
    real = live.hall.competition
    assert rehearsal.mark == REHEARSAL_MARK and rehearsal.slug == f"{real.slug}-yanlian"
    version = rehearsal.scheme_versions.get()
    assert version.digest == real.scheme_versions.get().digest
    # Why the rules were changed may name somebody: it is written in the real one only.
    assert {version.reason, version.decided_by, version.document_number} == {""}
    assert version.decided_on is None
    # Rehearsals of earlier days had a copy: what is erased in the real one is erased there too.
    rehearsal.scheme_versions.update(reason="照张三的意见")
    assert blank_text(real.chain, "照张三的意见") == 2
    assert rehearsal.scheme_versions.get().reason == ERASED
    for model, path in ((Entry, "competition"), (Judge, "competition")):
        own, other = (model.objects.filter(**{path: item}) for item in (real, rehearsal))
        assert columns(own) == columns(other) and own.exists()
    pairs = {
        item.pk: set(
            Seat.objects.filter(judge__competition=item).values_list("judge__key", "round_key")
        )
        for item in (real, rehearsal)
    }
    assert pairs[real.pk] == pairs[rehearsal.pk] != set()
    assert rehearsal.sites.get().entry.competition == rehearsal
    assert all(
        entry.of.competition_id == rehearsal.pk
        for entry in rehearsal.entries.filter(subject="secretary")
    )
    told = set(
        Recusal.objects.filter(judge__competition=rehearsal).values_list(
            "judge__key", "entry__key", "kind"
        )
    )
    # What follows from duties, and what was entered by hand, each with the unit's secretary.
    assert told == {
        ("j02", "e02", "in_charge"),
        ("j02", "s02", "in_charge"),
        ("j03", "e03", "manual"),
        ("j03", "s03", "manual"),
    }
    assert not Event.objects.filter(competition=rehearsal).exists()
    assert (
        rehearsal.round_plans.get().venue == "会场" and rehearsal.round_plans.get().due_at is None
    )
    assert verify_chain(rehearsal.chain).ok
    # The deadlines that were left out on purpose are no gap.
    steps = [step for _position, step in find_setup_steps(rehearsal, scheme(rehearsal))]
    assert (steps[-1].key, steps[-1].state, steps[-1].note) == (
        "schedule",
        "done",
        "演练不设截止时间",
    )
    todos = find_setup_todos(rehearsal, scheme(rehearsal), NOW)
    assert not any("截止时间" in todo.title for todo in todos)


def test_nothing_that_is_rehearsed_reaches_the_real_competition(live, rehearsal):
    real = live.hall.competition
    length = Revision.objects.of_chain(real.chain).count()
    facts = to_document(load_evidence(real, scheme(real)))
    told = FeedItem.objects.filter(channel__startswith=real.chain).count()
    practice = play(live, rehearsal, live.operator)
    assert Sheet.objects.filter(competition=rehearsal).count() >= 4
    assert not Sheet.objects.filter(competition=real).exists()
    assert Revision.objects.of_chain(real.chain).count() == length
    assert to_document(load_evidence(real, scheme(real))) == facts
    assert FeedItem.objects.filter(channel__startswith=real.chain).count() == told
    assert live.states() == ["waiting"] * 3
    assert verify_chain(rehearsal.chain).ok and verify_chain(real.chain).ok
    with pytest.raises(ValidationError, match="不能导出卷宗"):
        export_bundle(rehearsal, now=NOW)
    with pytest.raises(ValidationError, match="不能作上一届"):
        check_previous(Competition(host_code=rehearsal.host_code, year=2030), rehearsal, False)
    # A numbered sheet that was left over from the one is refused by the other.
    papers = [issue_paper(event=one.fresh(), **once(live.operator))[0] for one in (live, practice)]
    for event, paper, words in (
        (live.event, papers[1], "是演练的评分表"),
        (practice.event, papers[0], "是正式比武的评分表"),
    ):
        with pytest.raises(ValidationError, match=f"{paper.shown} {words}，本场不能录入"):
            find_paper(event, paper.serial)


def scheme(competition):
    return scheme_of(current_scheme_version(competition))


def test_change_of_office_waits_for_no_rehearsal_and_disturbs_none(live, rehearsal, organiser):
    play(live, rehearsal, live.operator)
    roll = columns(rehearsal.entries.all())
    length = Revision.objects.of_chain(rehearsal.chain).count()
    changed = setup.record_term(
        competition=live.hall.competition,
        unit=live.hall.entries["e03"].unit,
        person=factories.PersonFactory(name="新书记"),
        since=datetime.date(2022, 7, 1),
        ends_former=True,
        by=organiser.person,
        now=timezone.now(),
    )
    assert not isinstance(changed, TermChange)
    assert live.hall.competition.entries.filter(term=changed).exists()
    # The rehearsal keeps the roll that it began with.
    assert columns(rehearsal.entries.all()) == roll
    assert Revision.objects.of_chain(rehearsal.chain).count() == length


def test_one_rehearsal_at_a_time_and_another_after_it(live, rehearsal, organiser):
    act = {"by": organiser.person, "now": timezone.now()}
    real, judge = live.hall.competition, live.hall.judges[0]
    with pytest.raises(ValidationError, match="正在进行，请先结束它"):
        setup.start_rehearsal(competition=real, **act)
    roles = [role.title for role in find_roles(judge.person)]
    assert roles == [f"评委（{real.title}）", f"评委（{real.title}（演练））"]
    op = uuid.uuid4()
    setup.end_rehearsal(competition=rehearsal, op_id=op, **act)
    setup.end_rehearsal(competition=rehearsal, op_id=op, **act)
    assert [role.title for role in find_roles(judge.person)] == roles[:1]
    with pytest.raises(ValidationError, match="已经结束"):
        setup.refresh_recusals(competition=rehearsal, **act)
    with pytest.raises(ValidationError, match="不是演练"):
        setup.end_rehearsal(competition=real, **act)
    op = uuid.uuid4()
    again = setup.start_rehearsal(competition=real, op_id=op, **act)
    assert setup.start_rehearsal(competition=real, op_id=op, **act) == again
    assert (again.title, again.slug) == (f"{real.title}（演练2）", f"{real.slug}-yanlian-2")


def test_who_only_reads_results_never_sees_a_rehearsal(live, rehearsal):
    entry = live.hall.entries["s01"]
    leader = ActiveRole(RoleKind.LEADER, "领导小组成员", host_code=rehearsal.host_code)
    secretary = ActiveRole(RoleKind.SECRETARY, "书记", subject=entry.term_id)
    for role in (leader, secretary):
        assert list(find_competitions(role)) == [live.hall.competition]


def test_rehearsal_is_started_marked_and_ended_in_the_browser(client, competition, organiser):
    live = build_case(competition)
    real = live.hall.competition
    client.force_login(organiser)
    page = reverse("work_rehearsal", args=[real.slug])
    overview = client.get(reverse("work_overview", args=[real.slug])).content.decode()
    assert page in overview and REHEARSAL_MARK not in overview
    op = client.get(page).context["form"]["op"].value()
    started = client.post(page, {"op": op}, follow=True)
    rehearsal = real.rehearsals.get()
    assert started.redirect_chain[-1][0] == reverse("work_overview", args=[rehearsal.slug])
    names = ("work_overview", "work_rehearsal", "work_judges", "work_record", "work_entrants")
    addresses = [reverse(name, args=[rehearsal.slug]) for name in names]
    rounds = ("work_arena", "work_arena_screen", "work_arena_timer", "work_arena_host")
    addresses += [reverse(name, args=[rehearsal.slug, "arena"]) for name in rounds]
    paid = client.get(reverse("work_payments", args=[rehearsal.slug]), follow=True)
    assert "没有资金发放表" in paid.content.decode()
    addresses.append(reverse("work_blank_sheets", args=[rehearsal.slug, "arena"]))
    for address in addresses:
        text = client.get(address).content.decode()
        assert f'aria-label="数据性质">{REHEARSAL_MARK}</aside>' in text, address
        assert "is-rehearsal" in text
    listed = client.get(reverse("work_list")).content.decode()
    assert REHEARSAL_MARK in listed
    judging(rehearsal, live.hall.judges[0])
    page = reverse("work_rehearsal", args=[rehearsal.slug])
    assert 'href="?end=1">结束演练' in client.get(page).content.decode()
    asked = client.get(page, {"end": 1})
    assert f"结束「{rehearsal.title}」？" in asked.content.decode()
    ended = client.post(f"{page}?end=1", {"op": asked.context["form"]["op"].value()}, follow=True)
    assert ended.redirect_chain[-1][0] == reverse("work_rehearsal", args=[real.slug])
    rehearsal.refresh_from_db()
    assert rehearsal.stage == Competition.Stage.CLOSED
    assert rehearsal.title not in client.get(reverse("work_list")).content.decode()
    assert rehearsal.title in ended.content.decode()


def test_ending_a_rehearsal_names_the_turn_that_is_open(client, live, organiser):
    practice = live.hall.competition
    practice.rehearsal_of = factories.CompetitionFactory(host_code=practice.host_code)
    practice.save(update_fields=["rehearsal_of"])
    client.force_login(organiser)
    page = reverse("work_rehearsal", args=[practice.slug]) + "?end=1"
    assert "还没有亮分" not in client.get(page).content.decode()
    live.move("begin")
    name = live.event.turns.order_by("position").first().entry.unit.name
    assert f"「{name}」汇报中，还没有亮分。结束以后只能查看" in client.get(page).content.decode()


def judging(rehearsal, judge):
    """The judge's two capacities stand apart, and the pad of the rehearsal says what it is."""
    client = Client()
    client.force_login(judge.user)
    home = reverse("judge_home")
    real = client.get(home).content.decode()
    assert "演练（不计入成绩）" in real and 'aria-label="数据性质"' not in real
    role = next(item for item in find_roles(judge.person) if "演练" in item.title)
    client.post(reverse("switch_role"), {"role": role.key})
    practice = client.get(home).content.decode()
    assert f">{REHEARSAL_MARK}</aside>" in practice and "正式打分" in practice
    assert "这是演练：打的分不计入成绩" in practice
    pad = client.get(reverse("judge_entry", args=[rehearsal.slug, "arena", "e01"]))
    assert f">{REHEARSAL_MARK}</aside>" in pad.content.decode()
