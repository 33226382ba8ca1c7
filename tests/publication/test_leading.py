"""The leading group's own list: what has been laid before it, and nothing else."""

import pytest
from django.urls import reverse

from publication.models import Circle
from tests.publication.releasing import release

pytestmark = pytest.mark.django_db


def test_leader_starts_at_the_list_of_results_laid_before_him(client, case, tabulation, leader):
    client.force_login(leader)
    assert client.get("/").headers["Location"] == reverse("leading_list")
    assert "还没有送审的结果" in client.get(reverse("leading_list")).content.decode()
    release(tabulation, leader, Circle.LEADING)
    page = client.get(reverse("leading_list")).content.decode()
    assert reverse("leading_page", args=[case.slug]) in page


def test_leading_list_shows_nothing_to_another_county(client, case, tabulation, outsider):
    release(tabulation, outsider, Circle.LEADING)
    client.force_login(outsider)
    assert case.slug not in client.get(reverse("leading_list")).content.decode()


def test_leading_list_turns_others_away(client, clerk, leader):
    assert client.get(reverse("leading_list")).status_code == 302
    client.force_login(clerk)
    assert client.get(reverse("leading_list")).status_code == 403
    client.force_login(leader)
    assert client.post(reverse("leading_list")).status_code == 405


def test_clerk_sees_no_link_to_pages_of_the_leading_group(client, case, tabulation, clerk, auditor):
    release(tabulation, auditor, Circle.LEADING)
    link = reverse("leading_page", args=[case.slug])
    client.force_login(clerk)
    assert link not in client.get(reverse("work_publish", args=[case.slug])).content.decode()
    client.force_login(auditor)
    assert link in client.get(reverse("work_publish", args=[case.slug])).content.decode()
