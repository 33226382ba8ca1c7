"""A form that is refused keeps what was typed: shown to be copied, and put back where it may be.

The page that a refused form came from is asked for its forms, as if it were opened, so that each
value stands beside its label; nothing of it is shown or saved.
"""

import copy
import re
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm, BaseFormSet
from django.http import Http404, QueryDict
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve

from competitions import carried
from competitions.access import find_competitions
from competitions.refill import MACHINE, OWN
from competitions.roles import RoleKind

# The roles whose competitions are found by the address; an administrator has none.
OF_A_COMPETITION = frozenset(RoleKind) - {RoleKind.ANYONE, RoleKind.SIGNED_IN, RoleKind.ADMIN}
# What a button or a step says of itself: never typed.
KEYWORD = re.compile(r"[a-z][a-z_:-]*")


def find_fitting(request):
    """This function will return the other roles of the person in which this request is allowed.

    By the route's gate and, where the address names a competition, by whether the role sees it.
    """
    match = request.resolver_match
    gate = getattr(match.func, "gate", None) if match else None
    if gate is None or not request.user.is_authenticated:
        return []
    allowed = gate.write if request.method == "POST" else gate.read
    others = [role for role in request.roles if role.kind in allowed and role != request.role]
    slug = match.kwargs.get("slug")
    if slug is None:
        return others
    return [
        role
        for role in others
        if role.kind not in OF_A_COMPETITION or find_competitions(role).filter(slug=slug).exists()
    ]


def typed_by(request):
    """This function will return what the signed-in person typed into the refused form, as
    Carried, or None; what comes from somebody else's page is not hers."""
    if not request.user.is_authenticated:
        return None
    brought = getattr(request, "brought", None) or carried.carry(request)
    return brought if brought is not None and brought.person == request.user.person_id else None


def answer_refusal(request, template, *, status, **context):
    """This function will answer with the page of a refusal, with what was typed on it.

    The template gets `carried` (Carried or None) and `typed`, [(label or "", text)] of what
    differs from the page as it stands.
    """
    brought = typed_by(request)
    role = next(iter(context.get("fitting", [])), request.role)
    typed = list_typed(request, brought, role) if brought else []
    context |= {"carried": brought, "typed": typed}
    answer = TemplateResponse(request, template, context, status=status)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def list_typed(request, brought, role):
    """This function will return [(label or "", text)] of the fields that were typed into; their
    page is asked in that role, one of the person's own."""
    bound = _fields_of(request, brought.page, role)
    rows = []
    for name, values in brought.fields.items():
        field = bound.get(name)
        if name == OWN or (field is not None and field.is_hidden):
            continue
        if field is not None and _written(field.value()) == values:
            continue
        said = [value for value in values if value.strip() and not MACHINE.fullmatch(value)]
        if field is None:
            said = [value for value in said if not KEYWORD.fullmatch(value)]
        else:
            said = [_choices(field).get(value, value) for value in said]
        if said:
            rows.append((str(field.label) if field is not None else "", "、".join(said)))
    return rows


def _fields_of(request, page, role):
    """{html name: BoundField} of the forms of a page that the role may open, else {}."""
    address = urlsplit(page)
    asked = copy.copy(request)
    asked.method, asked.POST, asked.role = "GET", QueryDict(), role
    asked.GET, asked.path = QueryDict(address.query), address.path
    try:
        view, args, kwargs = resolve(address.path)
        answer = view(asked, *args, **kwargs)
    except (Resolver404, Http404, PermissionDenied):
        return {}
    fields = {}
    for form in _forms(list((getattr(answer, "context_data", None) or {}).values())):
        fields |= {bound.html_name: bound for bound in form}
    return fields


def _forms(value):
    if isinstance(value, BaseForm):
        yield value
    elif isinstance(value, BaseFormSet | list | tuple):
        for item in value:
            yield from _forms(item)


def _written(value):
    values = value if isinstance(value, list | tuple) else [value]
    return ["" if item is None else str(item) for item in values]


def _choices(bound):
    """{value: words} of a field that offers choices; grouped ones are flattened."""
    words = {}
    for value, said in getattr(bound.field, "choices", ()):
        group = said if isinstance(said, list | tuple) else [(value, said)]
        words |= {str(one): str(text) for one, text in group}
    return words
