"""A year goes into the archive by two persons, comes out by two, and in between nothing moves."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from competitions import actions as setup
from competitions.access import find_roles
from competitions.models import Checked, Competition
from competitions.queries import current_scheme_version, scheme_of
from competitions.roadmap import find_steps, find_todos
from competitions.roles import RoleKind
from publication import actions
from publication.closing import find_running_notice, propose_closing, return_closing, verify_closing
from publication.models import Circle, Closing
from record.models import Revision
from record.queries import verify_chain
from rewards.actions import record_decision, verify_decision
from scoring.actions.ledger import LedgerDraft, enter_ledger_event
from scoring.actions.rulings import RulingDraft, enter_ruling
from scoring.actions.sheet_rules import RoundClosed
from scoring.actions.sheets import submit_sheets
from scoring.actions.tabulation import tabulate_competition
from scoring.models import Measurement
from tests import factories
from tests.publication.releasing import NOTICE, release

CLOSE, REOPEN = Closing.Kind.CLOSE, Closing.Kind.REOPEN


def once(user):
    return {"by": user.person, "now": timezone.now(), "op": uuid.uuid4()}


def propose(competition, user, kind=CLOSE, reason="", **more):
    return propose_closing(
        competition=competition, kind=kind, reason=reason, **{**once(user), **more}
    )


def stage_of(competition):
    return Competition.objects.get(id=competition.id).stage


@pytest.fixture
def published(case, tabulation, organiser):
    release(tabulation, organiser, Circle.COUNTY)
    return case


@pytest.fixture
def archive(published, organiser, colleague):
    verify_closing(closing=propose(published, organiser), **once(colleague))
    return Competition.objects.get(id=published.id)


def test_a_year_is_closed_by_two_persons_and_opened_again_by_two(published, organiser, colleague):
    op = uuid.uuid4()
    closing = propose(published, organiser, op=op)
    assert propose(published, organiser, op=op) == closing
    assert stage_of(published) == "running"
    with pytest.raises(ValidationError, match="申请和确认必须是两个人"):
        verify_closing(closing=closing, **once(organiser))
    call = once(colleague)
    for _ in range(2):
        verify_closing(closing=closing, **call)
    assert stage_of(published) == "closed"
    with pytest.raises(ValidationError, match="已有人处理"):
        verify_closing(closing=closing, **once(colleague))
    with pytest.raises(ValidationError, match="已经归档"):
        propose(published, organiser)
    with pytest.raises(ValidationError, match="为什么要重新打开"):
        propose(published, colleague, REOPEN)
    again = propose(published, colleague, REOPEN, "一张评分表录错")
    with pytest.raises(ValidationError, match="必须是两个人"):
        verify_closing(closing=again, **once(colleague))
    verify_closing(closing=again, **once(organiser))
    assert stage_of(published) == "running"
    told = Revision.objects.of_chain(published.chain).filter(kind__contains="clos")
    assert [item.kind for item in told] == ["closing.proposed", "competition.closed"]
    assert verify_chain(published.chain).ok


def test_a_returned_request_changes_nothing_and_another_may_follow(published, organiser, colleague):
    closing = propose(published, organiser)
    with pytest.raises(ValidationError, match="等待确认"):
        propose(published, colleague)
    with pytest.raises(ValidationError, match="退回原因"):
        return_closing(closing=closing, reason=" ", **once(colleague))
    return_closing(closing=closing, reason="等异议办完", **once(colleague))
    assert stage_of(published) == "running"
    return_closing(closing=propose(published, organiser), reason="先不办", **once(organiser))
    assert not Closing.objects.waiting().exists()


def test_a_year_without_published_results_is_not_closed(case, tabulation, organiser, colleague):
    with pytest.raises(ValidationError, match="还没有公布，请先公布"):
        propose(case, organiser)
    release(tabulation, organiser, Circle.COUNTY)
    closing = propose(case, organiser)
    tabulate_competition(competition=case, **once(organiser))
    # Something has happened between the request and its confirmation.
    with pytest.raises(ValidationError, match="第 2 次统分的结果还没有公布"):
        verify_closing(closing=closing, **once(colleague))
    assert stage_of(case) == "running"


def test_a_year_in_which_something_waits_for_a_second_person_is_not_closed(published, organiser):
    enter_event(published, organiser)
    with pytest.raises(ValidationError, match="1 条记录等待另一人核对"):
        propose(published, organiser)


def test_a_draft_is_not_closed(competition, organiser):
    with pytest.raises(ValidationError, match="比武还没有开始"):
        propose(competition, organiser)
    with pytest.raises(ValidationError, match="没有归档，不用重新打开"):
        propose(competition, organiser, REOPEN, "原因")


def test_a_running_notice_is_waited_for_or_said_to_be_settled(
    case, tabulation, organiser, monkeypatch
):
    last = timezone.localdate() + datetime.timedelta(days=3)
    until = f"{last.year}年{last.month}月{last.day}日"
    monkeypatch.setitem(NOTICE, "until", until)
    release(tabulation, organiser, Circle.PUBLIC)
    now = timezone.now()
    assert find_running_notice(case, now) == until
    assert find_running_notice(case, now + datetime.timedelta(days=4)) == ""
    with pytest.raises(ValidationError, match="公示期还没有满"):
        propose(case, organiser)
    assert propose(case, organiser, objections_settled=True).objections_settled


def test_the_database_refuses_a_closing_by_one_person(published, organiser):
    rows = Closing.objects.filter(id=propose(published, organiser).id)
    for change in ({"verified_by": organiser.person}, {"state": Checked.State.VERIFIED}):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**change)


# ------------------------------------------------------------------ nothing moves in the archive


def enter_event(competition, user):
    draft = LedgerDraft("e01", "points", "honour", datetime.date(2022, 5, 4), "", "表彰")
    return enter_ledger_event(competition=competition, draft=draft, **once(user))


def test_every_change_of_a_closed_year_is_refused(archive, tabulation, organiser, colleague):
    common = {"competition": archive, "by": organiser.person, "now": timezone.now()}
    entry = archive.entries.get(key="e01")
    judge = archive.judges.first()
    day = datetime.date(2022, 8, 20)
    ruling = RulingDraft("exclude_entry", "理由", "会议", day, "", {"entry": "e01"})
    version = archive.publications.first()
    person = factories.PersonFactory()
    tries = [
        lambda: enter_event(archive, organiser),
        lambda: enter_ruling(competition=archive, draft=ruling, **once(organiser)),
        lambda: tabulate_competition(competition=archive, **once(organiser)),
        lambda: release(tabulation, organiser, Circle.LEADING),
        lambda: actions.withdraw_version(version=version, reason="有误", **once(organiser)),
        lambda: setup.withdraw_entry(entry=entry, **common),
        lambda: setup.appoint_judge(person=person, group_key="panel", **common),
        lambda: setup.remove_judge(judge=judge, **common),
        lambda: setup.record_recusal(judge=judge, entry=entry, reason="亲属", **common),
        lambda: setup.plan_round(round_key="arena", **common),
        lambda: setup.record_term(unit=entry.unit, person=person, since=day, **common),
    ]
    for number, attempt in enumerate(tries):
        with pytest.raises(ValidationError, match="已经归档") as refused, transaction.atomic():
            attempt()
        assert refused.value.messages[0].endswith(("。", "！")), number
    with pytest.raises(RoundClosed, match="已经归档"):
        submit_sheets(
            judge=judge,
            round_key="arena",
            sheets={},
            op=uuid.uuid4(),
            by=judge.person,
            now=timezone.now(),
        )


def test_a_term_recorded_for_another_year_leaves_the_closed_one_alone(
    archive, tabulation, organiser
):
    sheet = {"judge": "j01", "sheets": [{"round": "arena", "entry": "e01", "site": ""}]}
    from record.actions import append

    with transaction.atomic():
        append(chain=archive.chain, kind="sheets.submitted", body=sheet, by="1", now=timezone.now())
    unit = archive.entries.get(key="e01").unit
    later = factories.CompetitionFactory(year=2023, title="2023年比武", slug="linhe-2023")
    common = {
        "competition": later,
        "unit": unit,
        "person": factories.PersonFactory(),
        "ends_former": True,
        "by": organiser.person,
        "now": timezone.now(),
    }
    with pytest.raises(ValidationError, match=r"已经归档，这样改会改变2022年的任职天数"):
        setup.record_term(**common, since=datetime.date(2022, 11, 1))
    setup.record_term(**common, since=datetime.date(2023, 3, 1))


def test_the_judges_role_ends_with_the_year_and_comes_back_with_it(archive, organiser, colleague):
    person = archive.judges.first().person
    assert not [role for role in find_roles(person) if role.kind is RoleKind.JUDGE]
    verify_closing(closing=propose(archive, organiser, REOPEN, "更正"), **once(colleague))
    assert [role for role in find_roles(person) if role.kind is RoleKind.JUDGE]


# ------------------------------------------------------------------ pages


def send(client, competition, do, **more):
    address = reverse("work_closing", args=[competition.slug])
    data = {"op": uuid.uuid4(), "do": do, **more}
    return client.post(address, data, follow=True).content.decode()


def test_pages_close_and_open_a_year(client, published, organiser, colleague):
    address = reverse("work_closing", args=[published.slug])
    overview = reverse("work_overview", args=[published.slug])
    client.force_login(organiser)
    assert address in client.get(overview).content.decode()
    page = send(client, published, "close", reason="公示期满")
    assert (
        "这是您申请的" in page and "归档申请等待另一人确认" in client.get(overview).content.decode()
    )
    request = Closing.objects.get().id
    assert "必须是两个人" in send(client, published, "verify", request=request)
    client.force_login(colleague)
    assert "确认归档" in client.get(address).content.decode()
    assert "已归档：从现在起只能查看" in send(client, published, "verify", request=request)
    assert "已有人处理" in send(client, published, "return", request=request, reason="晚了")
    assert "没有这项申请" in send(client, published, "verify", request=999)
    assert "已归档" in client.get(reverse("work_list")).content.decode()
    page = client.get(overview).content.decode()
    assert "本比武已归档，只能查看" in page
    assert "为什么要重新打开" in send(client, published, "reopen")
    assert "等候另一位" in send(client, published, "reopen", reason="录错一张表")
    assert "重新打开申请等待另一人确认" in client.get(overview).content.decode()
    client.force_login(organiser)
    request = Closing.objects.waiting().get().id
    assert "已重新打开" in send(client, published, "verify", request=request)
    assert "本比武已归档，只能查看" not in client.get(overview).content.decode()


def test_only_organisers_ask_and_insiders_read(client, published, request):
    address = reverse("work_closing", args=[published.slug])
    assert client.get(address).status_code == 302
    asked = {"clerk": (200, 403), "auditor": (200, 403), "outsider": (404, 404)}
    asked |= {"leader": (403, 403), "judge": (403, 403), "admin": (403, 403)}
    for who, statuses in asked.items():
        client.force_login(request.getfixturevalue(who))
        answers = client.get(address), client.post(address)
        assert tuple(answer.status_code for answer in answers) == statuses, who
    client.force_login(request.getfixturevalue("organiser"))
    assert client.put(address).status_code == 405


def test_judge_of_a_closed_year_is_told_that_it_is_in_the_archive(client, archive, organiser):
    person = archive.judges.first().person
    client.force_login(factories.UserFactory(person=person))
    pad = f"/judge/{archive.slug}/arena/e01/"
    assert "<h1>比武已经归档</h1>" in client.get(pad).content.decode()
    assert "「评委」" in client.get("/judge/").content.decode()
    other = factories.CompetitionFactory()
    factories.JudgeFactory(competition=other, person=person)
    answer = client.get(pad)
    assert answer.status_code == 403 and "已经归档" in answer.content.decode()
    client.force_login(organiser)
    assert "已经归档" not in client.get(pad).content.decode()


def test_pages_of_a_closed_year_are_read_but_offer_nothing(client, archive, organiser):
    client.force_login(organiser)
    offered = {
        "work_entrants": "work_entrants_add",
        "work_secretaries": "work_secretary_add",
        "work_judges": "work_judge_add",
        "work_recusals": "work_recusal_add",
        "work_ledger": "work_ledger_new",
    }
    for name, change in offered.items():
        page = client.get(reverse(name, args=[archive.slug])).content.decode()
        assert "本比武已归档" in page, name
        assert f'href="{reverse(change, args=[archive.slug])}"' not in page, name
    for name in ("work_tabulation", "work_publish", "work_record", "work_awards", "work_rulings"):
        assert client.get(reverse(name, args=[archive.slug])).status_code == 200, name
    for name in (*offered.values(), "work_decision", "work_entrants_import"):
        page = client.get(reverse(name, args=[archive.slug])).content.decode()
        main = page.partition('<main id="main"')[2].partition("</main>")[0]
        assert "本比武已归档" in main and "<form" not in main, name
    for name in (*offered.values(), "work_tabulation", "work_publish", "work_decision"):
        answer = client.post(reverse(name, args=[archive.slug]))
        assert answer.status_code == 403, name
        assert "已经归档" in answer.content.decode(), name


def test_a_year_is_not_closed_while_a_circle_reads_an_outdated_result(
    client, published, tabulation, organiser, colleague
):
    release(tabulation, organiser, Circle.LEADING)
    measured = Measurement.objects.filter(competition=published).first()
    measured.values = dict.fromkeys(measured.values, "3")
    measured.save()
    latest = tabulate_competition(competition=published, **once(organiser))
    assert latest.result_digest != tabulation.result_digest
    release(latest, organiser, Circle.COUNTY)
    outdated = "领导小组看到的第 2 版依据第 1 次统分，现在是第 2 次，请重新公布或撤回"
    with pytest.raises(ValidationError, match=outdated):
        propose(published, organiser)
    scheme = scheme_of(current_scheme_version(published))
    steps = {step.key: step for step in find_steps(published, scheme)}
    assert (steps["publish"].state, steps["publish"].note) == ("current", "领导小组的已过时")
    assert outdated in [todo.title for todo in find_todos(published, scheme, timezone.now())]
    client.force_login(organiser)
    page = client.get(reverse("work_publish", args=[published.slug])).content.decode()
    assert outdated in page
    release(latest, organiser, Circle.LEADING)
    propose(published, organiser)
    decision = decide(published, latest, organiser)
    steps = {step.key: step for step in find_steps(published, scheme)}
    assert steps["publish"].state == "done"
    verify_decision(decision=decision, **once(colleague))
    sentence = "全县（区）看到的第 3 版没有依据会议决定，现在是第 1 项，请重新公布或撤回。"
    closing = Closing.objects.get()
    with pytest.raises(ValidationError, match=sentence):
        verify_closing(closing=closing, **once(colleague))


def test_a_year_is_not_closed_while_a_decision_is_open(published, tabulation, organiser, colleague):
    verify_decision(decision=decide(published, tabulation, organiser), **once(colleague))
    left = decide(published, tabulation, organiser)
    measured = Measurement.objects.filter(competition=published).first()
    measured.values = dict.fromkeys(measured.values, "3")
    measured.save()
    tabulate_competition(competition=published, **once(organiser))
    with pytest.raises(ValidationError) as refused:
        propose(published, organiser)
    said = "".join(refused.value.messages)
    assert "上一次统分的会议决定（第 1 次统分，〔2022〕1 号）还没有按新的统分确认" in said
    assert f"第 {left.number} 项会议决定录入以后又重新统分，没有办完，请退回。" in said


def decide(competition, tabulation, user):
    return record_decision(
        competition=competition,
        tabulation=tabulation,
        meeting="常委会",
        decided_on=timezone.localdate(),
        document_number="〔2022〕1 号",
        changes=[],
        **once(user),
    )


def test_year_with_a_rehearsal_under_way_is_not_closed(published, organiser):
    act = {"by": organiser.person, "now": timezone.now()}
    rehearsal = setup.start_rehearsal(competition=published, **act)
    with pytest.raises(ValidationError, match="请先结束演练"):
        propose(published, organiser)
    setup.end_rehearsal(competition=rehearsal, **act)
    assert propose(published, organiser).kind == CLOSE
