"""The house's own checks, those that no linter knows. Standard library only; run by script/lint."""

import ast
import re
import subprocess
import sys
from pathlib import Path

# Each may import the standard library, itself and the packages after it.
PURE = [
    "publication.bundle",
    "arena.stage",
    "rewards.rules",
    "scoring.rules",
    "competitions.scheme",
    "record.chain",
]
APPS = ["config", "record", "competitions", "scoring", "rewards", "arena", "publication"]
REGISTRIES = re.compile(
    r"(?:pypi[.]org|pythonhosted[.]org|registry[.]npmjs|yarnpkg[.]com|deb[.]debian[.]org"
    r"|archive[.]ubuntu[.]com|mirrors?[.][a-z]+[.](?:com|cn|edu))|--(?:extra-)?index-url|--find-links"
)
COMMENTS = re.compile(r"<!--.*?-->|\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}", re.S)
INLINE = [
    (re.compile(r"<style\b", re.I), "内联样式表"),
    (re.compile(r"""<[^>]*\sstyle\s*=""", re.I), "style 属性"),
    (re.compile(r"""<[^>]*\son[a-z]+\s*=\s*["']""", re.I), "on… 事件属性"),
    (re.compile(r"""["']\s*javascript:""", re.I), "javascript: 地址"),
    (
        re.compile(r"""<script\b(?![^>]*\bsrc=)(?![^>]*type=["']application/json)""", re.I),
        "内联脚本",
    ),
    (
        re.compile(r"""<(?:script|link|img|iframe)\b[^>]*(?:src|href)=["'](?:https?:)?//""", re.I),
        "外部资源",
    ),
]


def imported_modules(source, package):
    """This function will yield (line, dotted name) for every import in a module of `package`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1]
            prefix = ".".join(base) if node.level else ""
            module = ".".join(part for part in (prefix, node.module or "") if part)
            for alias in node.names:
                # `from scoring import rules` names a package just as `import scoring.rules` does.
                yield node.lineno, f"{module}.{alias.name}" if module.count(".") == 0 else module


def impure_imports(root):
    """This function will return a sentence for each import that a pure package may not make."""
    found = []
    for place, name in enumerate(PURE):
        allowed = PURE[place:]
        for path in sorted((root / name.replace(".", "/")).rglob("*.py")):
            package = ".".join(path.relative_to(root).parent.parts)
            for line, module in imported_modules(path.read_text(encoding="utf-8"), package):
                if module.split(".")[0] in sys.stdlib_module_names:
                    continue
                if any(module == one or module.startswith(f"{one}.") for one in allowed):
                    continue
                found.append(f"{path.relative_to(root)}:{line}：纯包 {name} 不能导入 {module}。")
    return found


def filled_inits(root):
    """This function will return a sentence for each `__init__.py` that must be empty and is not.

    They are those that run when a pure package is imported: the apps' own, and the pure packages'.
    """
    paths = [root / app / "__init__.py" for app in APPS]
    for name in PURE:
        paths += sorted((root / name.replace(".", "/")).rglob("__init__.py"))
    return [
        f"{path.relative_to(root)}：应当是空文件。"
        for path in paths
        if path.exists() and path.read_text(encoding="utf-8").strip()
    ]


def inline_code(root):
    """This function will return a sentence for each inline script, style or foreign asset."""
    found = []
    for folder in ["templates", *APPS]:
        for path in sorted((root / folder).rglob("*.html")):
            text = path.read_text(encoding="utf-8")
            text = COMMENTS.sub(lambda match: "\n" * match.group().count("\n"), text)
            for pattern, what in INLINE:
                for match in pattern.finditer(text):
                    line = text.count("\n", 0, match.start()) + 1
                    found.append(f"{path.relative_to(root)}:{line}：模板里不能有{what}。")
    return found


def registry_addresses(root, names):
    """This function will return a sentence for each tracked text file that names a registry."""
    found = []
    for name in names:
        path = root / name
        if not path.is_file() or path.is_symlink():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        match = REGISTRIES.search(text)
        if match and name not in {"script/house_checks.py", "script/lock"}:
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"{name}:{line}：不能写软件源的地址（{match.group()}）。")
    return found


def main():
    """This function will print every finding and return 1 when there is one."""
    root = Path(__file__).resolve().parent.parent
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 - the git on the path
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    )
    found = [
        *impure_imports(root),
        *filled_inits(root),
        *inline_code(root),
        *registry_addresses(root, listed.stdout.split("\0")[:-1]),
    ]
    print("\n".join(found), file=sys.stderr, end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
