"""Headers that every answer carries, and bodies that are refused unread."""

from django.http import HttpResponse

from config.limits import TOO_LONG, is_too_long

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
