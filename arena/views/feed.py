"""The feed's address: who may follow, and what has been told since a number."""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, JsonResponse

from arena.feed.audiences import find_audience
from arena.feed.door import KEY
from arena.feed.reading import as_event, as_facts, last_number, read_items
from arena.feed.telling import channel_of
from competitions.gates import enter, is_open_to, refuse
from competitions.machine import client_address, network_of
from competitions.roles import RoleKind

NO_STORE = {"Cache-Control": "no-store, no-transform"}
# Of a server that cannot keep a stream open: the browser asks again after so many milliseconds.
AGAIN = 2000


@enter(read={RoleKind.ANYONE})
def feed(request, slug, round_key, audience):
    """This function will answer with what was told to an audience after a number.

    The number is that of the header Last-Event-ID, else of `?after=`, else 0. With `?poll=1` the
    answer is a JSON list. Otherwise it is an event stream: a process that sends keeps it open, any
    other server ends it after what there is, and the browser asks again. Who may follow is whoever
    may open the audience's page. A reader whose number lies ahead (the database was put back) gets
    409 and loads the page anew.
    """
    declared = find_audience(audience)
    if declared is None:
        raise Http404("没有这个现场页面。")
    if not is_open_to(declared.read, request):
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return refuse(request, declared.read)
    channel = channel_of(declared.find(request, slug, round_key), round_key, audience)
    after = _read_number(request)
    if after is None:
        return _plain("after 应为不小于 0 的整数。", 400)
    last = last_number(channel)
    if after > last:
        return _plain("页面比服务器上的消息还新，请刷新页面。", 409)
    if request.GET.get("poll"):
        items = read_items(channel, after) if after < last else []
        return JsonResponse([as_facts(item) for item in items], safe=False, headers=NO_STORE)
    answer = HttpResponse(content_type="text/event-stream; charset=utf-8", headers=NO_STORE)
    # nginx would otherwise gather a stream until it is worth sending.
    answer["X-Accel-Buffering"] = "no"
    door = request.META.get(KEY)
    if door is not None:
        door.channel, door.after, door.last = channel, after, last
        known = request.user.is_authenticated
        door.address = "" if known else network_of(client_address(request))
    else:
        answer.write(f"retry: {AGAIN}\n\n")
        for item in read_items(channel, after) if after < last else []:
            answer.write(as_event(item))
    return answer


@enter(read={RoleKind.ANYONE})
def feed_health(request):
    """This function will answer 200 while this process can send, and 503 with the faults if not."""
    door = request.META.get(KEY)
    faults = (
        ["这个进程不发送现场消息，网页会改为定时查询。"] if door is None else door.find_faults()
    )
    return _plain("\n".join(faults or ["ok"]), 503 if faults else 200)


def _read_number(request):
    for text in (request.headers.get("Last-Event-ID", ""), request.GET.get("after", "")):
        if text:
            # Longer numbers would not fit the database's.
            is_number = text.isascii() and text.isdigit() and len(text) <= 15
            return int(text) if is_number else None
    return 0


def _plain(text, status):
    return HttpResponse(
        text + "\n", content_type="text/plain; charset=utf-8", status=status, headers=NO_STORE
    )
