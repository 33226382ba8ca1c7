"""In the archive nothing moves: every action of every app is found here and asked, so that a new
one cannot be forgotten."""

import datetime
import importlib
import inspect
import pkgutil
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

import arena.actions
import competitions.actions
import scoring.actions
from arena.models import Ceremony, Device, Event, JurySeat
from competitions import actions as setup
from competitions.models import Competition
from publication.models import Circle, Closing
from record.actions import append
from rewards.actions import record_decision
from scoring.actions.corrections import propose_correction
from scoring.actions.ledger import LedgerDraft
from scoring.actions.rulings import RulingDraft
from scoring.models import LateDecision, LateSheet, Sheet
from tests import factories
from tests.publication.releasing import release
from tests.publication.test_closing import enter_event, once, propose
from tests.scoring.evidence_case import SCHEME

DAY = datetime.date(2022, 8, 20)
# What an action changes: at least one of these is among the parameters of every action on a year.
SUBJECTS = {
    "competition",
    "version",
    "change",
    "decision",
    "sheet",
    "correction",
    "late",
    "late_decision",
    "event",
    "seat",
    "ceremony",
    "device",
}
# Opening the archive again, the one thing that may be done; and a part of another action.
ALLOWED = {"verify_closing", "return_closing", "keep_version_as_draft"}


def find_actions():
    """Name and function of every action that changes a year, in all five apps."""
    names = ["rewards.actions", "publication.actions", "publication.closing"]
    for package in (competitions.actions, scoring.actions, arena.actions):
        names += [
            f"{package.__name__}.{item.name}" for item in pkgutil.iter_modules(package.__path__)
        ]
    found = {}
    for name in names:
        for key, function in vars(importlib.import_module(name)).items():
            if inspect.isfunction(function) and function.__module__ == name and key[0] != "_":
                parameters = inspect.signature(function).parameters.values()
                acts = {item.name for item in parameters} & SUBJECTS or key == "submit_sheets"
                # What takes anything by its place is a part of an action, not an action.
                whole = all(item.kind is item.KEYWORD_ONLY for item in parameters)
                if acts and whole and key not in ALLOWED:
                    found[key] = function
    return found


ACTIONS = find_actions()


@pytest.fixture
def values(case, tabulation, organiser, colleague):
    """A value for every name of a parameter, of a year in which everything is under way; closed."""
    now = timezone.now()
    release(tabulation, organiser, Circle.COUNTY)
    event = enter_event(case, organiser)
    entry, judge = case.entries.get(key="e01"), case.judges.first()
    Sheet.objects.update(state="verified")
    sheet = Sheet.objects.filter(judge=judge).first()
    person = factories.PersonFactory()
    correction = propose_correction(
        sheet=sheet,
        marks={"speech": "91"},
        reason="抄错",
        revision=sheet.revision.hex,
        **once(organiser),
    )
    event_on_stage = Event.objects.create(
        competition=case,
        round_key="arena",
        method="seed",
        source="开奖号码",
        announced_by=organiser.person,
        announced_at=now,
        revision=uuid.uuid4(),
    )
    late = LateSheet.objects.create(
        competition=case,
        round_key="arena",
        judge=judge,
        lines=[],
        why="打分已经关闭。",
        receipt="234567",
        received_at=now,
        revision=uuid.uuid4(),
    )
    late_decision = LateDecision.objects.create(
        late=late,
        admit=True,
        reason="网络中断",
        decided_by="擂台办",
        entered_by=organiser.person,
        entered_at=now,
        revision=uuid.uuid4(),
    )
    decision = record_decision(
        competition=case,
        tabulation=tabulation,
        meeting="县委常委会",
        decided_on=DAY,
        document_number="1 号",
        changes=[],
        **once(organiser),
    )
    ceremony = Ceremony.objects.create(
        competition=case,
        number=1,
        tabulation=tabulation,
        decision=decision,
        script_digest="0" * 64,
        made_by=organiser.person,
        made_at=now,
        revision=uuid.uuid4(),
    )
    common = {"by": organiser.person, "now": now}
    change = setup.record_term(
        competition=case,
        unit=entry.unit,
        person=factories.PersonFactory(),
        since=datetime.date(2022, 11, 1),
        ends_former=True,
        reason="文件",
        **common,
    )
    recusal = setup.record_recusal(
        competition=case, judge=judge, entry=case.entries.get(key="e02"), reason="亲属", **common
    )
    involvement = setup.record_involvement(
        competition=case, person=person, unit=entry.unit, kind="in_charge", **common
    )
    Competition.objects.filter(pk=case.pk).update(stage=Competition.Stage.CLOSED)
    return {
        "by": colleague.person,
        "now": now,
        "op": uuid.uuid4(),
        "competition": case,
        "scheme": SCHEME,
        "document": {},
        "what": "改题",
        "revision": event.revision.hex,
        "revisions": {},
        "entrants": [],
        "contestants": [],
        "track_key": "township",
        "keys": [],
        "rows": [],
        "entry": entry,
        "to": 1,
        "aliases": [],
        "peer_group": "",
        "factor": "1",
        "number": 1,
        "group_key": "panel",
        "seniority": 1,
        "judge": judge,
        "person": person,
        "unit": entry.unit,
        "since": DAY,
        "change": change,
        "seats": {},
        "recusal": recusal,
        "involvement": involvement,
        "kind": "in_charge",
        "round_key": "arena",
        "plans": {},
        "name": "一号点",
        "sites": {},
        "reason": "有误",
        "draft": LedgerDraft("e01", "points", "honour", DAY, "", "表彰"),
        "ruling": RulingDraft("exclude_entry", "理由", "会议", DAY, "", {"entry": "e01"}),
        "key": event.key,
        "previous": None,
        "is_first": True,
        "values": {},
        "sheets": {},
        "marks": sheet.marks,
        "sheet": sheet,
        "correction": correction,
        "decision": decision,
        "event": event_on_stage,
        "seat": JurySeat.objects.create(
            event=event_on_stage,
            number=1,
            issued_by=organiser.person,
            issued_at=now,
            revision=uuid.uuid4(),
        ),
        "numbers": [1],
        "token": "phone",
        "choice": "good",
        "ceremony": ceremony,
        "groups": [],
        "device": Device.objects.create(judge=judge, code="4821", label="手机", asked_at=now),
        "judge_keys": [judge.key],
        "successor": judge,
        "step": 0,
        "shown": "",
        "move": "begin",
        "entry_key": "e01",
        "speaker": "副书记",
        "serial": "1200010",
        "serials": [],
        "renew": True,
        "method": "seed",
        "source": "开奖号码",
        "late": late,
        "late_decision": late_decision,
        "admit": True,
        "decided_by": "擂台办",
        "tabulation": tabulation,
        "meeting": "县委常委会",
        "decided_on": DAY,
        "document_number": "2 号",
        "changes": [],
        "circle": Circle.LEADING,
        "notice": None,
        "version": case.publications.first(),
    }


