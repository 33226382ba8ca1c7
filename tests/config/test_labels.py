"""Every field that people fill in or read of in an error has a Chinese name."""

import importlib
import re

from django import forms
from django.conf import settings

APPS = ("competitions", "scoring", "rewards", "arena", "publication", "config")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def own_forms(kind=forms.BaseForm):
    """This function will yield the forms of the project."""
    for form in kind.__subclasses__():
        if form.__module__.split(".")[0] in APPS:
            yield form
        yield from own_forms(form)


def test_every_visible_field_has_a_chinese_label():
    for app in APPS:
        for path in sorted((settings.BASE_DIR / app).rglob("*.py")):
            parts = path.relative_to(settings.BASE_DIR).with_suffix("").parts
            if "forms" in parts and parts[-1] != "__init__":
                importlib.import_module(".".join(parts))
    found = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in set(own_forms())
        for name, field in form.base_fields.items()
        if not CHINESE.search(str(field.label or ""))
        and (field.label or not field.widget.is_hidden)
    ]
    assert sorted(found) == []
