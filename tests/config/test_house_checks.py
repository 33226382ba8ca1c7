"""The house's own checks find what they are for, and the pure packages run on a bare Python."""

import subprocess
import sys

import pytest
from django.conf import settings

from script import house_checks


def write(root, name, text):
    """This function will write a file below `root`, making its folders."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    "line",
    [
        "import django",
        "from django.db import models",
        "import scoring.rules.panel",
        "from scoring import rules",
        "from competitions import models",
        "from ..models import Sheet",
        "def f():\n    import openpyxl",
    ],
)
def test_pure_package_importing_upwards_or_outside_is_found(tmp_path, line):
    write(tmp_path, "competitions/scheme/toml.py", line + "\n")
    found = house_checks.impure_imports(tmp_path)
    assert len(found) == 1
    assert "纯包 competitions.scheme 不能导入" in found[0]


@pytest.mark.parametrize(
    "line",
    [
        "import fractions, tomllib",
        "from collections.abc import Mapping",
        "from record.chain import canonical",
        "from record.chain.canonical import digest",
        "from competitions.scheme.types import Scheme",
        "from . import types",
        "from .types import Scheme",
    ],
)
def test_pure_package_importing_downwards_is_fine(tmp_path, line):
    write(tmp_path, "competitions/scheme/toml.py", line + "\n")
    assert house_checks.impure_imports(tmp_path) == []


def test_filled_init_is_found_where_a_pure_package_would_run_it(tmp_path):
    write(tmp_path, "scoring/__init__.py", "x = 1\n")
    write(tmp_path, "scoring/rules/__init__.py", "\n")
    write(tmp_path, "record/chain/__init__.py", "import json\n")
    write(tmp_path, "competitions/models/__init__.py", "x = 1\n")
    assert house_checks.filled_inits(tmp_path) == [
        "scoring/__init__.py：应当是空文件。",
        "record/chain/__init__.py：应当是空文件。",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "<style>p{}</style>",
        '<p class="a" style="color:red">',
        '<button type="button" onclick="go()">',
        '<a href="javascript:go()">',
        "<script>go()</script>",
        '<script src="https://cdn.example/x.js"></script>',
        '<img alt="" src="//cdn.example/x.png">',
    ],
)
def test_inline_code_or_foreign_asset_in_a_template_is_found_with_its_line(tmp_path, line):
    write(tmp_path, "templates/a.html", f"<p>\n{line}\n")
    found = house_checks.inline_code(tmp_path)
    assert len(found) == 1
    assert found[0].startswith("templates/a.html:2：")


@pytest.mark.parametrize(
    "line",
    [
        "<script src=\"{% static 'js/pad.js' %}\" defer></script>",
        '<script type="application/json" id="data">{}</script>',
        "{# <style> #}<!-- <p style='x'> -->",
        '<a href="https://www.gov.cn/">来源</a>',
        '<p class="style">风格 = 文明</p>',
    ],
)
def test_honest_template_is_fine(tmp_path, line):
    write(tmp_path, "templates/a.html", line)
    assert house_checks.inline_code(tmp_path) == []


def test_registry_address_is_found(tmp_path):
    host = "py" + "pi" + ".org"
    write(tmp_path, "requirements.lock", f"# from https://{host}/simple\n")
    assert len(house_checks.registry_addresses(tmp_path, ["requirements.lock"])) == 1


def test_pure_packages_import_on_a_bare_python():
    root = settings.BASE_DIR
    names = [
        ".".join(path.relative_to(root).with_suffix("").parts)
        for package in house_checks.PURE
        for path in sorted((root / package.replace(".", "/")).rglob("*.py"))
        if path.name not in {"__init__.py", "__main__.py"}
    ]
    program = (
        f"import importlib, sys; sys.path.insert(0, {str(root)!r})\n"
        f"for name in {names!r}: importlib.import_module(name)"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", program],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
