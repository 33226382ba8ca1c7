"""The living page of components: every sample page renders, and only outside production."""

import pytest
from django.urls import reverse

from config.styleguide import PAGES
from config.views import server_error

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", sorted(PAGES))
def test_styleguide_page_renders_without_inline_style_or_script(client, page):
    response = client.get(reverse("styleguide_page", args=[page]))
    text = response.content.decode()
    assert response.status_code == 200
    assert "演示数据，非真实结果" in text
    assert " style=" not in text
    assert "<style" not in text
    assert " onclick=" not in text
    assert text.count("<h1") == 1


def test_styleguide_unknown_page_is_not_found(client):
    assert client.get(reverse("styleguide_page", args=["nothing"])).status_code == 404


def test_unknown_address_shows_the_house_page(client):
    response = client.get("/no/such/page/")
    assert response.status_code == 404 and "no-store" in response["Cache-Control"]
    assert "没有找到这一页" in response.content.decode()


def test_server_error_page_needs_no_request():
    response = server_error(None)
    assert response.status_code == 500
    assert "这次操作没有完成" in response.content.decode()
