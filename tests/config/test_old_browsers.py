"""Nothing on the pages of a hall is newer than its oldest browsers, and the check finds what is."""

import pytest
from django.conf import settings

from script.old_browsers import PHONE, SCREEN, find_in_script, find_in_style, too_new


def test_pages_of_a_hall_hold_nothing_too_new():
    assert too_new(settings.BASE_DIR) == []


@pytest.mark.parametrize(
    "line",
    [
        "list.forEach(one => one.focus());",
        "var text = `${name}`;",
        "const name = 1;",
        "for (var one of list) go(one);",
        "go(...list);",
        "var name = one?.name;",
        "var name = one ?? other;",
        "one ||= other;",
        "var { name } = one;",
        "function go(name = 1) {}",
        "try { go(); } catch { stop(); }",
        "var big = 10n;",
        "var found = /(?<=a)b/.exec(text);",
        "class One { #secret; }",
        "async function go() {}",
        'text.replaceAll("a", other);',
        "list.at(-1);",
        "structuredClone(draft);",
        "crypto.randomUUID();",
        "crypto.subtle.digest(name, bytes);",
        "navigator.serviceWorker.register(name);",
        "navigator.locks.request(name, go);",
        "new BroadcastChannel(name);",
        "navigator.clipboard.writeText(text);",
        "fetch(address, { signal: AbortSignal.timeout(8000) });",
        "Promise.withResolvers();",
        "dialog.showModal();",
        "form.requestSubmit();",
        "event.submitter;",
        "box.replaceChildren(one);",
        "scheduler.postTask(go);",
    ],
)
def test_script_that_an_old_phone_refuses_is_found_with_its_line(line):
    found = find_in_script(f'"use strict";\n{line}\n')
    assert found and {number for number, _what in found} == {2}


@pytest.mark.parametrize(
    "text",
    [
        "// One => other, `a`, let it be ...\nvar one = 1;",
        'say("const ?? => `" + name);',
        "var room = window.BroadcastChannel ? new BroadcastChannel(name) : null;",
        "if (dialog.showModal) dialog.showModal();",
        "var rest = more ? .5 : 0;",
        "Array.from(list, function (one) { return one; }).join();",
    ],
)
def test_script_that_asks_first_or_only_mentions_it_is_fine(text):
    assert find_in_script(text) == []


@pytest.mark.parametrize(
    "rule",
    [
        ".bar { position: fixed; inset: auto 0 0; }",
        ".bar { padding-inline: 1rem; }",
        ".bar { width: min(36rem, 100%); }",
        ".bar { height: 100dvh; }",
        ".bar { width: 50cqw; }",
        ".bar { color: color-mix(in srgb, red, blue); }",
        ".bar { aspect-ratio: 1; }",
        ".bar { scale: 2; }",
        ".bar:has(> p) { color: red; }",
        ":is(h1, h2) { color: red; }",
        ".bar:not(.a, .b) { color: red; }",
        ".bar, .bar:focus-visible { color: red; }",
        ".bar { & p { color: red; } }",
        "@container (width: 1px) { p { color: red; } }",
        "@layer base { p { color: red; } }",
        "@media (width < 40rem) { p { color: red; } }",
    ],
)
def test_style_that_an_old_phone_drops_is_found_with_its_line(rule):
    found = find_in_style(f"p {{ margin: 0; }}\n{rule}\n", PHONE)
    assert found and {number for number, _what in found} == {2}


@pytest.mark.parametrize(
    "rule",
    [
        "/* inset: 0; .a:has(b) */ .bar { right: 0; bottom: 0; }",
        ".bar { width: 36rem; width: min(36rem, 100%); }",
        ".bar { clip-path: inset(50%); box-shadow: inset 0 0 1px red; }",
        ".bar:not([open]) { display: none; }",
        ".bar:focus-visible, p:focus-visible { outline: 0; }",
        "@media (min-aspect-ratio: 3/1) { p { color: rgb(0 0 0 / 5%); } }",
        ".bar { transform: scale(2); gap: 1rem; text-wrap: balance; }",
    ],
)
def test_style_with_a_fallback_or_a_plainer_look_is_fine(rule):
    assert find_in_style(rule, PHONE) == []


def test_computer_of_a_screen_is_newer_than_the_oldest_phone():
    rule = ".stage { font-size: max(2rem, 32px); }"
    assert find_in_style(rule, PHONE) and not find_in_style(rule, SCREEN)
    assert find_in_style(".black { inset: 0; }", SCREEN)
