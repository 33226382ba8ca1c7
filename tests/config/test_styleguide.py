"""The living page of components: every sample page renders, and only outside production."""

import pytest
from django.urls import reverse

from config.styleguide import PAGES

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
