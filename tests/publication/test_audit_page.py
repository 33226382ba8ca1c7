"""The audit chain on a page: an auditor reads of her county's people; the rest leaves no gap."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from competitions import actions
from competitions.actions.signins import note_failure, note_success
from competitions.roles import RoleKind
from record.models import Revision
from tests import factories

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = factories.HOST, "150825"


def account(name, kind=None, host_code=HERE):
    """An account with its revision, and with a role by the front door."""
    admin = factories.UserFactory().person
    person = factories.PersonFactory(name=name)
    act = {"by": admin, "now": timezone.now()}
    user, _password = actions.create_account(
        person=person, username=f"user-{uuid.uuid4().hex[:8]}", op_id=uuid.uuid4(), **act
    )
    if kind:
        actions.grant_role(person=person, kind=kind, host_code=host_code, **act)
    return user


def rows_of(client):
    """{number: text of the row} of the page."""
    text = client.get("/audit/").content.decode()
    body = text.partition("<tbody>")[2].partition("</tbody>")[0]
    rows = {}
    for row in body.split("<tr>")[1:]:
        rows[int(row.partition('data-label="序号">')[2].partition("<")[0])] = row
    return rows


@pytest.fixture
def auditor(client):
    user = factories.UserFactory()
    factories.grant(user.person, RoleKind.AUDITOR)
    client.force_login(user)
    return user


def test_auditor_reads_her_own_county_and_sees_that_there_is_more(client, auditor):
    near = account("本县计票员", RoleKind.CLERK)
    far = account("外县计票员", RoleKind.CLERK, ELSEWHERE)
    for user in (near, far):
        note_success(user=user, address="10.9.8.7", now=timezone.now())
    note_failure(username="nobody", address="10.6.6.6", now=timezone.now())
    rows = rows_of(client)
    kinds = dict(Revision.objects.filter(chain="audit").values_list("seq", "kind"))
    assert rows.keys() == kinds.keys()
    shown = {kinds[seq] for seq, row in rows.items() if "本县计票员" in row}
    assert shown == {"account.created", "role.granted", "signin.ok"}
    others = [row for row in rows.values() if "其他地区的一条记录" in row]
    assert len(others) == 4
    assert all("record-body" not in row for row in others)
    text = client.get("/audit/").content.decode()
    for secret in ("外县计票员", ELSEWHERE, "10.6.6.6", far.username):
        assert secret not in text
    assert "10.9.8.7" in text and "计票员" in text


def test_own_county_has_its_judges_and_secretaries_now_and_before(client, auditor):
    judge, secretary, stranger = (account(name) for name in ("评委甲", "书记乙", "路人丙"))
    competition = factories.CompetitionFactory()
    factories.JudgeFactory(competition=competition, person=judge.person)
    factories.PartySecretaryFactory(person=secretary.person)
    far = factories.CompetitionFactory(host_code=ELSEWHERE)
    factories.JudgeFactory(competition=far, person=stranger.person)
    text = client.get("/audit/").content.decode()
    assert "评委甲" in text and "书记乙" in text and "路人丙" not in text


def test_own_county_keeps_who_switched_roles_and_who_left(client, auditor):
    user = account("老计票员", RoleKind.CLERK)
    role = user.person.roles.get()
    actions.end_role(role=role, by=factories.PersonFactory(), now=timezone.now())
    assert not user.person.roles.exists()
    kinds = dict(Revision.objects.filter(chain="audit").values_list("seq", "kind"))
    shown = {kinds[seq] for seq, row in rows_of(client).items() if "老计票员" in row}
    # The role was undone on its first day: what was said of it in the county stays.
    assert shown == {"role.granted", "role.ended"}


def test_whole_chain_is_counted_and_verified(client, auditor):
    account("外县人", RoleKind.CLERK, ELSEWHERE)
    last = Revision.objects.filter(chain="audit").order_by("seq").last()
    text = client.get("/audit/", {"verify": "1"}).content.decode()
    assert "核验通过" in text and last.digest in text and f"共 {last.seq} 条" in text


def test_page_takes_the_same_queries_however_many_people(client, auditor):
    def queries():
        with CaptureQueriesContext(connection) as taken:
            client.get("/audit/")
        return len(taken)

    account("第一人", RoleKind.CLERK)
    client.get("/audit/")
    few = queries()
    for number in range(10):
        account(f"第{number}人", RoleKind.CLERK, ELSEWHERE if number % 2 else HERE)
    assert queries() == few
