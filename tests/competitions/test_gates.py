"""What a gate says of its answers: which of them a browser may keep."""

from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from competitions.checks import routes
from competitions.gates import enter
from competitions.middleware import private_pages
from competitions.roles import RoleKind

CLERK = {RoleKind.CLERK}
CLOSED_FORMS = {"work_rules_draft", "work_schedule", "work_scheme", "work_scheme_part"}


def ask(own="", kind=RoleKind.CLERK, status=200, **gate):
    """This function will return the Cache-Control of a guarded view's answer to a clerk."""

    @enter(**gate)
    def view(request):
        return HttpResponse("", status=status, headers={"Cache-Control": own} if own else {})

    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=kind is not None)
    request.role = SimpleNamespace(kind=kind)
    request.resolver_match = SimpleNamespace(func=view)
    return private_pages(view)(request).headers.get("Cache-Control", "")


@pytest.mark.parametrize("gate", [{"read": CLERK}, {"read": CLERK, "write": CLERK}])
def test_what_not_everybody_may_read_is_kept_by_no_browser(gate):
    assert "no-store" in ask(**gate)


def test_gate_that_sends_a_reader_to_the_signin_page_lets_no_browser_keep_that():
    assert "no-store" in ask(kind=None, read=CLERK)


def test_view_that_says_how_long_its_answer_keeps_is_left_alone():
    assert ask("private, max-age=9", read=CLERK) == "private, max-age=9"


def test_public_page_and_long_form_may_be_kept():
    assert ask(read={RoleKind.ANYONE}) == ""
    assert ask(read=CLERK, write=CLERK, kept=True) == ""


@pytest.mark.parametrize("gate", [{"read": {RoleKind.ANYONE}}, {"read": CLERK, "kept": True}])
def test_refusal_of_a_page_that_may_be_kept_is_not_kept(gate):
    assert "no-store" in ask(status=404, **gate)


def test_only_long_forms_without_results_may_be_kept_beside_public_pages():
    kept = {
        name
        for _path, name, view in routes()
        if view.gate.kept and RoleKind.ANYONE not in view.gate.read | view.gate.write
    }
    assert kept == CLOSED_FORMS
