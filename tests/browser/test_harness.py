"""The harness itself: a fault on a page must never pass unseen."""

import pytest

from config.middleware import CONTENT_SECURITY_POLICY
from tests.browser.harness import assert_accessible, assert_fits, sign_in, sign_out

pytestmark = pytest.mark.once


def serve(page, body):
    """This function will let the address /trial answer with `body` under the product's policy."""
    page.route(
        "**/trial",
        lambda route: route.fulfill(
            body=f"<!doctype html><html lang='zh'><title>试页</title><main>{body}</main></html>",
            content_type="text/html; charset=utf-8",
            headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY},
        ),
    )
    page.goto("/trial")


@pytest.mark.parametrize(
    "body",
    [
        "<script>document.title = '改了'</script>",
        "<p style='color: red'>红</p>",
        "<img alt='' src='/healthz?nowhere' onerror='alert(1)'>",
        "<img alt='' src='https://example.invalid/x.png'>",
    ],
)
def test_page_breaking_the_policy_is_a_fault(page, faults, body):
    serve(page, body)
    page.wait_for_load_state("networkidle")
    assert any("Content Security Policy" in fault for fault in faults.found), faults.found
    faults.found.clear()


def test_missing_address_is_a_fault_unless_expected(page, faults):
    faults.expect(404)
    page.goto("/no-such-page/")
    assert faults.found == []
    faults.expected.clear()
    page.goto("/no-such-page/")
    assert [fault.split(":")[0] for fault in faults.found] == ["answer 404"]
    faults.found.clear()


def test_sign_in_names_the_person_in_the_frame_and_sign_out_forgets_her(page, faults, organiser):
    faults.expect(404)
    sign_in(page, organiser)
    page.goto("/no-such-page/")
    assert organiser.person.name in page.inner_text("body")
    sign_out(page)
    page.goto("/no-such-page/")
    assert organiser.person.name not in page.inner_text("body")


def test_accessibility_check_names_the_fault(page, monkeypatch):
    monkeypatch.delenv("LEITAI_AXE", raising=False)
    serve(page, "<input>")
    with pytest.raises(AssertionError, match="label"):
        assert_accessible(page)


def test_accessibility_check_passes_a_labelled_field(page, monkeypatch):
    monkeypatch.delenv("LEITAI_AXE", raising=False)
    serve(page, "<h1>试页</h1><label>姓名 <input></label>")
    assert_accessible(page)


def test_page_wider_than_the_phone_is_found(page_at):
    page = page_at(360)
    serve(page, "<pre>" + "乡镇" * 60 + "</pre>")
    with pytest.raises(AssertionError, match="360 px"):
        assert_fits(page)
