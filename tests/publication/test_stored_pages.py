"""Stored pages are sent as they are: packed where the reader takes it, once while unchanged."""

import pytest

from publication.models import Circle
from tests.publication.releasing import release


def test_page_is_sent_compressed_and_unchanged_pages_are_not_sent_again(
    client, case, tabulation, organiser
):
    release(tabulation, organiser, Circle.COUNTY)
    url = f"/c/{case.slug}/ranking/"
    packed = client.get(url, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    again = client.get(url, headers={"If-None-Match": packed.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br, gzip; q=0.0", "*;q=0"])
def test_page_is_sent_plain_to_who_refuses_gzip(client, case, tabulation, organiser, accepted):
    release(tabulation, organiser, Circle.COUNTY)
    answer = client.get(f"/c/{case.slug}/", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert "狼山镇" in answer.content.decode()


def test_page_stored_without_a_packed_copy_is_sent_plain(client, case, tabulation, organiser):
    version = release(tabulation, organiser, Circle.COUNTY)
    version.pages.update(gzipped=None)
    answer = client.get(f"/c/{case.slug}/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert "狼山镇" in answer.content.decode()


def test_stored_page_leads_who_is_signed_in_to_her_work(client, case, tabulation, organiser):
    release(tabulation, organiser, Circle.COUNTY)
    page = client.get(f"/c/{case.slug}/").content.decode()
    assert ">工作台</a>" in page and ">登录</a>" not in page
    assert client.get("/signin/").status_code == 200
    client.force_login(organiser)
    assert client.get("/signin/").url == "/work/"
