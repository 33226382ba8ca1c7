"""System checks: every route declares its gate."""

from django.core.checks import Error, register
from django.urls import URLPattern, URLResolver, get_resolver


def routes(resolver=None, prefix=""):
    """This function will return every route as (pattern text, name, view), depth first."""
    found = []
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += routes(pattern, path)
        elif isinstance(pattern, URLPattern):
            found.append((path, pattern.name, pattern.callback))
    return found


@register("routes")
def check_gates(app_configs, **kwargs):
    """This function will report each route whose view declares no gate."""
    return [
        Error(
            f"网址 /{path} 没有声明谁可以进入。",
            hint="用 competitions.gates.enter 声明。",
            id="leitai.E001",
        )
        for path, _name, view in routes()
        if not hasattr(view, "gate")
    ]