def call(name, values):
    """Call the action with every parameter that it requires."""
    given = {}
    for item in inspect.signature(ACTIONS[name]).parameters.values():
        if item.default is item.empty:
            given[item.name] = values[item.name]
    if name in ("enter_ruling", "correct_ruling"):
        given["draft"] = values["ruling"]
    if name == "propose_closing":
        given["kind"] = Closing.Kind.CLOSE
    if name == "submit_sheets":
        given["by"] = given["judge"].person
    return ACTIONS[name](**given)


def test_all_actions_are_found():
    assert {"publish_scheme", "save_draft", "withdraw_version", "submit_sheets"} <= set(ACTIONS)
    assert len(ACTIONS) > 50


def test_no_action_changes_a_closed_year(values):
    passed = {}
    for name in ACTIONS:
        try:
            with transaction.atomic():
                call(name, values)
            passed[name] = "went through"
        except ValidationError as error:
            if "已经归档" not in "".join(error.messages):
                passed[name] = error.messages
    assert passed == {}
    assert Competition.objects.get().stage == Competition.Stage.CLOSED


# What is never done in a rehearsal: it would reach what the real competition shares, or go out.
REAL_ONLY = {
    "add_contestants",
    "add_entries",
    "approve_scheme",
    "assign_track",
    "draft_scheme",
    "import_contestants",
    "import_entries",
    "import_terms",
    "move_entry",
    "name_previous",
    "propose_closing",
    "publish_results",
    "publish_rules",
    "publish_scheme",
    "record_involvement",
    "record_term",
    "remove_involvement",
    "restore_entry",
    "return_term_change",
    "save_draft",
    "start_rehearsal",
    "update_contestant",
    "update_entry",
    "verify_term_change",
    "withdraw_entry",
    "withdraw_version",
}


def test_rehearsal_takes_nothing_that_reaches_further(values):
    real = factories.CompetitionFactory()
    Competition.objects.filter(pk=values["competition"].pk).update(
        stage=Competition.Stage.RUNNING, rehearsal_of=real
    )
    refused = set()
    for name in ACTIONS:
        with transaction.atomic():
            try:
                call(name, values)
            except ValidationError as error:
                if "请在正式的比武里办理" in "".join(error.messages):
                    refused.add(name)
            transaction.set_rollback(True)
    assert refused == REAL_ONLY


def test_rules_that_were_never_published_stay_closed(competition, organiser, colleague, now):
    common = {"competition": competition, "now": now}
    setup.draft_scheme(scheme=SCHEME, by=organiser.person, **common)
    setup.approve_scheme(by=colleague.person, **common)
    Competition.objects.filter(pk=competition.pk).update(stage=Competition.Stage.CLOSED)
    for action in (setup.approve_scheme, setup.publish_scheme):
        with pytest.raises(ValidationError, match="已经归档"):
            action(by=colleague.person, **common)
    assert Competition.objects.get().stage == Competition.Stage.CLOSED


def test_a_year_in_which_a_change_of_term_waits_is_not_closed(case, tabulation, organiser, now):
    release(tabulation, organiser, Circle.COUNTY)
    body = {"judge": "j01", "sheets": [{"round": "arena", "entry": "e01", "site": ""}]}
    with transaction.atomic():
        append(chain=case.chain, kind="sheets.submitted", body=body, by="1", now=now)
    setup.record_term(
        competition=case,
        unit=case.entries.get(key="e01").unit,
        person=factories.PersonFactory(),
        since=datetime.date(2022, 11, 1),
        ends_former=True,
        reason="文件",
        by=organiser.person,
        now=now,
    )
    with pytest.raises(ValidationError, match="任期变更"):
        propose(case, organiser)
