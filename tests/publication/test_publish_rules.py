"""Rules are made known on their own, from the moment they are published, and never withdrawn."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from publication import actions
from publication.models import Circle, PublicationVersion
from record.queries import verify_chain
from tests.publication.releasing import release, text


def test_rules_are_open_to_the_county_from_the_moment_they_are_published(client, case, organiser):
    actions.publish_rules(competition=case, by=organiser.person, now=timezone.now())
    page = client.get(f"/c/{case.slug}/rules/").content.decode()
    assert "农民人均收入" in page
    assert client.get(f"/c/{case.slug}/ranking/").status_code == 404


def test_published_rules_are_not_withdrawn_but_changed(client, case, organiser):
    rules = actions.publish_rules(competition=case, by=organiser.person, now=timezone.now())
    client.force_login(organiser)
    url = reverse("work_withdraw", args=[case.slug, rules.number])
    assert url not in text(client, "work_publish", case.slug)
    page = client.post(url, {"op": str(uuid.uuid4()), "reason": "有误"}).content.decode()
    assert "公布的规则不能撤回" in page and "撤回公布</button>" not in page
    with pytest.raises(ValidationError, match="修改规则"):
        actions.withdraw_version(
            version=rules, reason="有误", by=organiser.person, now=timezone.now()
        )
    assert client.get(f"/c/{case.slug}/rules/").status_code == 200


def test_rules_withdrawn_in_an_older_release_get_their_page_back(client, case, organiser):
    rules = actions.publish_rules(competition=case, by=organiser.person, now=timezone.now())
    client.force_login(organiser)
    assert "重新公布规则页" not in text(client, "work_publish", case.slug)
    PublicationVersion.objects.update(withdrawn_at=timezone.now(), withdrawn_reason="有误")
    assert client.get(f"/c/{case.slug}/").status_code == 404
    assert "重新公布规则页" in text(client, "work_publish", case.slug)
    sent = {"op": str(uuid.uuid4()), "again": "rules"}
    for _ in range(2):
        client.post(reverse("work_publish", args=[case.slug]), sent)
    assert client.get(f"/c/{case.slug}/rules/").status_code == 200
    again = PublicationVersion.objects.in_force().get()
    assert again.number == rules.number + 1
    assert again.contents["scheme_digest"] == rules.contents["scheme_digest"]
    assert verify_chain(case.chain).ok


def test_publish_page_opens_the_rules_themselves_and_names_their_version(
    client, case, tabulation, organiser
):
    actions.publish_rules(competition=case, by=organiser.person, now=timezone.now())
    release(tabulation, organiser, Circle.COUNTY)
    client.force_login(organiser)
    page = text(client, "work_publish", case.slug)
    assert f'href="/c/{case.slug}/rules/">查看' in page and f'href="/c/{case.slug}/">查看' in page
    assert "（规则第 1 版）" in page
