"""Every route, asked by everybody: the answers stand in matrix.txt, written by hand."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.template.response import SimpleTemplateResponse
from django.urls import resolve

from competitions import roadmap
from competitions.checks import routes
from record.models import Revision
from tests.access.addresses import addresses_of
from tests.demo.crawl import text_of

# Who may enter does not depend on the database; tests/demo/test_pages.py opens every page on both.
pytestmark = pytest.mark.sqlite
OWN = ["anon", "none", "org", "clk", "lead", "aud", "adm", "jdg", "sec", "nbr", "frm"]
FAR = [f"far.{name}" for name in ["org", "clk", "lead", "aud", "jdg", "sec", "frm"]]
COLUMNS = OWN + FAR
# Said of a list for the organiser and the auditor only, and of the policy in the public rules.
PROMOTED = "优先推荐使用"


def read_matrix():
    """This function will return {(route, method): {visitor: answer}} from matrix.txt."""
    found = {}
    for line in Path(__file__).with_name("matrix.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        route, method, *answers = line.split()
        if answers[1:] == ["for", "all"]:
            answers = answers[:1] * len(COLUMNS)
        assert (route, method) not in found, f"{route} {method} stands in the matrix twice."
        cells = ["403" if answer == "." else answer for answer in answers]
        found[route, method] = dict(zip(COLUMNS, cells, strict=True))
    return found


MATRIX = read_matrix()


def test_matrix_has_every_route_once_for_reading_and_once_for_writing():
    named = {name for _path, name, _view in routes()}
    assert None not in named, "A route without a name cannot stand in the matrix."
    assert {route for route, _method in MATRIX} == named
    assert len(MATRIX) == 2 * len(named)


def test_addresses_lead_to_every_route(year):
    asked = {
        (resolve(urlsplit(address).path).url_name, resolve(urlsplit(address).path).route)
        for addresses in addresses_of(year).values()
        for address in addresses
    }
    assert asked == {(name, path) for path, name, _view in routes()}


@pytest.fixture
def bare(visitor, monkeypatch):
    """Answers without what decides nothing about them and took half of the time: the road map in
    the frame, and for those who may read of promotions, the pages that are not of awards. Gate,
    access and view have spoken before either; made whole these pages are crawled."""
    monkeypatch.setattr(roadmap, "_step_providers", [])
    if visitor in ("org", "aud"):
        made = SimpleTemplateResponse.rendered_content.fget
        monkeypatch.setattr(
            SimpleTemplateResponse,
            "rendered_content",
            property(lambda page: made(page) if page.template_name.startswith("rewards/") else ""),
        )


@pytest.mark.usefixtures("bare")
@pytest.mark.parametrize("visitor", COLUMNS)
def test_every_route_answers_as_the_matrix_says(visitor, attend, year):
    revisions = Revision.objects.count()
    surprises, promoted = [], set()
    client = attend(visitor)
    for route, addresses in addresses_of(year).items():
        for method in ("GET", "POST"):
            expected = MATRIX[route, method][visitor]
            for address in addresses:
                answer = client.generic(method, address)
                got = answer_of(answer)
                if PROMOTED in text_of(answer) and "/rules/" not in address:
                    promoted.add(address)
                if got != expected:
                    surprises.append(f"{method} {address}: {expected} expected, {got} came")
        if route == "signout":
            client = attend(visitor)
    assert not surprises, "\n".join([f"As {visitor}:", *surprises])
    assert Revision.objects.count() == revisions, "An empty form was taken."
    assert promoted == ({f"/work/{year.slug}/awards/"} if visitor in ("org", "aud") else set())


def answer_of(response):
    """This function will return the cell of the matrix that an answer is."""
    if response.status_code == 302 and response["Location"].startswith("/signin/?next="):
        return "in"
    return str(response.status_code)
