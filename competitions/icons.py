"""The product's signs, drawn in line so that a page needs no further request."""

from django.utils.html import format_html
from django.utils.safestring import mark_safe

PATHS = {
    "check": '<path d="M4.5 12.5l5 5 10-11"/>',
    "warning": '<path d="M12 3.5 22 20.5H2z"/><path d="M12 10v4.5M12 17.4v.1"/>',
    "info": '<circle cx="12" cy="12" r="9.5"/><path d="M12 11v6M12 7.4v.1"/>',
    "error": '<circle cx="12" cy="12" r="9.5"/><path d="M12 6.5V13M12 16.8v.1"/>',
    "bang": '<path d="M12 4v9.5M12 19.2v.1"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="10" rx="1.5"/>'
    '<path d="M8 10.5V7.5a4 4 0 0 1 8 0v3"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 6.5V12l3.5 2.5"/>',
    "circle": '<circle cx="12" cy="12" r="8.5"/>',
    "dot": '<circle cx="12" cy="12" r="8.5"/><circle cx="12" cy="12" r="2.5" fill="currentColor"/>',
    "ban": '<circle cx="12" cy="12" r="9"/><path d="M5.8 5.8l12.4 12.4"/>',
    "pencil": '<path d="M4 20l1-4.5L16.5 4 20 7.5 8.5 19z"/><path d="M14 6.5l3.5 3.5"/>',
    "upload": '<path d="M12 16V4.5M7 9.5l5-5 5 5"/><path d="M4 16v4h16v-4"/>',
    "download": '<path d="M12 4v11.5M7 10.5l5 5 5-5"/><path d="M4 16v4h16v-4"/>',
    "back": '<path d="M9 6l-5 5 5 5"/><path d="M4 11h10a6 6 0 0 1 6 6v1"/>',
    "box": '<path d="M3.5 13l3-8h11l3 8v6.5h-17z"/><path d="M3.5 13h5l1.5 2.5h4L15.5 13h5"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 20.5c1-4.5 4-6 8-6s7 1.5 8 6"/>',
    "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5c.8-4 3.2-5 6.5-5s5.7 1 6.5 5"/>'
    '<path d="M15.5 5.4a3.4 3.4 0 0 1 0 6.2M18 14.8c2 .7 3.1 2.2 3.5 4.7"/>',
    "exit": '<path d="M14 4h5.5v16H14"/><path d="M4 12h11M11 8l4 4-4 4"/>',
    "print": '<path d="M7 8.5V3.5h10v5"/><rect x="3.5" y="8.5" width="17" height="8" rx="1"/>'
    '<path d="M7 14h10v6.5H7z"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5 21 21"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "minus": '<path d="M5 12h14"/>',
    "copy": '<rect x="8.5" y="8.5" width="12" height="12" rx="1.5"/>'
    '<path d="M15.5 8.5v-5h-12v12h5"/>',
    "file": '<path d="M6 3h8l5 5v13H6z"/><path d="M14 3v5h5"/>',
    "trophy": '<path d="M7 4h10v5a5 5 0 0 1-10 0z"/>'
    '<path d="M7 5.5H3.5c0 3 1.5 5 4 5M17 5.5h3.5c0 3-1.5 5-4 5M12 14v4M8 20.5h8"/>',
    "list": '<path d="M8.5 6H20M8.5 12H20M8.5 18H20M4 6h.1M4 12h.1M4 18h.1"/>',
    "chart": '<path d="M4 20V10M10 20V4M16 20v-7M21 20.5H3"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="1.5"/>'
    '<path d="M3.5 10h17M8 3v4M16 3v4"/>',
    "settings": '<path d="M4 7h9M18 7h2M4 17h2M11 17h9"/><circle cx="15.5" cy="7" r="2.2"/>'
    '<circle cx="8.5" cy="17" r="2.2"/>',
    "text": '<path d="M5 19 10.5 5h3L19 19M7.2 14h9.6"/>',
    "left": '<path d="M15 5l-7 7 7 7"/>',
    "right": '<path d="M9 5l7 7-7 7"/>',
    "flag": '<path d="M6 21.5V3M6 4h13l-3 4.5 3 4.5H6"/>',
}
# A flag on a pole; the yellow one is hatched, so that the two differ in grey print.
POLE = '<path d="M5 22.5V1.5" stroke="#5b6470" stroke-width="2" stroke-linecap="round"/>'
CLOTH = "M6 3c4-2 8 1.5 14 0v10.5c-6 1.5-10-2-14 0z"
FLAGS = {
    "red": f'{POLE}<path d="{CLOTH}" fill="#b8122b"/>',
    "yellow": f'{POLE}<path d="{CLOTH}" fill="#f2b705" stroke="#8a6400" stroke-width="1.2"/>'
    '<path d="M8 11.8 12.5 2.9M12 13 17 3.7M16.6 14l3.2-5.6" stroke="#8a6400" '
    'stroke-width="1.2" fill="none"/>',
}


def draw(name, label=""):
    """This function will return a sign as SVG; an unknown name raises KeyError."""
    return _svg("icon", mark_safe(PATHS[name]), label)  # noqa: S308 - constants above


def draw_flag(colour, label):
    """This function will return a flag as SVG, always named: colour alone says nothing."""
    return _svg("flag", mark_safe(FLAGS[colour]), label)  # noqa: S308 - constants above


def _svg(kind, inside, label):
    if not label:
        return format_html(
            '<svg class="{}" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
            kind,
            inside,
        )
    return format_html(
        '<svg class="{}" viewBox="0 0 24 24" role="img" aria-label="{}" focusable="false">{}</svg>',
        kind,
        label,
        inside,
    )
