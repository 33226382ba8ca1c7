"""A real Chromium for the tests in this folder. See harness.py for the helpers."""

import os
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.chromium import find_chromium
from tests.browser.harness import HALL, HEIGHTS, OLD_PHONE, WECHAT, Faults

ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    # Loopback counts as secure even without a certificate; a hall's address does not.
    f"--host-resolver-rules=MAP {HALL} 127.0.0.1",
]


@pytest.fixture(scope="session")
def browser():
    """One Chromium for each worker."""
    # Synchronous Playwright runs an event loop in this thread, which Django takes for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_chromium(),
            args=arguments,
        )
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def faults():
    """The faults of all pages of the test; `faults.expect(403)` allows an answer."""
    collected = Faults()
    yield collected
    collected.raise_if_any()


@pytest.fixture
def page_at(transactional_db, live_server, browser, faults):
    """A function page_at(width) that opens a page of 360, 1280 or 1920 px in a fresh context.

    Contexts share nothing: each is another person at another machine. Addresses are relative to the
    test's server: `page.goto("/signin/")`. `page_at(360, java_script_enabled=False)` and the like
    pass options on to Playwright.
    """
    yield from open_pages(browser, faults, live_server.url)


@pytest.fixture
def hall_page_at(transactional_db, server, browser, faults):
    """Like page_at, from the process that sends the feed: what happens is seen at once."""
    yield from open_pages(browser, faults, server.url)


@pytest.fixture
def hall_phone(transactional_db, live_server, settings, browser, faults):
    """A page of 360 px as an old WeChat shows it in a hall without certificate."""
    settings.ALLOWED_HOSTS = [HALL]
    address = f"http://{HALL}:{urlsplit(live_server.url).port}"
    for open_page in open_pages(browser, faults, address):
        page = open_page(360, user_agent=WECHAT, is_mobile=True)
        page.add_init_script(OLD_PHONE)
        yield page


def open_pages(browser, faults, address):
    """This function will yield a function that opens pages at a server, and close them at last."""
    contexts = []

    def open_page(width=1280, **options):
        context = browser.new_context(
            base_url=address,
            viewport={"width": width, "height": HEIGHTS.get(width, 800)},
            has_touch=width < 600,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            **options,
        )
        context.base_address = address
        context.set_default_timeout(10_000)
        faults.watch(context)
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(page_at):
    """A page of 1280 px."""
    return page_at(1280)
