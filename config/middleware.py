"""Headers that every answer carries, bodies that are refused unread, and crowds that must wait."""

import time

from django.conf import settings
from django.http import HttpResponse

from competitions.machine import client_address, network_of
from config.limits import BURST, BUSY, HALL, RATE, TOO_LONG, Pace, is_too_long

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


def security_headers(get_response):
    """This function will return a middleware that adds the content security policy and its kin."""

    def middleware(request):
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        return response

    return middleware


def short_bodies(get_response):
    """This function will return a middleware that refuses a body which is too long for its path
    before anything reads it; the check against forged forms would."""

    def middleware(request):
        if is_too_long(request.path, request.META.get("CONTENT_LENGTH") or ""):
            return HttpResponse(TOO_LONG, status=413, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return middleware


def patient_halls(get_response):
    """This function will return a middleware that tells an address to wait which asks too much of
    the pages of a hall without having signed in; ballots and readers are counted apart."""
    pace = Pace(BURST, RATE)

    def middleware(request):
        if request.path.startswith(HALL) and not _is_signed_in(request):
            key = network_of(client_address(request)), request.method == "POST"
            if not pace.allows(key, time.monotonic()):
                headers = {"Retry-After": "6", "Cache-Control": "no-store"}
                text = "text/plain; charset=utf-8"
                return HttpResponse(BUSY, status=429, content_type=text, headers=headers)
        return get_response(request)

    return middleware


def _is_signed_in(request):
    # A stranger without a session costs no query.
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated
