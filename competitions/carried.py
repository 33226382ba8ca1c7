"""What somebody typed while her session ended: carried in the page through the sign-in and back.

Nothing is kept on the server. The fields travel as one signed value in the sign-in page and in the
page after it; they are put back into the form, and only its own button saves them.

Whose they are: signing in makes a new secret for the tokens of forms, so the token of the form that
was sent tells under which sign-in its page was made. A signed cookie, gone with the browser, says
who signed in under the last secrets (their digests). A form without such a token is not carried.
"""

import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.middleware.csrf import (
    CSRF_TOKEN_LENGTH,
    InvalidTokenFormat,
    _check_token_format,
    _unmask_cipher_token,
)

from competitions.refill import OWN

FIELD = "carried"
COOKIE = "formowners"
SALT = "leitai.carried"
# How many sign-ins in this browser are remembered, and how many characters are carried.
SIGNINS, LARGEST = 4, 400_000
FORMS = {"application/x-www-form-urlencoded", "multipart/form-data"}
# A password is typed again.
NEVER = {"own_password", "signin", "signout", "switch_role"}


@dataclass(frozen=True)
class Carried:
    """The fields of one form: {name: [values]}, who typed them, and where.

    `page` is the address of the page with the form, `to` the one that the form posts to; `files`
    are the names of the files that were chosen and cannot be carried. `too_long` fields are empty.
    """

    person: int
    page: str
    to: str
    fields: dict
    files: list
    too_long: bool = False

    @property
    def token(self):
        """The signed text of it, for a hidden field."""
        return signing.dumps(vars(self), salt=SALT, compress=True)


def note_owner(request, response, person):
    """This function will note on the response, after signing in, whose the forms now made are."""
    owners = [[_digest(request.META["CSRF_COOKIE"]), person.id], *_owners(request)]
    response.set_cookie(
        COOKIE,
        signing.dumps(owners[:SIGNINS], salt=COOKIE),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def carry(request):
    """This function will return what a refused POST brought, as Carried, or None.

    None: no form, nothing typed, an address that is never carried, or nobody knows whose it is.
    """
    if request.method != "POST" or request.content_type not in FORMS:
        return None
    if FIELD in request.POST:
        return read(request.POST[FIELD])
    person = _owner(request)
    page = page_of(request)
    fields = {name: values for name, values in request.POST.lists() if name != OWN}
    files = [file.name for name in request.FILES for file in request.FILES.getlist(name)]
    if person is None or not page or not (fields or files):
        return None
    if request.resolver_match.url_name in NEVER:
        return None
    length = sum(len(name) + len(value) for name in fields for value in fields[name])
    too_long = length > LARGEST
    to = request.get_full_path()
    return Carried(person, page, to, {} if too_long else fields, files, too_long)


def read(token):
    """This function will return what a token carries, or None if it is not ours or too old."""
    try:
        found = signing.loads(token, salt=SALT, max_age=settings.SESSION_COOKIE_AGE)
    except signing.BadSignature:
        return None
    return Carried(**found)


def page_of(request):
    """This function will return the page that a request came from, to be opened after signing in.

    That is its own address, but for one that only takes forms: then the page that had the form, or
    "" if the browser does not say.
    """
    gate = getattr(request.resolver_match.func, "gate", None)
    if request.method != "POST" or (gate is not None and gate.read):
        return request.get_full_path()
    came = urlsplit(request.headers.get("Referer", ""))
    if came.netloc != request.get_host():
        return ""
    return came._replace(scheme="", netloc="", fragment="").geturl()


def _owners(request):
    try:
        return signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE)
    except signing.BadSignature:
        return []


def _owner(request):
    """The id of the person for whom the page was made that sent this form, or None."""
    token = request.POST.get(OWN, "")
    try:
        _check_token_format(token)
    except InvalidTokenFormat:
        return None
    secret = _unmask_cipher_token(token) if len(token) == CSRF_TOKEN_LENGTH else token
    return dict(map(tuple, _owners(request))).get(_digest(secret))


def _digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()
