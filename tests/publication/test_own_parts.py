"""Staff see what was sent to each unit, byte for byte, and nobody else does."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from competitions.roles import ActiveRole, RoleKind
from publication import actions
from publication.access import get_own_results
from publication.models import Circle
from tests.publication.releasing import release, secretary_of, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(tabulation, organiser):
    """The version that was sent to the units."""
    return release(tabulation, organiser, Circle.UNIT)


def test_part_is_what_the_secretary_reads(client, case, sent, auditor):
    client.force_login(auditor)
    shown = text(client, "work_own_part", case.slug, sent.number, "s01")
    term = case.entries.get(key="s01").term
    read = get_own_results(ActiveRole(RoleKind.SECRETARY, "", subject=term.id), case.slug)
    assert len(read.fragments) == 2
    assert all(fragment in shown for fragment in read.fragments)
    other = text(client, "work_own_part", case.slug, sent.number, "s02")
    assert not any(fragment in other for fragment in read.fragments)
    assert f"http://testserver/mine/{case.slug}/" in shown


def test_list_says_who_opens_which_part_and_who_cannot(client, case, sent, organiser):
    account = secretary_of("s01", case)
    client.force_login(organiser)
    page = text(client, "work_own_parts", case.slug, sent.number)
    assert f"http://testserver/mine/{case.slug}/" in page
    assert account.username in page
    assert "没有账号" in page  # the other unit's secretary
    for key in ("s01", "s02"):
        assert reverse("work_own_part", args=[case.slug, sent.number, key]) in page
    term = case.entries.get(key="s02").term
    term.since = timezone.localdate() + timedelta(days=1)
    term.save()
    page = text(client, "work_own_parts", case.slug, sent.number)
    assert "没有登记党委书记" in page
    assert reverse("work_own_part", args=[case.slug, sent.number, "e02"]) in page


def test_publish_page_leads_organiser_and_auditor_to_the_parts(
    client, case, sent, organiser, auditor, clerk
):
    link = reverse("work_own_parts", args=[case.slug, sent.number])
    for user, expected in ((organiser, True), (auditor, True), (clerk, False)):
        client.force_login(user)
        assert (link in text(client, "work_publish", case.slug)) is expected


def test_withdrawn_version_says_that_nobody_reads_it_now(client, case, sent, organiser):
    actions.withdraw_version(
        version=sent, reason="有误", by=organiser.person, now=timezone.now(), op=uuid.uuid4()
    )
    client.force_login(organiser)
    for name, args in (("work_own_parts", []), ("work_own_part", ["e01"])):
        page = text(client, name, case.slug, sent.number, *args)
        assert "党委书记现在看不到这一版" in page
        assert "现在没有可看的内容" in page


def test_version_that_a_later_one_overtook_says_which_is_read_now(
    client, case, tabulation, sent, organiser
):
    client.force_login(organiser)
    assert "党委书记现在看不到这一版" not in text(client, "work_own_parts", case.slug, sent.number)
    later = release(tabulation, organiser, Circle.COUNTY)
    page = text(client, "work_own_part", case.slug, sent.number, "e01")
    assert f"第 {later.number} 版</a>" in page
    own = text(client, "work_own_part", case.slug, later.number, "e01")
    assert "党委书记现在看不到这一版" not in own


def test_versions_without_parts_and_unknown_units_are_not_found(
    client, case, tabulation, sent, organiser
):
    leading = release(tabulation, organiser, Circle.LEADING)
    client.force_login(organiser)
    for number, key in ((leading.number, "e01"), (sent.number, "e99"), (99, "e01")):
        address = reverse("work_own_part", args=[case.slug, number, key])
        assert client.get(address).status_code == 404
    assert client.get(f"/work/{case.slug}/publish/{leading.number}/own/").status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("clerk", 403), ("leader", 403), ("admin", 403), ("outsider", 404), ("nobody", 403)],
)
def test_others_read_no_part(client, case, sent, request, who, status):
    client.force_login(request.getfixturevalue(who))
    address = reverse("work_own_part", args=[case.slug, sent.number, "e01"])
    assert client.get(address).status_code == status
    client.force_login(secretary_of("s01", case))
    assert client.get(address).status_code == 403
    client.logout()
    assert client.get(address).status_code == 302


def test_part_is_only_read(client, case, sent, organiser):
    client.force_login(organiser)
    for address in (
        reverse("work_own_parts", args=[case.slug, sent.number]),
        reverse("work_own_part", args=[case.slug, sent.number, "e01"]),
    ):
        assert client.post(address).status_code == 405
