"""The fault run behaves as the pad does, and its weather is as bad as it says."""

import collections
import random
import types

from bench.faults import AWAY, DROP, VISIBLE, find_delays
from bench.phones import WAITS
from bench.wire import Lost, Weather, Wire
from tests.apart import run_apart


def test_pad_tries_often_enough_that_bad_luck_does_not_delay_what_waits():
    assert WAITS["SOON"] * WAITS["OFTEN"] >= 2 * AWAY * 1000
    # A try that hangs is given up early enough for one that arrives.
    assert WAITS["IMPATIENCE"] + WAITS["SOON"] < VISIBLE * 1000 < WAITS["PATIENCE"]
    # One in a thousand at most of a panel of thirty, each of whose tries is lost with DROP.
    tries = VISIBLE * 1000 // WAITS["SOON"]
    assert 30 * DROP**tries < 0.001


def ask(wire, times):
    async def run():
        answers = 0
        for _time in range(times):
            try:
                answers += (await wire.ask("POST", "/")) is not None
            except Lost:
                continue
        return answers

    return run_apart(run)


def counting(weather):
    """A wire that reaches a server that only counts, and the sends that it saw."""
    seen = collections.Counter()

    async def once(self, *request):
        seen["sent"] += 1
        return request

    kind = type("Counting", (Wire,), {"_once": once})
    wire = kind(0, "", weather)
    return wire, seen


def test_weather_drops_and_doubles_its_shares():
    weather = Weather(random.Random(3), drop=0.3, double=0.0)
    wire, seen = counting(weather)
    answers = ask(wire, 2000)
    assert answers == 2000 - weather.met["dropped"]
    assert 540 <= weather.met["dropped"] <= 660
    # Half of what was dropped had reached the server: only its answer was lost.
    assert abs(seen["sent"] - answers - weather.met["dropped"] / 2) < 60


def test_nothing_goes_through_while_the_connection_is_gone():
    wire, seen = counting(Weather(random.Random(3), gone=(0, 1e12)))
    assert ask(wire, 5) == 0 and not seen


def test_delay_counts_from_the_last_break_that_ended_before_the_answer():
    phone = types.SimpleNamespace(
        wire=types.SimpleNamespace(weather=types.SimpleNamespace(gone=(10, 70))),
        receipts=[
            ("e01", "AAAAAA", "", 1, 2),
            ("e02", "BBBBBB", "", 12, 71.5),
            ("e03", "CCCCCC", "", 80, 91),
        ],
    )
    assert find_delays(phone, [(60, 71), (85, 90)]) == [0.5, 1]
