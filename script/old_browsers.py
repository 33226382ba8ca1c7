"""What the oldest browsers of a hall lack: phones with an old WeChat, the computer of a screen.

docs/operations.md, "Browsers", says which ones and why. A list of words, not a parser: it knows
what somebody is likely to write, and what only looks plainer in an old browser (a flexible box's
gap, text-wrap, rings of focus) is not on it. Versions are those of the first Chromium and iOS that
have it; NEVER: not without a certificate, or not there at all. Standard library only; run by
script/lint.
"""

import re
import sys
from pathlib import Path

NEVER = 999
# (Chromium, iOS)
PHONE, SCREEN = (78, 13), (86, 0)
# Which pages load which file is said by templates/base_pad.html and base_stage.html.
STYLES = {
    "base.css": PHONE,
    "pad.css": PHONE,
    "pad-order.css": PHONE,
    "pad-pages.css": PHONE,
    "pad-parts.css": PHONE,
    "pad-tour.css": PHONE,
    "hall.css": PHONE,
    "stage.css": SCREEN,
    "ceremony.css": SCREEN,
}
# The scripts keep to the syntax of ES5, so that a file is never refused as a whole.
SYNTAX = [
    (r"=>", "箭头函数"),
    (r"`", "模板字符串"),
    (r"\b(?:let|const|class|async|await|yield|import|export)\s", "ES5 以后的关键字"),
    (r"\bof\s+\w+\s*\)", "for … of"),
    (r"\.\.\.", "展开"),
    (r"\?\.(?!\d)|\?\?|\*\*|\|\|=|&&=", "ES5 以后的运算符"),
    (r"\b(?:var|function \w*)\s*[({]?\s*[\[{]", "解构"),
    (r"function \w*\([^)]*=", "默认参数"),
    (r"\bcatch\s*\{", "不写变量的 catch"),
    (r"\b\d+n\b", "BigInt"),
    (r"\(\?<", "正则的后顾或命名组"),
    (r"(?<![\w.])#\w+", "私有成员"),
]
APIS = [
    (r"\.replaceAll\(", 85, 13.4),
    (r"\.at\(", 92, 15.4),
    (r"\.findLast(?:Index)?\(", 97, 15.4),
    (r"\.(?:toSorted|toReversed|toSpliced)\(", 110, 16),
    (r"\bObject\.(?:hasOwn|groupBy)\(", 93, 15.4),
    (r"\bArray\.fromAsync\(", 121, 16.4),
    (r"\bPromise\.(?:any|withResolvers|try)\(", 85, 14),
    (r"\bstructuredClone\b", 98, 15.4),
    (r"\bcrypto\.(?:randomUUID|subtle)\b", NEVER, NEVER),
    (r"\bnavigator\.(?:serviceWorker|locks|clipboard|wakeLock|storage|share)\b", NEVER, NEVER),
    (r"\bcaches\.", NEVER, NEVER),
    (r"\bNotification\b", NEVER, NEVER),
    (r"\bBroadcastChannel\b", 54, 15.4),
    (r"\bResizeObserver\b", 64, 13.4),
    (r"\bAbortSignal\.", 103, 16),
    (r"\brequestIdleCallback\b", 47, NEVER),
    (r"\b(?:WeakRef|FinalizationRegistry)\b", 84, 14.5),
    (r"\b(?:scheduler|navigation)\.", 94, NEVER),
    (r"\.showModal\(\)", 37, 15.4),
    (r"\.requestSubmit\(", 76, 16),
    (r"\.submitter\b", 81, 15.4),
    (r"\.replaceChildren\(", 86, 14),
    (r"\.(?:checkVisibility|startViewTransition|showPopover|setHTML)\b", 105, NEVER),
    (r"\.animate\(", 36, 13.4),
    (r"\.inert\b", 102, 15.5),
    (r"\bURL\.canParse\(", 120, 17),
    (r"\bIntl\.(?:Segmenter|ListFormat|DurationFormat)\b", 87, 14.5),
]
# Where the file asks first, the word may follow.
GUARDS = {
    "BroadcastChannel": "window.BroadcastChannel",
    "navigator.clipboard": "navigator.clipboard && window.isSecureContext",
    ".showModal()": "if (dialog.showModal)",
}
PROPERTIES = [
    (r"inset(?:-(?:inline|block))?", 87, 14.5),
    (r"(?:margin|padding)-(?:inline|block)", 87, 14.5),
    (r"border-(?:inline|block)", 87, 14.5),
    (r"aspect-ratio", 88, 15),
    (r"translate|rotate|scale", 104, 14.5),
    (r"container(?:-type|-name)?", 105, 16),
]
# A value that is not understood leaves what the same rule said of the property before.
VALUES = [
    (r"\b(?:min|max|clamp)\(", 79, 13.4),
    (r"\d[dsl]v[hwib]\b", 108, 15.4),
    (r"\dcq[whib]\b", 105, 16),
    (r"\b(?:color-mix|oklch|oklab|lab|lch|hwb|light-dark)\(", 111, 15),
    (r"\bsubgrid\b", 117, 16),
    (r"^clip$", 90, 16),
]
SELECTORS = [
    (r":has\(", 105, 15.4),
    (r":(?:is|where)\(", 88, 14),
    (r":not\([^()]*,", 88, 9),
    (r":(?:modal|popover-open|open|user-valid|user-invalid)\b", 105, 15.5),
    (r"&", 120, 17.2),
]
HEADS = [
    (r"@(?:container|layer|property|scope|starting-style)\b", 99, 15.4),
    (r"@media[^{]*[<>]", 104, 16.4),
    (r"@supports[^{]*selector\(", 83, 14.5),
]
NOT_CODE = re.compile(r"/\*.*?\*/|^\s*//[^\n]*", re.S | re.M)
TEXTS = re.compile(r'"(?:[^"\\\n]|\\.)*"')
RULE = re.compile(r"([^{};]+)\{([^{}]*)\}")


