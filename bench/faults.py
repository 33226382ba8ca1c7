"""The fault run of `script/bench arena`: whole events in which every judge's connection drops 30 %
of the requests and doubles 10 %, is gone for a minute once, and the servers are killed ten times.

The phones behave as static/js/pad-send.js, with its waits; no event of the browser tells them that
the network is back. At the end the database is held against the receipts."""

import asyncio
import collections
import random
import time

from bench.hall import JUDGES, step
from bench.phones import Operator, Phone, follow
from bench.wire import Weather

DROP, DOUBLE, AWAY, KILLS = 0.3, 0.1, 60, 10
# Contestants of an event at most, and events at a time.
ENTRANTS, AT_ONCE = 34, 3
# Every judge's minute without network begins within so many seconds of the event's beginning.
WITHIN = 30
VISIBLE = 5
# The last item of a feed may come after a break of the stream.
PATIENCE = 30


def measure(servers, options):
    """This function will play the events and return 0, or 1 when something was lost, doubled or
    late."""
    turns = -(-options.submits // JUDGES)
    halls = -(-turns // ENTRANTS)
    wanted = {"prefix": "faults", "halls": halls, "entrants": -(-turns // halls), "judges": JUDGES}
    made, began = servers.inside("hall_setup", wanted), time.time()
    with servers:
        events = asyncio.run(_play_all(servers, made, options))
    found = servers.inside("hall_check", [event.hall["slug"] for event in events])
    return _report(servers, options, events, found, time.time() - began)


class Event:
    """One event: its hall, its phones and what their streams heard."""

    def __init__(self, servers, made, hall, seed, away):
        self.hall, now = hall, asyncio.get_running_loop().time()
        dice = random.Random(seed)
        self.phones, self.followers, self.heard = [], [], []
        for judge, cookie in hall["judges"].items():
            start = now + dice.random() * min(WITHIN, away)
            own = random.Random(dice.random())
            weather = Weather(own, DROP, DOUBLE, (start, start + away))
            self.phones.append(Phone(servers.port, hall, judge, made["marks"], weather))
            heard = set()
            self.heard.append(heard)
            stream = follow(servers.feed_port, hall, cookie, weather, heard)
            self.followers.append(asyncio.create_task(stream))
        self.operator = Operator(servers.port, hall, made["operators"][0])

    async def play(self):
        """This function will hold the whole event, then let the streams catch up."""
        for entry in self.hall["order"]:
            await step(self.operator, "begin", "open_marking")
            await asyncio.gather(*(phone.hand_in(entry) for phone in self.phones))
            await step(self.operator, "close", "reveal")
        # A step tells the judges once; the draw did too, before the phones came.
        self.last = self.operator.step
        for _half in range(2 * PATIENCE):
            if all(max(heard, default=0) >= self.last for heard in self.heard):
                break
            await asyncio.sleep(0.5)
        for task in self.followers:
            task.cancel()
        await asyncio.gather(*self.followers, return_exceptions=True)


async def _play_all(servers, made, options):
    slots, events = asyncio.Semaphore(AT_ONCE), []

    async def play(number, hall):
        async with slots:
            events.append(event := Event(servers, made, hall, number, options.away))
            await event.play()

    total = sum(len(hall["order"]) * len(hall["judges"]) for hall in made["halls"])
    killing = asyncio.create_task(_kill_often(servers, events, total, options.kills))
    await asyncio.gather(*(play(number, hall) for number, hall in enumerate(made["halls"])))
    await killing
    return events


async def _kill_often(servers, events, total, kills):
    for number in range(1, kills + 1):
        while _acknowledged(events) < total * number / (kills + 1):
            await asyncio.sleep(0.02)
        await asyncio.to_thread(servers.kill_and_start)


def _acknowledged(events):
    return sum(len(phone.receipts) for event in events for phone in event.phones)


def find_delays(phone, downs):
    """This function will return how long what waited took to be acknowledged once the way was free
    again, in seconds: after the judge's own network was back, and after the servers were."""
    found = []
    ends = [phone.wire.weather.gone, *downs]
    for *_what, began, at in phone.receipts:
        # Of several breaks one after another the last one counts.
        over = [end for start, end in ends if began < end <= at and start < at]
        if over:
            found.append(at - max(over))
    return found


def _report(servers, options, events, found, taken):
    phones = [(event, phone) for event in events for phone in event.phones]
    met, answers = collections.Counter(), collections.Counter()
    missing = doubled = other = extra = silent = 0
    for event in events:
        there = found[event.hall["slug"]]
        sheets = collections.defaultdict(list)
        for judge, entry, receipt in there["sheets"] + there["late"]:
            sheets[judge, entry].append(receipt)
        doubled += sum(len(receipts) - 1 for receipts in sheets.values())
        for phone in event.phones:
            for entry, receipt, *_when in phone.receipts:
                for key in (entry, entry.replace("e", "s")):
                    kept = sheets.pop((phone.judge, key), [])
                    missing += not kept
                    other += bool(kept) and receipt not in kept
        extra += len(sheets)
        silent += sum(set(range(1, there["told"] + 1)) != heard for heard in event.heard)
    for event, phone in phones:
        met.update(phone.wire.weather.met)
        answers.update(phone.answers)
        answers.update(event.operator.answers if phone is event.phones[0] else {})
    delays = sorted(
        delay for _event, phone in phones for delay in find_delays(phone, servers.downs)
    )
    expected = sum(len(event.hall["order"]) * len(event.phones) for event in events)
    refused = [refusal for _event, phone in phones for refusal in phone.refused]
    lost = expected - _acknowledged(events)
    faults = sum(count for status, count in answers.items() if status >= 500)
    late = sum(len(there["late"]) for there in found.values())
    chains = all(there["chain"] for there in found.values())
    steps = all(
        there["step"] == event.last for event in events for there in [found[event.hall["slug"]]]
    )
    longest = delays[-1] if delays else 0
    ok = not (lost or doubled or missing or other or extra or late or refused or faults or silent)
    ok = ok and chains and steps and longest <= VISIBLE and len(servers.downs) == options.kills
    away = max((end - began for began, end in servers.downs), default=0)
    print(
        f"{servers.kind:9} {expected} submits of {len(phones)} judges in {len(events)} events, "
        f"{taken / 60:.1f} min: {met['dropped']} requests dropped, {met['doubled']} doubled, "
        f"{met['gone']} without network; {len(servers.downs)} times killed "
        f"(away up to {away:.1f} s)\n"
        f"{'':9} {lost} lost, {doubled} doubled, {missing} acknowledged and missing, {other} with "
        f"another receipt, {extra} unacknowledged, {late} late, {len(refused)} refused, "
        f"{faults} server errors; steps {steps}, record {chains}\n"
        f"{'':9} back to acknowledged: median {delays[len(delays) // 2] if delays else 0:.2f} s, "
        f"longest {longest:.2f} s of {len(delays)} (bound {VISIBLE}); "
        f"{silent} of {len(phones)} streams missed something {'ok' if ok else 'MISSED'}",
        flush=True,
    )
    if refused:
        print(f"{'':9} {refused[:3]}", flush=True)
    if faults:
        print(servers.log.read_text(encoding="utf-8", errors="replace")[-3000:], flush=True)
    return 0 if ok else 1
