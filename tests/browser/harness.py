"""Helpers for browser tests: pages that report every fault, sign-in, accessibility, screenshots."""

import json
import os
import re
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Error

HEIGHTS = {360: 740, 1280: 800, 1920: 1080}
SCREENSHOTS = Path(settings.BASE_DIR) / "var" / "screenshots"
# An address that is not this machine's own: a browser trusts loopback more.
HALL = "hall.test"
WECHAT = (
    "Mozilla/5.0 (Linux; Android 9; Redmi Note 5 Build/PKQ1.180904.001; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/78.0.3904.62 XWEB/2853 MMWEBSDK/201201 Mobile "
    "Safari/537.36 MicroMessenger/7.0.22.1820(0x2700163B) WeChat/arm64 Weixin NetType/WIFI"
)
# What phones in a hall may lack, besides what the address without certificate takes away; and the
# largest text that the chat program sets, by the property that it sets for it.
OLD_PHONE = """
  delete window.BroadcastChannel;
  delete window.EventSource;
  delete HTMLDialogElement.prototype.showModal;
  document.addEventListener("DOMContentLoaded", function () {
    document.body.style.setProperty("-webkit-text-size-adjust", "175%", "important");
  });
"""
AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


class Faults:
    """What went wrong in a test's pages; the fixture `faults` fails the test when anything did."""

    def __init__(self):
        self.found = []
        self.expected = set()

    def expect(self, *statuses):
        """This function will allow answers with these status codes from now on in this test."""
        self.expected.update(statuses)

    def watch(self, context):
        """This function will collect the faults of every page of a browser context."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self.found.append(f"script error: {error.error}"))
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def _console(self, message):
        # A failed load is reported by its status below; here it has none.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.found.append(f"console: {message.text} ({message.location.get('url')})")

    def _failed(self, request):
        # Aborted: the page was left, or the answer became a download.
        if request.failure != "net::ERR_ABORTED":
            self.found.append(f"request failed: {request.url} {request.failure}")

    def _response(self, response):
        if response.status >= 400 and response.status not in self.expected:
            self.found.append(f"answer {response.status}: {response.request.method} {response.url}")

    def raise_if_any(self):
        """This function will fail the test with every fault found."""
        assert not self.found, "\n".join(dict.fromkeys(self.found))


def sign_in(page, user, role=None):
    """This function will sign `user` in on the page's context by a session of hers.

    `role`: the key of an active role (competitions.roles.ActiveRole.key), else her first.
    """
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    if role is not None:
        session["role"] = role
    session.create()
    page.context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": session.session_key,
                "url": page.context.base_address,
                "httpOnly": True,
                "sameSite": "Lax",
            }
        ]
    )


def sign_out(page):
    """This function will forget every cookie of the page's context."""
    page.context.clear_cookies()


def assert_accessible(page):
    """This function will run axe's WCAG 2.2 A and AA rules on the page as it stands.

    Axe judges the document in the browser, which no database shapes, and it takes half of a page's
    time: a run on both databases (script/test) sets LEITAI_AXE=0 for the second.
    """
    if os.environ.get("LEITAI_AXE") == "0":
        return
    if page.evaluate("typeof window.axe") == "undefined":
        source = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
        page.evaluate(source)
    # What passes is neither described nor sent here: that took longer than the rules themselves.
    options = {
        "runOnly": {"type": "tag", "values": AXE_RULES},
        "preload": False,
        "resultTypes": ["violations"],
    }
    violations = page.evaluate(
        f"window.axe.run(document, {json.dumps(options)}).then(found => found.violations)"
    )
    lines = []
    for violation in violations:
        for node in violation["nodes"]:
            lines.append(f"{violation['id']} ({violation['impact']}): {node['html'][:200]}")
            lines.append(f"  {node['failureSummary']}")
    assert not lines, f"{page.url}\n" + "\n".join(lines)


def assert_fits(page):
    """This function will check that the page does not scroll sideways, also one that loads itself
    anew at that moment, as the console does."""
    sizes = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    try:
        wide, room = page.evaluate(sizes)
    except Error as error:
        if "because of a navigation" not in error.message:
            raise
        page.wait_for_load_state()
        wide, room = page.evaluate(sizes)
    assert wide <= room, f"{page.url}: {wide} px wide in a window of {room} px"


def picture(page, name, full_page=False):
    """This function will keep a picture of the page for people to look at, when asked to.

    The picture is var/screenshots/NAME.png. It is taken only with LEITAI_PICTURES=1: no test reads
    it, and a page that cannot be pictured on a busy machine is not a broken page.
    """
    assert re.fullmatch(r"[a-z0-9-]+", name), "a screenshot's name is lower-case words and digits"
    if os.environ.get("LEITAI_PICTURES") == "1":
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=full_page)


def assert_fits_every_width(page, name):
    """This function will check that the page fits at 360, 1280 and 1920 px, and picture each.

    The pictures are NAME-WIDTH of the whole page (see `picture`); the window's size is put back.
    No database shapes a page's width either: see assert_accessible.
    """
    if os.environ.get("LEITAI_AXE") == "0":
        return
    before = page.viewport_size
    for width, height in HEIGHTS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert_fits(page)
        picture(page, f"{name}-{width}", full_page=True)
    page.set_viewport_size(before)


def assert_in_order(page, name, addresses):
    """This function will check that pages fit every width and are accessible, and name every fault.

    `addresses` is {word: address}; the pictures are NAME-WORD-WIDTH. One window walks through them:
    the browser starts, and compiles what judges a page, once and not for each.
    """
    faults = []
    for word, address in addresses.items():
        answer = page.goto(address)
        if answer.status != 200:
            faults.append(f"{address}: answer {answer.status}")
            continue
        try:
            assert_fits_every_width(page, f"{name}-{word}")
            assert_accessible(page)
        except AssertionError as fault:
            faults.append(str(fault))
    assert not faults, "\n".join(faults)
