"""Every kind of row that a bundle brings is held against its record; what is not there is told."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from competitions.models import (
    Competition,
    Entry,
    Involvement,
    Judge,
    Person,
    Recusal,
    RoundPlan,
    SchemeDraft,
    SchemeVersion,
    Seat,
    Unit,
)
from competitions.queries.replay import Identities
from publication.models import Closing, PublicationVersion
from publication.replay import find_unlike_rows
from record.queries import revisions
from rewards.models import MeetingDecision
from scoring.models import LedgerEvent, Measurement, Ruling, Sheet, Tabulation
from tests import factories
from tests.publication.travel import NOW, leave
from tests.scoring.test_sheets_concurrency import race

pytestmark = pytest.mark.django_db(transaction=True)


def change(model, **values):
    return lambda: model.objects.filter(pk=model.objects.earliest("pk").pk).update(**values)


def add_entry():
    first = Entry.objects.filter(subject="unit").earliest("pk")
    unit = factories.UnitFactory(host_code=first.unit.host_code)
    factories.EntryFactory(competition=first.competition, unit=unit, key="e99")


def add_judge():
    factories.JudgeFactory(competition=Competition.objects.get(), key="j99", number=99)


def add_recusal():
    judge, entry = Judge.objects.earliest("pk"), Entry.objects.earliest("pk")
    made = Recusal.objects.exclude(kind="manual").values_list("revision", flat=True).first()
    made = made or Recusal.objects.values_list("revision", flat=True).first()
    Recusal.objects.create(judge=judge, entry=entry, reason="不得打分", revision=made)


def swap_units():
    first, second = Entry.objects.filter(subject="unit").order_by("pk")[:2]
    Entry.objects.filter(pk=first.pk).update(unit=factories.UnitFactory())
    Entry.objects.filter(pk=second.pk).update(unit=first.unit)


def someone_else(model, field, **rows):
    return lambda: model.objects.filter(**rows).update(**{field: factories.PersonFactory()})


def rename_secretary():
    holder = Entry.objects.filter(subject="secretary").earliest("pk").term.person
    Person.objects.filter(pk=holder.pk).update(name="另一个人")


FORGED = {
    "one more entrant": (add_entry, "参评单位"),
    "another unit under a key": (swap_units, "参评单位"),
    "entrant withdrawn": (change(Entry, withdrawn=True), "参评单位"),
    "difficulty": (change(Entry, factor="1.2"), "参评单位"),
    "renamed unit": (change(Unit, name="另一个镇"), "参评单位"),
    "one more judge": (add_judge, "评委"),
    "judge's group": (change(Judge, group_key="other"), "评委"),
    "seat": (change(Seat, round_key="elsewhere"), "评委"),
    "one more recusal": (add_recusal, "回避"),
    "recusal that went": (lambda: Recusal.objects.all().delete(), "回避"),
    "another reason": (lambda: Recusal.objects.update(reason="另有原因"), "回避"),
    "timetable": (
        lambda: RoundPlan.objects.create(competition=Competition.objects.get(), round_key="arena"),
        "环节安排",
    ),
    "year": (change(Competition, year=2023), "比武"),
    "stage": (change(Competition, stage="draft"), "归档办理"),
    "approval": (
        lambda: SchemeVersion.objects.update(
            approved_by=factories.PersonFactory(), before_approval=True
        ),
        "规则版本",
    ),
    "draft": (change(SchemeDraft, what="没有改动"), "规则草稿"),
    "tabulation of another number": (change(Tabulation, number=99), "统分"),
    "meeting's reason": (change(MeetingDecision, meeting="另一次会议"), "会议决定"),
    "version in force again": (
        lambda: PublicationVersion.objects.filter(circle="public").update(
            withdrawn_at=None, withdrawn_reason=""
        ),
        "公布版本",
    ),
    "archived by nobody": (
        lambda: Closing.objects.create(
            competition=Competition.objects.get(),
            kind="close",
            entered_by=Person.objects.first(),
            entered_at=NOW,
            revision=revisions(Competition.objects.get().chain).first().op_id,
        ),
        "归档办理",
    ),
    "why points were given": (change(LedgerEvent, reason="另有事由"), "加减分"),
    "who entered": (someone_else(Measurement, "entered_by"), "指标值"),
    "who marked": (someone_else(Sheet, "entered_by"), "评分表"),
    "who verified": (someone_else(LedgerEvent, "verified_by", state="verified"), "加减分"),
    "when it was verified": (change(Ruling, verified_at=NOW), "裁定"),
    "name that was published": (rename_secretary, "人员"),
    "who decided": (change(Ruling, decided_by="另一次会议"), "裁定"),
}


@pytest.fixture
def settled(bundle, settle):
    competition = settle(bundle)
    spans = competition.imported.spans
    keys = {uuid for span in spans for uuid in span["people"].values()}
    people = {item.uuid.hex: item.pk for item in Person.objects.filter(uuid__in=keys)}
    units = {unit.name: unit for unit in Unit.objects.all()}
    return competition, Identities(spans, people, units)


def test_every_kind_of_row_is_held_against_the_record(settled):
    competition, ids = settled
    assert find_unlike_rows(competition, ids) == []
    wrong = {}
    for name, (forge, title) in FORGED.items():
        with transaction.atomic():
            forge()
            competition.refresh_from_db()
            told = find_unlike_rows(competition, ids)
            transaction.set_rollback(True)
        competition.refresh_from_db()
        if not any(title in item for item in told):
            wrong[name] = told
    assert wrong == {}


def test_ties_that_come_with_a_bundle_recuse_judges_of_open_years(bundle, settle):
    unit = factories.UnitFactory(name="travel第1镇", host_code=factories.HOST)
    competition = settle(bundle)
    # He was appointed last and has marked nobody.
    judge = competition.judges.select_related("person").latest("pk")
    Involvement.objects.create(person=judge.person, unit=unit, kind="in_charge", note="联系")
    again = leave(competition)
    by = factories.PersonFactory(name="演示·接收人")
    unit = factories.UnitFactory(name=unit.name, host_code=factories.HOST)
    person = factories.PersonFactory(uuid=judge.person.uuid)
    years = {}
    for year in (2021, 2020):
        open_year = factories.CompetitionFactory(host_code=factories.HOST, year=year)
        entry = factories.EntryFactory(competition=open_year, unit=unit)
        factories.JudgeFactory(competition=open_year, person=person)
        years[year] = (open_year, entry)
    Competition.objects.filter(year=2020).update(stage=Competition.Stage.CLOSED)
    made = settle(again, by=by)
    assert Recusal.objects.filter(entry=years[2021][1], kind="in_charge").count() == 1
    assert revisions(years[2021][0].chain).filter(kind="recusal.recorded").count() == 1
    assert not Recusal.objects.filter(entry=years[2020][1]).exists()
    # The year that came is open too: what ties its judges here recuses them there.
    assert Recusal.objects.filter(
        judge__competition=made, judge__person=person, entry__unit=unit, kind="in_charge"
    ).exists()


@pytest.mark.postgres
def test_two_imports_of_one_bundle_at_once_make_one_year(bundle, settle):
    people = [factories.PersonFactory() for _ in range(2)]
    results = race([lambda by=by: settle(bundle, by=by) for by in people])
    (refused,) = [item for item in results if isinstance(item, ValidationError)]
    (made,) = [item for item in results if isinstance(item, Competition)]
    assert refused.messages == [f"「{made.title}」已经在本系统里，没有再导入。"]
    assert Competition.objects.count() == 1
    assert revisions("audit").filter(kind="bundle.imported").count() == 1
    assert made.imported.imported_at == NOW and Unit.objects.count() == 4
