"""What readers verify a published result with: the page, the bundle and the verifier, stored."""

import hashlib
import io
import subprocess
import sys
import uuid

import pytest
from django.utils import timezone

from publication import actions
from publication.bundle.read import read_bundle
from publication.models import Circle, PublishedPage
from publication.verifier import build_verifier
from record.models import Revision
from tests.publication.releasing import release

pytestmark = pytest.mark.django_db

PLACES = {Circle.LEADING: "leading", Circle.COUNTY: "c", Circle.PUBLIC: "g"}


def addresses(slug, circle, number=1):
    """The page and its two downloads."""
    base = f"/{PLACES[circle]}/{slug}/verify/"
    return base, f"{base}{slug}-{number}.zip", f"{base}leitai-verify.pyz"


@pytest.mark.parametrize("circle", [Circle.COUNTY, Circle.PUBLIC])
def test_results_lead_by_one_link_to_what_verifies_them(
    client, case, tabulation, organiser, circle, tmp_path
):
    version = release(tabulation, organiser, circle)
    page, bundle, verifier = addresses(case.slug, circle)
    for stored in PublishedPage.objects.filter(content_type__startswith="text/html"):
        links = bytes(stored.body).decode().count(f'href="{page}"')
        assert links == (0 if stored.path.startswith("own/") else 1), stored.path
    words = client.get(page).content.decode()
    files = {}
    for address in (bundle, verifier):
        answer = client.get(address)
        name = address.rsplit("/", 1)[1]
        assert f'href="{address}"' in words
        assert answer.headers["Content-Disposition"] == "attachment"
        assert hashlib.sha256(answer.content).hexdigest() in words
        files[name] = tmp_path / name
        files[name].write_bytes(answer.content)
    assert files["leitai-verify.pyz"].read_bytes() == build_verifier()
    command = f"python3 -I -S leitai-verify.pyz {case.slug}-1.zip"
    assert command in words
    done = subprocess.run(
        [sys.executable, *command.split()[1:]],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "核验通过" in done.stdout.splitlines()[-1]
    entries = Revision.objects.of_chain(case.chain).filter(
        op_id__in=[version.revision, tabulation.revision]
    )
    for digest in (*(item.digest for item in entries), version.contents_digest):
        assert digest in words
        assert digest in done.stdout


def test_files_stay_as_they_were_stored_whatever_comes_later(client, case, tabulation, organiser):
    version = release(tabulation, organiser, Circle.COUNTY)
    _, bundle, verifier = addresses(case.slug, Circle.COUNTY)
    before = [client.get(address).content for address in (bundle, verifier)]
    release(tabulation, organiser, Circle.LEADING)
    case.title = "改过的名称"
    case.save()
    assert [client.get(address).content for address in (bundle, verifier)] == before
    with read_bundle(io.BytesIO(before[0])) as opened:
        assert opened.about["head"] == Revision.objects.get(op_id=version.revision).digest


def test_addresses_go_with_their_version(client, case, tabulation, organiser):
    release(tabulation, organiser, Circle.COUNTY)
    old, new = (addresses(case.slug, Circle.COUNTY, number) for number in (1, 2))
    version = release(tabulation, organiser, Circle.COUNTY)
    assert client.get(old[1]).status_code == 404
    assert [client.get(address).status_code for address in new] == [200, 200, 200]
    actions.withdraw_version(
        version=version,
        reason="核对后再公布",
        by=organiser.person,
        now=timezone.now(),
        op=uuid.uuid4(),
    )
    assert [client.get(address).status_code for address in new] == [410, 410, 410]


def test_leading_groups_files_are_for_its_members_only(
    client, case, judge, tabulation, organiser, leader, outsider
):
    release(tabulation, organiser, Circle.LEADING)
    for address in addresses(case.slug, Circle.LEADING):
        client.logout()
        assert client.get(address).status_code == 302
        for user, expected in [(leader, 200), (judge, 403), (outsider, 404)]:
            client.force_login(user)
            answer = client.get(address)
            assert answer.status_code == expected, (address, user)
        client.force_login(leader)
        assert client.get(address).headers["Cache-Control"] == "private, no-store"
    for address in addresses(case.slug, Circle.COUNTY) + addresses(case.slug, Circle.PUBLIC):
        assert client.get(address).status_code == 404


def test_rules_and_units_own_parts_have_nothing_to_verify(client, case, tabulation, organiser):
    release(tabulation, organiser, Circle.UNIT)
    actions.publish_rules(
        competition=case, by=organiser.person, now=timezone.now(), op=uuid.uuid4()
    )
    assert not PublishedPage.objects.filter(path__startswith="verify/").exists()
    assert "核验" not in client.get(f"/c/{case.slug}/").content.decode()
