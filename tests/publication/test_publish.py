"""Publishing freezes a version for a circle; what the circle must not see is not in it."""

import importlib
import uuid
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from arena.models import Event, Turn
from competitions.access import find_competitions
from competitions.frontdoor import find_published
from competitions.models import User
from competitions.roles import ActiveRole, RoleKind
from publication import access, actions
from publication.models import Circle, PublicationVersion
from record.queries import verify_chain
from scoring.models import Sheet
from tests import factories
from tests.publication.releasing import release, secretary_of, text


def test_county_version_opens_every_page_without_signing_in(client, tabulation, organiser):
    release(tabulation, organiser, Circle.COUNTY)
    slug = tabulation.competition.slug
    for path in ("", "ranking/", "ranking/township/_strokes/", "flags/", "awards/", "entries/"):
        answer = client.get(f"/c/{slug}/{path}")
        assert answer.status_code == 200, path
        assert "狼山镇" in answer.content.decode() or path in ("flags/",)
    assert client.get(f"/c/{slug}/entries/e01/").status_code == 200
    assert client.get(f"/c/{slug}/own/e01").status_code == 404


def test_nothing_is_public_before_it_is_published(client, tabulation):
    slug = tabulation.competition.slug
    for address in (f"/c/{slug}/", f"/g/{slug}/", f"/c/{slug}/ranking/"):
        assert client.get(address).status_code == 404


def test_hall_sees_a_score_before_it_is_published(tabulation, organiser):
    competition = tabulation.competition
    said = {"announced_by": organiser.person, "announced_at": timezone.now()}
    event = Event.objects.create(
        competition=competition, round_key="arena", method="slips", revision=uuid.uuid4(), **said
    )
    entry = competition.entries.get(key="e01")
    turn = Turn.objects.create(event=event, entry=entry, position=1, state="marking")
    with pytest.raises(ValidationError, match="「狼山镇」正在打分，不能公布"):
        release(tabulation, organiser, Circle.LEADING)
    Turn.objects.update(state="closed")
    for circle in (Circle.UNIT, Circle.COUNTY, Circle.PUBLIC):
        with pytest.raises(ValidationError, match=r"会场还没有看到成绩.*请先在现场控制台亮分"):
            release(tabulation, organiser, circle)
    assert not PublicationVersion.objects.filter(kind="results").exists()
    # The leading group examines what it decides on, also before a ceremony.
    release(tabulation, organiser, Circle.LEADING)
    turn.state = "revealed"
    turn.save()
    release(tabulation, organiser, Circle.UNIT)


def test_unit_version_is_read_by_its_own_secretary_only(client, case, tabulation, organiser):
    release(tabulation, organiser, Circle.UNIT)
    assert client.get(f"/c/{case.slug}/").status_code == 404
    client.force_login(secretary_of("s01", case))
    own = text(client, "mine_competition", case.slug)
    assert "狼山镇" in own
    assert "离第" in own or "前面没有别的" in own
    assert "新华镇" not in own


def test_secretary_sees_judges_by_number_never_by_name(client, case, tabulation, organiser):
    release(tabulation, organiser, Circle.UNIT)
    client.force_login(secretary_of("s02", case))
    own = text(client, "mine_competition", case.slug)
    assert "1 号评委" in own
    for sheet in Sheet.objects.select_related("judge__person"):
        assert sheet.judge.person.name not in own
        assert f">{sheet.judge.key}<" not in own


def test_leading_version_is_closed_to_everyone_else(
    client, case, judge, tabulation, organiser, leader, outsider
):
    release(tabulation, organiser, Circle.LEADING)
    url = reverse("leading_page", args=[case.slug])
    assert client.get(url).status_code == 302
    for user, expected in [(leader, 200), (organiser, 200), (judge, 403), (outsider, 404)]:
        client.force_login(user)
        assert client.get(url).status_code == expected, user
    client.force_login(secretary_of("s01", case))
    assert client.get(url).status_code == 403


