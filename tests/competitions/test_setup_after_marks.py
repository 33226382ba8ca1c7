"""After the marks: what one organiser alone may still change about judges, recusals and terms."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from competitions import actions
from competitions.models import Involvement, PartySecretary, Seat, TermChange
from record.actions import append
from record.models import Revision
from record.queries import verify_chain
from tests import factories


@pytest.fixture
def marked(ready, now):
    """The competition after j01 has marked the first unit in the first review."""
    sheets = [{"round": "review1", "entry": "e01", "site": "", "marks": {}}]
    body = {"judge": "j01", "sheets": sheets}
    append(chain=ready.chain, kind="sheets.submitted", body=body, by="1", now=now)
    return ready


def test_seat_of_a_judge_who_has_marked_is_not_taken(marked, organiser, now):
    judges = list(marked.judges.in_seniority_order())
    common = {"competition": marked, "by": organiser.person, "now": now}
    with pytest.raises(ValidationError, match=r"1 号评委.*已在「.*」打过分，不能取消评委席.*裁定"):
        actions.seat_judges(**common, seats={"review1": judges[1:3]})
    actions.seat_judges(**common, seats={"review1": judges[:2], "review2": judges[1:3]})
    assert Seat.objects.filter(round_key="review1").count() == 2
    actions.appoint_judge(
        **common, person=factories.PersonFactory(), group_key="review", rounds=["review1"]
    )
    assert Seat.objects.filter(round_key="review1").count() == 3


def test_recusal_from_a_unit_that_the_judge_has_marked_is_refused(marked, entries, organiser, now):
    judge = marked.judges.get(key="j01")
    common = {"competition": marked, "by": organiser.person, "now": now}
    with pytest.raises(ValidationError, match=r"已给狼山镇打过分，不能再改他的回避.*裁定"):
        actions.record_recusal(**common, judge=judge, entry=entries[0], reason="亲属")
    with pytest.raises(ValidationError, match="不能再改他的回避"):
        actions.record_involvement(
            **common, person=judge.person, unit=entries[0].unit, kind="in_charge"
        )
    assert not judge.recusals.exists() and not Involvement.objects.exists()
    actions.record_recusal(**common, judge=judge, entry=entries[1], reason="亲属")
    assert set(judge.recusals.values_list("entry__unit__name", flat=True)) == {"新华镇"}


def test_recusal_made_before_the_marks_is_not_lifted(ready, entries, organiser, now):
    judge = ready.judges.get(key="j01")
    common = {"competition": ready, "by": organiser.person, "now": now}
    recusal = actions.record_recusal(**common, judge=judge, entry=entries[0], reason="亲属")
    tie = actions.record_involvement(
        **common, person=judge.person, unit=entries[1].unit, kind="in_charge"
    )
    sheets = [{"round": "review1", "entry": key, "site": "", "marks": {}} for key in ("e01", "e02")]
    body = {"judge": "j01", "sheets": sheets}
    append(chain=ready.chain, kind="sheet.entered", body=body, by="1", now=now)
    with pytest.raises(ValidationError, match="不能再改他的回避"):
        actions.lift_recusal(**common, recusal=recusal)
    with pytest.raises(ValidationError, match="不能再改他的回避"):
        actions.remove_involvement(**common, involvement=tie)
    assert judge.recusals.filter(entry__key__in=["e01", "e02"]).count() == 2


def test_term_recorded_after_the_marks_leaves_the_marked_unit_to_a_ruling(
    marked, entries, organiser, colleague, now
):
    judge = marked.judges.get(key="j01")
    change = succeed(marked, entries, organiser, now, person=judge.person)
    confirm(change, colleague, now)
    # The marks that he gave stand; of his own entry he is recused.
    assert not judge.recusals.filter(entry__key="e01").exists()
    assert judge.recusals.filter(entry__term__person=judge.person).exists()


def succeed(competition, entries, user, now, *, person=None, **more):
    """A change of secretary on 1 September, after evidence."""
    return actions.record_term(
        competition=competition,
        unit=entries[0].unit,
        person=person or factories.PersonFactory(name="李书记"),
        since=datetime.date(2022, 9, 1),
        ends_former=True,
        by=user.person,
        now=now,
        **{"reason": "任免文件〔2022〕3号", **more},
    )


def confirm(change, user, now, **more):
    return actions.verify_term_change(change=change, by=user.person, now=now, **more)


def terms_of(entry):
    found = PartySecretary.objects.filter(unit=entry.unit).in_order()
    return list(found.values_list("since", "until"))


def test_change_of_secretary_after_evidence_waits_for_a_second_person(
    marked, entries, organiser, colleague, now
):
    before = terms_of(entries[0])
    change = succeed(marked, entries, organiser, now)
    assert (change.state, terms_of(entries[0])) == ("entered", before)
    with pytest.raises(ValidationError, match="提出和确认必须是两个人"):
        confirm(change, organiser, now)
    op = uuid.uuid4()
    for _ in range(2):
        confirm(change, colleague, now, op_id=op)
    own = marked.entries.filter(subject="secretary", unit=entries[0].unit)
    assert own.active().count() == 2
    assert terms_of(entries[0]) == [
        (datetime.date(2021, 1, 1), datetime.date(2022, 8, 31)),
        (datetime.date(2022, 9, 1), None),
    ]
    recorded = Revision.objects.get(op_id=op)
    assert (recorded.kind, recorded.replaces) == ("term.recorded", change.revision)
    with pytest.raises(ValidationError, match="已有人处理"):
        confirm(change, colleague, now)
    assert verify_chain(marked.chain).ok


def test_change_of_term_proposed_twice_with_one_operation_is_one(
    marked, entries, organiser, colleague, now
):
    op, person = uuid.uuid4(), factories.PersonFactory()
    first = succeed(marked, entries, organiser, now, person=person, op_id=op)
    assert succeed(marked, entries, organiser, now, person=person, op_id=op) == first
    confirm(first, colleague, now)
    assert succeed(marked, entries, organiser, now, person=person, op_id=op) == first
    assert TermChange.objects.count() == 1


def test_change_of_term_after_evidence_says_what_it_rests_on(marked, entries, organiser, now):
    with pytest.raises(ValidationError, match=r"2022年的任职天数.*变更依据"):
        succeed(marked, entries, organiser, now, reason=" ")
    succeed(marked, entries, organiser, now)
    with pytest.raises(ValidationError, match="已有一项任期变更等待确认"):
        succeed(marked, entries, organiser, now)


def test_returned_change_leaves_the_terms_and_may_be_proposed_again(
    marked, entries, organiser, colleague, now
):
    before = terms_of(entries[0])
    change = succeed(marked, entries, organiser, now)
    call = {"change": change, "by": colleague.person, "now": now}
    with pytest.raises(ValidationError, match="退回原因"):
        actions.return_term_change(**call, reason="")
    returned = actions.return_term_change(**call, reason="文件日期不对")
    assert (returned.state, terms_of(entries[0])) == ("returned", before)
    with pytest.raises(ValidationError, match="已有人处理"):
        confirm(change, colleague, now)
    own = succeed(marked, entries, organiser, now)
    # Whoever proposed it may take it back: nothing changes by that.
    actions.return_term_change(change=own, by=organiser.person, now=now, reason="写错了")
    assert terms_of(entries[0]) == before


@pytest.mark.parametrize(
    "since, until",
    [
        (datetime.date(2022, 3, 1), None),
        (datetime.date(2021, 1, 1), datetime.date(2021, 12, 31)),
        (datetime.date(2021, 1, 1), datetime.date(2022, 9, 30)),
        (datetime.date(2023, 1, 1), None),
    ],
)
def test_term_after_evidence_is_corrected_by_two(
    marked, entries, organiser, colleague, now, since, until
):
    term = marked.entries.get(subject="secretary", unit=entries[0].unit).term
    change = actions.record_term(
        competition=marked,
        unit=entries[0].unit,
        person=term.person,
        since=since,
        until=until,
        term=term,
        reason="任免文件",
        by=organiser.person,
        now=now,
    )
    term.refresh_from_db()
    assert (term.since, term.until) == (datetime.date(2021, 1, 1), None)
    assert marked.entries.filter(subject="secretary").active().count() == 3
    assert change.was["since"] == "2021-01-01"
    confirm(change, colleague, now)
    assert terms_of(entries[0]) == [(since, until)]


def test_term_that_changes_no_day_of_the_year_takes_one_person(marked, entries, organiser, now):
    term = marked.entries.get(subject="secretary", unit=entries[0].unit).term
    common = {"competition": marked, "unit": term.unit, "by": organiser.person, "now": now}
    earlier = actions.record_term(
        **common, person=term.person, term=term, since=datetime.date(2020, 5, 1)
    )
    assert earlier == term and not TermChange.objects.exists()
    actions.record_term(
        **common,
        person=factories.PersonFactory(),
        since=datetime.date(2023, 1, 1),
        ends_former=True,
    )
    assert terms_of(entries[0])[0] == (datetime.date(2020, 5, 1), datetime.date(2022, 12, 31))


def test_change_of_a_term_that_has_changed_since_is_proposed_anew(
    marked, entries, organiser, colleague, now
):
    term = marked.entries.get(subject="secretary", unit=entries[0].unit).term
    common = {"competition": marked, "unit": term.unit, "by": organiser.person, "now": now}
    common |= {"person": term.person, "term": term}
    change = actions.record_term(**common, since=datetime.date(2022, 2, 1), reason="文件")
    actions.record_term(**common, since=datetime.date(2020, 5, 1))
    with pytest.raises(ValidationError, match="重新提出"):
        confirm(change, colleague, now)


def test_the_database_refuses_a_change_confirmed_by_one_person(marked, entries, organiser, now):
    change = succeed(marked, entries, organiser, now)
    rows = TermChange.objects.filter(id=change.id)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(verified_by=organiser.person)
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(state="verified")


def test_import_after_evidence_that_adds_months_to_a_secretary_asks_what_it_rests_on(
    marked, entries, organiser, now
):
    term = marked.entries.get(subject="secretary", unit=entries[0].unit).term
    row = {"row": 2, "cells": {}, "unit": "狼山镇", "name": term.person.name, "post": None}
    row |= {"since": "2022-03-01", "until": "2022-05-31", "acting": "是"}
    with pytest.raises(ValidationError, match="请写明变更依据"):
        actions.import_terms(competition=marked, rows=[row], by=organiser.person, now=now)


CHANGE = "/work/linhe/secretaries/changes/{}/"


def propose_on_page(client, entries):
    data = {"op": uuid.uuid4(), "unit": entries[0].unit_id, "name": "李书记", "known": ""}
    data |= {"post": "", "since": "2022-09-01", "ends_former": "on", "reason": "任免文件3号"}
    return client.post("/work/linhe/secretaries/add/", data)


def test_pages_show_a_change_until_a_second_person_confirms_it(
    client, marked, entries, organiser, colleague
):
    client.force_login(organiser)
    answer = propose_on_page(client, entries)
    change = TermChange.objects.get()
    address = CHANGE.format(change.id)
    assert answer.url == address
    page = client.get(address).content.decode()
    assert "待确认，尚未生效" in page and "这项变更是您提出的" in page and "确认变更" not in page
    for other in ("/work/linhe/secretaries/", "/work/linhe/", "/work/linhe/tabulation/"):
        assert address in client.get(other).content.decode(), other
    sent = {"op": uuid.uuid4(), "do": "verify"}
    assert "提出和确认必须是两个人" in client.post(address, sent).content.decode()
    client.force_login(colleague)
    for _ in range(2):
        assert client.post(address, sent).url == "/work/linhe/secretaries/"
    stale = client.post(address, {"op": uuid.uuid4(), "do": "return", "reason": "晚了"})
    assert "已有人处理" in stale.content.decode()
    assert "李书记" in client.get("/work/linhe/secretaries/").content.decode()
    assert "已确认，已生效" in client.get(address).content.decode()


def test_only_organisers_settle_a_change(client, marked, entries, request, organiser):
    client.force_login(organiser)
    propose_on_page(client, entries)
    address = CHANGE.format(TermChange.objects.get().id)
    asked = {"clerk": (200, 403), "auditor": (200, 403), "outsider": (404, 404)}
    asked |= {"leader": (403, 403), "admin": (403, 403)}
    for who, statuses in asked.items():
        client.force_login(request.getfixturevalue(who))
        answers = client.get(address), client.post(address)
        assert tuple(answer.status_code for answer in answers) == statuses, who
    client.logout()
    assert client.get(address).status_code == 302
    client.force_login(organiser)
    assert client.get(CHANGE.format(999)).status_code == 404
