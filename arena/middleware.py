"""A judge's session lives as long as his device is bound: asked at every request of such a one."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.utils import timezone

from arena.models import Device
from record.prepared import Prepared

SESSION_KEY = "device"
# It outlives the session: who comes to sign in on a device that was signed out is told why.
COOKIE = "judgedevice"
SALT = "arena.device"
COOKIE_AGE = 24 * 60 * 60
BOUND = Prepared(
    lambda device: Device.objects.filter(id=device, state=Device.State.BOUND).values_list("id")
)


def bound_device(get_response):
    """This function will return a middleware that signs a device out which is bound no longer, and
    tells on the sign-in page when and why. A session without a device costs no query."""

    def middleware(request):
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            number = request.session.get(SESSION_KEY)
            if number is not None and not _is_bound(number):
                logout(request)
        return get_response(request)

    def process_view(request, view, args, kwargs):
        if COOKIE in request.COOKIES and request.resolver_match.url_name == "signin":
            _tell_why(request)

    middleware.process_view = process_view
    return middleware


def remember_device(request, response, device):
    """This function will bind the session to a device, and have the browser keep its number."""
    request.session[SESSION_KEY] = device.id
    # As long as a day in the hall, also when the chat program is closed in between.
    request.session.set_expiry(settings.SESSION_COOKIE_AGE)
    response.set_signed_cookie(
        COOKIE,
        str(device.id),
        salt=SALT,
        max_age=COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _is_bound(number):
    return bool(BOUND.all(device=number))


def _tell_why(request):
    if request.method != "GET" or request.user.is_authenticated:
        return
    number = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=COOKIE_AGE)
    device = Device.objects.filter(id=number or 0).select_related("judge").first()
    if device is None:
        return
    who = f"{device.judge.number} 号评委"
    rest = (
        "没有上传的打分还留在这台设备上，没有丢；要继续用这台设备，请重新扫评委卡，由工作人员核对。"
    )
    if device.state == Device.State.ENDED:
        when = f"{timezone.localtime(device.ended_at):%H:%M}"
        other = Device.objects.filter(judge=device.judge, state=Device.State.BOUND).exists()
        why = "已改用另一台设备" if other else "已由工作人员退出登录"
        messages.warning(request, f"{who}在 {when} {why}，这台设备不能再提交。{rest}")
    elif device.state == Device.State.BOUND:
        messages.warning(request, f"{who}在这台设备上的登录已过期。{rest}")