def test_public_notice_names_winners_and_where_to_object(client, case, tabulation, organiser):
    release(tabulation, organiser, Circle.PUBLIC)
    page = client.get(f"/g/{case.slug}/").content.decode()
    assert "0478-0000000" in page
    assert "2022年9月7日" in page
    assert client.get(f"/g/{case.slug}/ranking/").status_code == 404


def test_incomplete_tabulation_is_not_published(case, organiser):
    Sheet.objects.filter(entry__key="e02").delete()
    from scoring.actions.tabulation import tabulate_competition

    incomplete = tabulate_competition(
        competition=case, by=organiser.person, now=timezone.now(), op=uuid.uuid4()
    )
    with pytest.raises(ValidationError, match="还缺数据"):
        release(incomplete, organiser, Circle.COUNTY)
    assert not PublicationVersion.objects.exists()


def test_published_page_stays_when_evidence_changes_later(client, case, tabulation, organiser):
    release(tabulation, organiser, Circle.COUNTY)
    before = client.get(f"/c/{case.slug}/ranking/").content
    Sheet.objects.update(marks={"speech": "10"})
    assert client.get(f"/c/{case.slug}/ranking/").content == before


def test_stored_result_that_its_evidence_does_not_give_is_not_published(tabulation, organiser):
    result = tabulation.result
    result["tracks"]["township"]["entries"]["e02"]["total"] = "99.99"
    type(tabulation).objects.filter(id=tabulation.id).update(result=result, result_digest="0" * 64)
    tabulation.refresh_from_db()
    with pytest.raises(ValidationError, match="不符"):
        release(tabulation, organiser, Circle.COUNTY)


def test_new_version_replaces_the_old_and_both_stay_in_the_record(case, tabulation, organiser):
    first = release(tabulation, organiser, Circle.COUNTY)
    second = release(tabulation, organiser, Circle.COUNTY)
    first.refresh_from_db()
    assert first.withdrawn_at is not None
    assert second.number == first.number + 1
    assert PublicationVersion.objects.in_force().get() == second
    assert verify_chain(case.chain).ok


def test_publishing_twice_with_one_operation_makes_one_version(tabulation, organiser):
    op = uuid.uuid4()
    assert release(tabulation, organiser, Circle.UNIT, op=op) == release(
        tabulation, organiser, Circle.UNIT, op=op
    )
    assert PublicationVersion.objects.count() == 1


def test_withdrawn_version_vanishes_at_once(client, case, tabulation, organiser):
    version = release(tabulation, organiser, Circle.COUNTY)
    assert client.get(f"/c/{case.slug}/").status_code == 200
    client.force_login(organiser)
    url = reverse("work_withdraw", args=[case.slug, version.number])
    assert client.post(url, {"op": str(uuid.uuid4()), "reason": ""}).status_code == 200
    assert client.get(f"/c/{case.slug}/").status_code == 200
    client.post(url, {"op": str(uuid.uuid4()), "reason": "数据有误"})
    for path in ("", "ranking/", "entries/e01/", "verify/"):
        answer = client.get(f"/c/{case.slug}/{path}")
        assert answer.status_code == 410, path
        page = answer.content.decode()
        assert (
            "结果已于" in page
            and "撤回" in page
            and "狼山镇" not in page
            and "数据有误" not in page
        )
    assert client.get(f"/g/{case.slug}/").status_code == 404
    actions.publish_rules(competition=case, by=organiser.person, now=timezone.now())
    overview = client.get(f"/c/{case.slug}/")
    assert overview.status_code == 200 and "结果已于" in overview.content.decode()
    assert client.get(f"/c/{case.slug}/rules/").status_code == 200
    gone = client.get(f"/c/{case.slug}/ranking/")
    assert (gone.status_code, gone.context["tabs"][1]) == (410, ("规则", f"/c/{case.slug}/rules/"))
    assert [item.note for item in find_published()] == ["规则已公布，结果已撤回"]
    release(tabulation, organiser, Circle.COUNTY)
    assert [item.note[:5] for item in find_published()] == ["结果已公布"]
    assert "结果已于" not in client.get(f"/c/{case.slug}/").content.decode()


