"""The years of the demonstration: what they hold, and that loading them again does nothing."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from competitions.models import Competition, Entry, Recusal, User
from competitions.queries import current_scheme_version, scheme_of
from competitions.roadmap import find_todos
from publication.demo import cast
from publication.demo.accounts import PASSWORD, find_accounts
from publication.models import Circle, PublicationVersion
from record.models import Revision
from rewards.queries import find_outcome
from scoring.models import Checked, LedgerEvent, Measurement, Ruling, Sheet, Tabulation
from scoring.queries.evidence import load_evidence
from scoring.rules.tabulate import tabulate

pytestmark = [pytest.mark.usefixtures("demonstration"), pytest.mark.django_db]


def _competition(year):
    return Competition.objects.get(slug=f"linhe-{year}")


def _standing(track):
    competition = _competition(2022)
    result = Tabulation.objects.get(competition=competition, complete=True).result["tracks"][track]
    names = {
        entry.key: entry.unit.name
        for entry in Entry.objects.filter(competition=competition).with_subjects()
    }
    rows = [result["entries"][key] for key in result["order"]]
    return [(row["place"], names[row["entry"]], row["total"]) for row in rows]


def _tabulate_now(year):
    competition = _competition(year)
    scheme = scheme_of(current_scheme_version(competition))
    return tabulate(scheme, load_evidence(competition, scheme))


def test_demo_loaded_again_changes_nothing():
    before = Revision.objects.count(), User.objects.count()
    out = io.StringIO()
    call_command("load_demo", stdout=out)
    assert "没有改动" in out.getvalue()
    assert (Revision.objects.count(), User.objects.count()) == before


@pytest.mark.parametrize("command", ["load_demo", "demo_accounts"])
def test_demo_refuses_real_use(command, settings):
    settings.MODE = "production"
    with pytest.raises(CommandError, match="演示"):
        call_command(command)


def test_record_of_the_demo_verifies():
    out = io.StringIO()
    call_command("verify_record", stdout=out)
    assert "记录核验通过" in out.getvalue()


def test_record_of_the_demo_goes_forward_in_time():
    times = {}
    for chain, at in Revision.objects.order_by("chain", "seq").values_list("chain", "at"):
        times.setdefault(chain, []).append(at)
    assert len(times) == 4
    assert all(found == sorted(found) for found in times.values())


def test_second_year_stands_still_on_the_eve_of_the_arena(client):
    competition = Competition.objects.get(slug="linhe-2023")
    client.force_login(User.objects.get(username="zuzhi1"))
    page = client.get("/work/linhe-2023/")
    assert "演示停在 2023年8月18日" in page.content.decode()
    steps = {step.key: (step.state, step.note) for step in page.context["steps"]}
    assert steps["arena"] == steps["sec-arena"] == ("todo", "8月19日开始")
    assert steps["routine"][0] == "late"
    client.force_login(User.objects.get(username="pingwei09"))
    assert not client.get("/judge/linhe-2023/arena/e01/").context["late"]
    assert competition.moment(timezone.now()) == competition.shown_at


def test_first_year_has_the_expected_standing():
    assert _standing("township") == [
        (1, "新华镇", "93.26"),
        (2, "狼山镇", "91.09"),
        (3, "双河镇", "90.16"),
        (4, "干召庙镇", "88.63"),
        (5, "曙光乡", "86.38"),
        (6, "城关镇", "86.38"),
        (7, "乌兰图克镇", "85.56"),
        (8, "临河农场", "84.56"),
        (9, "白脑包镇", "82.45"),
        (10, "狼山农场", "79.70"),
        (11, "八一乡", "77.80"),
    ]
    leading = [(place, unit) for place, unit, _total in _standing("secretary")[:6]]
    assert leading == [
        (1, "新华镇"),
        (2, "狼山镇"),
        (3, "双河镇"),
        (4, "干召庙镇"),
        (5, "城关镇"),
        (6, "曙光乡"),
    ]


def test_first_year_tie_is_broken_by_the_arena():
    result = _tabulate_now(2022).tracks["township"]
    equal = [item for item in result.entries.values() if item.tie_reason]
    assert sorted((item.place, item.total) for item in equal) == [(5, "86.38"), (6, "86.38")]
    assert all("擂台比武" in item.tie_reason for item in equal)


def test_first_year_is_published_in_every_circle():
    versions = PublicationVersion.objects.in_force().filter(competition=_competition(2022))
    results = versions.filter(kind=PublicationVersion.Kind.RESULTS)
    assert {version.circle for version in results} == set(Circle.values)
    assert versions.filter(kind=PublicationVersion.Kind.RULES).count() == 1


def test_first_year_has_flags_and_a_changed_award():
    outcome = find_outcome(Tabulation.objects.get(competition=_competition(2022), complete=True))
    assert (outcome.red, outcome.yellow) == (3, 1)
    computed = {grant.entry for grant in outcome.computed.awards if grant.award == "good-secretary"}
    final = {grant.entry for grant in outcome.final.awards if grant.award == "good-secretary"}
    assert len(computed) == len(final) == 5
    assert len(computed - final) == len(final - computed) == 1
    assert not outcome.final.undecided


def test_first_year_has_paper_sites_recusals_and_evidence():
    competition = _competition(2022)
    paper = Sheet.objects.filter(competition=competition, source=Sheet.Source.PAPER)
    assert paper.exists()
    assert all(sheet.entered_by_id != sheet.verified_by_id for sheet in paper)
    assert Sheet.objects.filter(competition=competition).exclude(site="").exists()
    kinds = set(
        Recusal.objects.filter(judge__competition=competition).values_list("kind", flat=True)
    )
    assert kinds == {Recusal.Kind.IN_CHARGE, Recusal.Kind.HELD_OFFICE}
    assert LedgerEvent.objects.filter(competition=competition).exclude(evidence="").count() == 3
    criteria = Measurement.objects.filter(competition=competition, round_key="routine")
    assert criteria.values("criterion_key").distinct().count() == 14


def test_second_year_waits_for_the_arena():
    competition = _competition(2023)
    assert not Sheet.objects.filter(competition=competition, round_key="arena").exists()
    result = _tabulate_now(2023)
    assert not result.complete
    without = {item.criterion for item in result.missing if item.round == "routine"}
    assert {"sewage", "collective", "requests", "jobs"} <= without
    states = Measurement.objects.filter(competition=competition, round_key="routine")
    assert {state for (state,) in states.values_list("state").distinct()} == set(
        Checked.State.values
    )
    waiting = Checked.State.ENTERED
    assert Sheet.objects.filter(competition=competition, state=waiting).count() == 11
    assert LedgerEvent.objects.filter(competition=competition, state=waiting).count() == 1
    assert Ruling.objects.filter(competition=competition, state=waiting).count() == 1


def test_second_year_recuses_a_former_secretary_from_his_own_town():
    recusals = Recusal.objects.filter(judge__competition=_competition(2023))
    kinds = recusals.filter(kind=Recusal.Kind.SECRETARY)
    assert {
        (row.judge.person.name, row.entry.unit.name)
        for row in kinds.select_related("judge__person", "entry__unit")
    } == {(cast.FORMER.full_name, "城关镇")}


def test_accounts_cover_every_role_with_one_password(client):
    out = io.StringIO()
    call_command("demo_accounts", stdout=out)
    text = out.getvalue()
    assert PASSWORD in text
    for member in cast.STAFF:
        assert member.username in text
    for _said, username, name, address in find_accounts():
        assert name.endswith(cast.MARK)
        assert client.login(username=username, password=PASSWORD)
        assert client.get("/").url == address, username


def test_second_year_has_a_text_to_paste_for_everything_to_do():
    competition = _competition(2023)
    scheme = scheme_of(current_scheme_version(competition))
    found = find_todos(competition, scheme, competition.moment(timezone.now()))
    assert {"late", "second_person", "missing"} == {todo.kind for todo in found}
    assert all(todo.reminder.startswith("【") for todo in found)


def test_first_years_ranking_says_how_equal_totals_were_settled(client):
    page = client.get("/c/linhe-2022/ranking/").content.decode()
    assert "总分相同的，先后依据写在名称下面" in page
    assert "名次并列" not in page
