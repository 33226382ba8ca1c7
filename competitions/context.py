"""What every page's frame shows: who is here, in which role, and whether this is the demo."""

from dataclasses import dataclass, field

from django.conf import settings

from competitions.models.competition import DEMO_MARK
from competitions.roles import ActiveRole


@dataclass
class Shell:
    """The frame around a page. Views inside a competition add `competition` and `steps`."""

    person: object = None
    role: ActiveRole | None = None
    roles: list = field(default_factory=list)
    demo: str = ""


def shell(request):
    """This function will give templates `shell`; error pages may lack the request's roles."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "shell": Shell(
            person=user.person if signed_in else None,
            role=getattr(request, "role", None),
            roles=getattr(request, "roles", []),
            demo=DEMO_MARK if settings.MODE == "demo" else "",
        )
    }