def test_versions_say_whether_they_were_replaced_or_withdrawn(case, tabulation, organiser):
    first, second = (release(tabulation, organiser, Circle.COUNTY) for _ in range(2))
    # A reason that is worded like a replacement is none.
    actions.withdraw_version(
        version=second, reason="已由第 9 版替代", by=organiser.person, now=timezone.now()
    )
    ended = [version.ended for version in PublicationVersion.objects.order_by("number")]
    assert ended == ["已被新版替代", "已撤回"]
    first.refresh_from_db()
    assert first.replaced_by == second
    # What older rows say in words only becomes a fact by the migration.
    PublicationVersion.objects.update(replaced_by=None)
    migration = importlib.import_module("publication.migrations.0003_replaced_by")
    migration.read_reasons(apps, connection.schema_editor())
    first.refresh_from_db()
    assert (first.replaced_by, PublicationVersion.objects.get(id=second.id).replaced_by) == (
        second,
        None,
    )


def test_publish_page_asks_for_the_notice_facts(client, case, tabulation, organiser):
    client.force_login(organiser)
    url = reverse("work_publish", args=[case.slug])
    answer = client.post(
        url, {"op": str(uuid.uuid4()), "tabulation": 1, "circle": "public", "sure": "on"}
    )
    assert "社会公示须写明公示开始日期" in answer.content.decode()
    today = timezone.localdate()
    notice = {"circle": "public", "since": today - timedelta(days=9), "telephone": "0"}
    notice |= {"tabulation": 1, "address": "组织部", "sure": "on"}
    yesterday = {"op": uuid.uuid4(), "until": today - timedelta(days=1)}
    form = client.post(url, {**notice, **yesterday}).context["form"]
    assert list(form.errors) == ["until"]
    assert "已经结束，没有人还能提出异议。请把公示结束日期改为" in form.errors["until"][0]
    assert not PublicationVersion.objects.exists()
    # Its last day still counts.
    assert client.post(url, {**notice, "op": uuid.uuid4(), "until": today}).status_code == 302
    assert PublicationVersion.objects.get().circle == Circle.PUBLIC
    answer = client.post(
        url, {"op": str(uuid.uuid4()), "tabulation": 1, "circle": "county", "sure": "on"}
    )
    assert answer.status_code == 302
    assert PublicationVersion.objects.latest("number").circle == Circle.COUNTY


def test_publish_is_read_only_for_auditors_and_clerks(client, case, tabulation, auditor, clerk):
    url = reverse("work_publish", args=[case.slug])
    for user in (auditor, clerk):
        client.force_login(user)
        assert client.get(url).status_code == 200
        assert client.post(url, {"circle": "county", "sure": "on"}).status_code == 403


def test_record_page_verifies_and_shows_bodies_to_the_auditor_only(
    client, case, tabulation, organiser, auditor
):
    url = reverse("work_record", args=[case.slug])
    client.force_login(auditor)
    page = client.get(url, {"verify": "1"}).content.decode()
    assert "核验通过" in page
    assert "record-body" in page
    client.force_login(organiser)
    assert "record-body" not in client.get(url).content.decode()


def test_former_secretary_reads_only_his_own_years(client, case, tabulation, organiser):
    release(tabulation, organiser, Circle.UNIT)
    unit = case.entries.get(key="e01").unit
    former = factories.PartySecretaryFactory(
        unit=unit, since="2018-01-01", until="2019-12-31", person__name="前任书记"
    )
    user = User.objects.create(username="former", person=former.person)
    client.force_login(user)
    assert client.get(reverse("mine_competition", args=[case.slug])).status_code == 404