def find_in_script(text):
    """This function will return (line, what) for each thing in a script that old phones lack."""
    code = TEXTS.sub('""', _blank(NOT_CODE, text))
    found = [(m, what) for pattern, what in SYNTAX for m in re.finditer(pattern, code)]
    for pattern, *since in APIS:
        for match in re.finditer(pattern, code):
            guard = GUARDS.get(match.group())
            if _lacks(PHONE, since) and not (guard and guard in code):
                found.append((match, match.group()))
    return sorted((_line(code, match.start()), what) for match, what in found)


def find_in_style(text, floor):
    """This function will return (line, what) for each thing in a style sheet that browsers of the
    floor lack, where that changes more than a look."""
    text = _blank(NOT_CODE, text)
    found = []
    for pattern, *since in HEADS:
        if _lacks(floor, since):
            found += [(m.start(), m.group().strip()) for m in re.finditer(pattern, text)]
    for rule in RULE.finditer(text):
        start = rule.end(1) - len(rule[1].lstrip())
        parts = rule[1].split(",")
        for pattern, *since in SELECTORS:
            if _lacks(floor, since) and (match := re.search(pattern, rule[1])):
                found.append((start, match.group()))
        # One selector that is not understood takes the whole rule with it.
        if 0 < sum(":focus-visible" in part for part in parts) < len(parts):
            found.append((start, ":focus-visible 与别的选择器并列"))
        before = set()
        for declared in re.finditer(r"([\w-]+)\s*:\s*([^;]+)", rule[2]):
            name, value = declared.groups()
            at = rule.start(2) + declared.start()
            for pattern, *since in PROPERTIES:
                if _lacks(floor, since) and re.fullmatch(pattern, name):
                    found.append((at, name))
            for pattern, *since in VALUES:
                match = re.search(pattern, value.strip())
                if match and _lacks(floor, since) and name not in before:
                    found.append((at, f"{name}: {value.strip()}"))
            before.add(name)
    return sorted((_line(text, at), what) for at, what in found)


def too_new(root):
    """This function will return a sentence for each thing too new for a hall's old browsers."""
    found = []
    for path in sorted((root / "static" / "js").glob("*.js")):
        for line, what in find_in_script(path.read_text(encoding="utf-8")):
            found.append(f"static/js/{path.name}:{line}：旧手机的浏览器没有{what}。")
    for name, floor in STYLES.items():
        path = root / "static" / "css" / name
        for line, what in find_in_style(path.read_text(encoding="utf-8"), floor):
            found.append(f"static/css/{name}:{line}：旧浏览器没有 {what}，要有退路。")
    return found


def _lacks(floor, since):
    return any(version and version < first for version, first in zip(floor, since, strict=True))


def _blank(pattern, text):
    return pattern.sub(lambda match: "\n" * match.group().count("\n"), text)


def _line(text, at):
    return text.count("\n", 0, at) + 1


def main():
    """This function will print every finding and return 1 when there is one."""
    found = too_new(Path(__file__).resolve().parent.parent)
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
