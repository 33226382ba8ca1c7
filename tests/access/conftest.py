"""Two demonstrated years of Linhe, and everybody who might come to their doors."""

import datetime
import uuid
from types import SimpleNamespace

import pytest
from django.utils import timezone

from competitions.access import find_roles
from competitions.middleware import SESSION_KEY
from competitions.models import User
from competitions.roles import RoleKind
from tests import factories
from tests.demo.conftest import demonstration  # noqa: F401 - a fixture
from tests.demo.crawl import Visitor
from tests.people import OTHER_HOST


@pytest.fixture(autouse=True)
def _loaded(demonstration, db):  # noqa: F811 - the fixture
    """Every test here works on the demonstration, in a transaction of its own, on the eve of the
    day when its first year went into the archive: every door is still in use."""
    from competitions.models import Competition

    Competition.objects.update(stage=Competition.Stage.RUNNING)


@pytest.fixture
def attend():
    """This function will return a function that gives a visitor's client: see `Visitors`."""
    return Visitors().attend


class Visitors:
    """The people of the matrix, by the names of its columns; those of elsewhere by `far.…`."""

    accounts = {
        "org": "zuzhi1",
        "clk": "jipiao",
        "lead": "lingdao",
        "aud": "jiandu",
        "adm": "guanli",
        "jdg": "pingwei14",
        "sec": "shuji02",
        "nbr": "shuji01",
    }
    granted = {
        "far.org": RoleKind.ORGANISER,
        "far.clk": RoleKind.CLERK,
        "far.lead": RoleKind.LEADER,
        "far.aud": RoleKind.AUDITOR,
    }

    def attend(self, name):
        """This function will return a signed-in client of the visitor; `.user` is the account.

        Made once the demonstration is there; each call signs in anew.
        """
        client = Visitor()
        if name != "anon":
            client.user, kind = self._find(name)
            client.force_login(client.user)
            held = find_roles(client.user.person)
            if {role.kind for role in held} == {RoleKind.JUDGE}:
                kind = RoleKind.JUDGE
            if kind is not None:
                self._act_as(client, [role for role in held if role.kind is kind])
        return client

    def _find(self, name):
        """The account and, for somebody of several capacities, the one to act in."""
        if name in self.accounts:
            return User.objects.get(username=self.accounts[name]), None
        if name == "frm":
            # Secretary of 城关镇 until May 2022, a judge since 2023.
            return User.objects.get(username="pingwei17"), RoleKind.SECRETARY
        if name == "far.jdg":
            return User.objects.get(username="pingwei17"), RoleKind.JUDGE
        known = User.objects.filter(username=name).first()
        return known or self._make(name), None

    def _make(self, name):
        user = factories.UserFactory(username=name, person__name=f"来客{name}")
        if name in self.granted:
            factories.grant(user.person, self.granted[name], OTHER_HOST)
        elif name == "far.sec":
            unit = factories.UnitFactory(name="外县某镇", host_code=OTHER_HOST)
            factories.PartySecretaryFactory(person=user.person, unit=unit)
        elif name == "far.frm":
            unit = User.objects.get(username=self.accounts["sec"]).person.terms.get().unit
            factories.PartySecretaryFactory(
                person=user.person,
                unit=unit,
                since=datetime.date(2016, 1, 1),
                until=datetime.date(2018, 12, 31),
            )
        return user

    @staticmethod
    def _act_as(client, roles):
        """Of a judge's panels the oldest, which is that of the year, comes last."""
        session = client.session
        session[SESSION_KEY] = roles[-1].key
        session.save()


@pytest.fixture
def year():
    """The finished competition, and the keys and numbers that its addresses are made of."""
    from arena.models import Ceremony, Event, PaperSheet, Turn
    from arena.queries.ceremony import read_script
    from competitions.models import (
        Competition,
        Entry,
        Involvement,
        PartySecretary,
        Recusal,
        Role,
        TermChange,
    )
    from publication.models import PublicationVersion
    from rewards.models import MeetingDecision
    from scoring.models import LateSheet, LedgerEvent, Ruling, Sheet, Tabulation

    competition = Competition.objects.get(slug="linhe-2022")
    own = {"competition": competition}
    colleague = User.objects.get(username="zuzhi2")
    # A live event and a ceremony that nobody has begun, and marks that came late.
    now = timezone.now()
    live = Event.objects.create(
        round_key="arena",
        method=Event.Method.SLIPS,
        source="现场摸签",
        announced_by=colleague.person,
        announced_at=now,
        drawn_by=colleague.person,
        drawn_at=now,
        revision=uuid.uuid4(),
        **own,
    )
    for place, one in enumerate(Entry.objects.filter(subject="unit", **own).order_by("id"), 1):
        Turn.objects.create(event=live, entry=one, position=place)
    paper = PaperSheet.objects.create(
        event=live,
        serial="1200010",
        judge=competition.judges.filter(seats__round_key="arena").order_by("id").first(),
        entry=live.turns.first().entry,
        revision=uuid.uuid4(),
    )
    decision = MeetingDecision.objects.filter(state="verified", **own).latest("number")
    _scheme, script, digest = read_script(decision.tabulation, decision)
    Ceremony.objects.create(
        number=1,
        tabulation=decision.tabulation,
        decision=decision,
        script_digest=digest,
        groups=[group.key for group in script],
        made_by=colleague.person,
        made_at=now,
        revision=uuid.uuid4(),
        **own,
    )
    late = LateSheet.objects.create(
        round_key="arena",
        judge=competition.judges.filter(seats__round_key="arena").order_by("id").first(),
        lines=[],
        why="打分已经关闭。",
        receipt="234567",
        received_at=now,
        revision=uuid.uuid4(),
        **own,
    )
    return SimpleNamespace(
        competition=competition,
        late=late.id,
        paper=paper.serial,
        slug=competition.slug,
        entry=Entry.objects.get(unit__name="新华镇", subject="unit", **own).key,
        judge=competition.judges.order_by("number").first().key,
        arena_judge=competition.judges.filter(seats__round_key="arena").first().key,
        sheet=Sheet.objects.filter(round_key="review1", source="paper", **own).first().id,
        term=PartySecretary.objects.filter(unit__entries__competition=competition).first().id,
        term_change=TermChange.objects.get(**own).id,
        recusal=Recusal.objects.filter(judge__competition=competition).first().id,
        involvement=Involvement.objects.filter(person__judgeships__competition=competition)
        .order_by("id")
        .first()
        .id,
        event=LedgerEvent.objects.filter(**own).exclude(evidence="").first().key,
        ruling=Ruling.objects.filter(**own).first().key,
        tabulation=Tabulation.objects.get(**own).number,
        decision=MeetingDecision.objects.get(**own).number,
        version=PublicationVersion.objects.get(circle="county", kind="results", **own).number,
        account=colleague.id,
        role=Role.objects.get(person=colleague.person).id,
    )