def test_front_door_lists_what_is_published_once_each(client, case, tabulation, organiser):
    assert case.title not in client.get("/").content.decode()
    release(tabulation, organiser, Circle.LEADING)
    assert case.title not in client.get("/").content.decode()
    release(tabulation, organiser, Circle.COUNTY)
    assert client.get("/").content.decode().count(case.title) == 1


def test_county_ranking_draws_what_each_round_adds_to_the_total(
    client, case, tabulation, organiser
):
    release(tabulation, organiser, Circle.COUNTY)
    page = client.get(f"/c/{case.slug}/ranking/").content.decode()
    rows = tabulation.result["tracks"]["township"]["entries"].values()
    for row in rows:
        for item in row["rounds"].values():
            assert f" {item['contribution']}</title>" in page


def test_secretary_named_but_not_in_office_yet_reads_nothing(client, case, tabulation, organiser):
    release(tabulation, organiser, Circle.UNIT)
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)
    unit = case.entries.get(key="e01").unit
    unit.secretaries.filter(until=None).update(until=today)
    named = factories.PartySecretaryFactory(unit=unit, since=tomorrow)
    client.force_login(factories.UserFactory(person=named.person))
    assert client.get("/mine/").status_code == 403
    assert client.get(f"/mine/{case.slug}/").status_code == 403
    role = ActiveRole(RoleKind.SECRETARY, "", subject=named.id)
    assert not find_competitions(role).exists()
    with pytest.raises(Http404):
        access.get_own_results(role, case.slug)
    named.since = today
    named.save()
    assert client.get(f"/mine/{case.slug}/").status_code == 200


def test_auditor_reads_and_verifies_the_chain_of_accounts(client, auditor, admin, organiser):
    client.force_login(admin)
    post = {"op": uuid.uuid4(), "kind": "clerk", "host": "150802"}
    client.post(f"/accounts/{factories.UserFactory().id}/roles/", post)
    assert client.get("/audit/").status_code == 403
    client.force_login(organiser)
    assert client.get("/audit/").status_code == 403
    assert "/audit/" not in client.get("/work/").content.decode()
    client.force_login(auditor)
    assert 'href="/audit/"' in client.get("/work/").content.decode()
    page = client.get("/audit/").content.decode()
    assert "授予角色" in page
    assert admin.person.name in page
    assert "核验通过" not in page
    assert "核验通过" in client.get("/audit/", {"verify": "1"}).content.decode()
    assert client.post("/audit/").status_code == 405


def test_tabulation_that_evidence_has_overtaken_is_not_published(
    client, case, tabulation, organiser
):
    Sheet.objects.filter(entry__key="e02").update(marks={"speech": "95"})
    with pytest.raises(ValidationError, match="重新统分"):
        release(tabulation, organiser, Circle.COUNTY)
    client.force_login(organiser)
    assert "已经过时" in client.get(reverse("work_publish", args=[case.slug])).content.decode()


def test_publishing_what_the_organiser_did_not_see_is_refused(client, case, tabulation, organiser):
    client.force_login(organiser)
    data = {"op": str(uuid.uuid4()), "tabulation": 7, "circle": "county", "sure": "on"}
    answer = client.post(reverse("work_publish", args=[case.slug]), data)
    assert "又有新的统分" in answer.content.decode()
    assert not PublicationVersion.objects.exists()


def test_withdrawn_county_version_does_not_bring_an_older_one_back_to_secretaries(
    client, case, tabulation, organiser
):
    release(tabulation, organiser, Circle.UNIT)
    county = release(tabulation, organiser, Circle.COUNTY)
    actions.withdraw_version(
        version=county, reason="数据有误", by=organiser.person, now=timezone.now()
    )
    client.force_login(organiser)
    page = text(client, "work_publish", case.slug)
    assert "不再显示" in page and "它撤回了，这一版也不恢复" in page and "state-done" not in page
    client.force_login(secretary_of("s01", case))
    page = text(client, "mine_competition", case.slug)
    assert "结果已于 20" in page and "撤回" in page and "结果还没有公布" not in page
