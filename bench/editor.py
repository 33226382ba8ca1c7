"""Server time of the editor's pages for a long scheme: 22 tracks × 4 rounds × 15 criteria.

`script/bench editor` makes such a scheme in a database of its own, then asks in turn for a page of
a track, of a criterion and of a list, saves a criterion, and reads the whole scheme again with its
problems. It prints the median of five and the longest, and ends with 1 when one takes longer than
its bound. The time is the processor's for the request in one process that is set up as the servers
are, without the network; the first of each is not counted.
"""

import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TRACKS, ROUNDS, CRITERIA = 22, 4, 15
BOUND = 300
TIMES = 5
RULES = [
    {
        "kind": "measured",
        "quantity": "growth",
        "undefined": "ruling",
        "conversion": {"kind": "efficacy", "base": "0.6", "all_equal": "full"},
    },
    {
        "kind": "measured",
        "quantity": "value",
        "conversion": {"kind": "rank", "mode": "percent", "step": "5"},
    },
    {"kind": "ledger", "items": [{"key": "a", "title": "表彰", "sign": "bonus", "points": "1"}]},
]


def long_document():
    """This function will return the document of a scheme of that length without problems."""
    return {
        "key": "long",
        "title": "二十二张榜的办法",
        "tracks": [
            {
                "key": f"t{t}",
                "title": f"第{t + 1}榜",
                "rounds": [_round(t, r) for r in range(ROUNDS)],
            }
            for t in range(TRACKS)
        ],
    }


def _round(t, r):
    return {
        "key": f"r{t}-{r}",
        "title": f"第{r + 1}季度",
        "kind": "routine",
        "weight": "25",
        "full": "150",
        "criteria": [
            {
                "key": f"c{t}-{r}-{c}",
                "title": f"指标{c + 1}",
                "full": "10",
                "rule": RULES[c % len(RULES)],
            }
            for c in range(CRITERIA)
        ],
    }


def main():
    """This function will run the measurement and return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            {"LEITAI_MODE": "test", "LEITAI_DATA_DIR": folder, "PYTHONPATH": str(ROOT)}
        )
        os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
        for command in (["migrate", "-v0"], ["collectstatic", "-v0", "--noinput"]):
            subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)
        import django

        django.setup()
        from config.collector import settle_collector

        settle_collector()
        print(f"垃圾回收：阈值 {gc.get_threshold()}，冻结 {gc.get_freeze_count()} 个对象，同服务器")
        return _measure()


def _measure():
    from django.test import Client
    from django.utils import timezone

    from competitions import actions
    from competitions.roles import RoleKind
    from competitions.scheme.read import read_document
    from tests import factories

    user = factories.UserFactory()
    factories.grant(user.person, RoleKind.ORGANISER)
    actions.create_competition(
        host_code=factories.HOST,
        host_name="临河区",
        year=2024,
        scheme=read_document(long_document()),
        slug="long",
        by=user.person,
        now=timezone.now(),
    )
    client = Client()
    client.force_login(user)
    edit = "/work/long/rules/edit/"
    pages = ["", "tracks.7/", "tracks/", "tracks.7.rounds.2.criteria/"]
    pages += ["tracks.7.rounds.2.criteria.3/"]
    found = {f"GET {at or '（首页）'}": _time(lambda at=at: client.get(edit + at)) for at in pages}
    found["GET submit"] = _time(lambda: client.get("/work/long/rules/submit/"))
    found["POST（保存一项）"] = _time(lambda: _save(client, edit + pages[-1]), only="post")
    for name, times in found.items():
        print(
            f"{name:44}{statistics.median(times):8.0f} ms（{len(times)} 次，最长 {max(times):.0f}）"
        )
    slow = [name for name, times in found.items() if max(times) > BOUND]
    if slow:
        print(f"超过 {BOUND} 毫秒：{'、'.join(slow)}")
    return 1 if slow else 0


_number = 0


def _save(client, address):
    """Save a change, with a problem in it; the time is that of the POST and of the page after."""
    global _number
    _number += 1
    data = {
        **client.get(address).context_data["form"].data,
        "do": "save",
        "full": str(10 + _number),
    }
    start = time.process_time()
    answer = client.post(address, data)
    assert answer.status_code == 302, answer.status_code
    return 1000 * (time.process_time() - start)


def _time(ask, only=""):
    times = []
    for turn in range(TIMES + 1):
        start = time.process_time()
        answer = ask()
        spent = answer if only else 1000 * (time.process_time() - start)
        if turn:
            times.append(spent)
    return times


if __name__ == "__main__":
    sys.exit(main())
