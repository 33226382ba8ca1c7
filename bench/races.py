"""The races of `script/bench arena`: two operators with one step, a hand-in against a closing."""

import asyncio
import collections
import random

from bench.hall import step
from bench.phones import Operator, Phone

# Contestants of an event, and judges: the last one races.
ENTRANTS, JUDGES = 30, 3
# The second of two is up to so many seconds behind the first.
APART = 0.03


def measure(servers, options):
    """This function will run both kinds of races and return 0, or 1 when one of them had two
    winners, none, or a mark that is neither counted nor late."""
    entrants = min(ENTRANTS, -(-options.races // 2))
    halls = -(-options.races // entrants)
    # In half of the events nobody waits for the judge who races: there his marks may come late.
    wanted = {"prefix": "races", "halls": halls + 1, "entrants": entrants, "judges": JUDGES}
    made = servers.inside("hall_setup", wanted | {"excluded": halls // 2})
    with servers:
        steps, outcomes, races = asyncio.run(_race_all(servers, made, options.races))
    found = servers.inside("hall_check", [hall["slug"] for hall in made["halls"]])
    return _report(servers, options.races, made, found, steps, outcomes, races)


async def _race_all(servers, made, count):
    dice, outcomes, races = random.Random(7), collections.Counter(), []
    first, *others = made["halls"]
    steps = await _race_operators(servers, made, first, count, dice)
    for hall in others:
        await _race_closings(servers, made, hall, count - len(races), dice, outcomes, races)
    return steps, outcomes, races


async def _race_operators(servers, made, hall, count, dice):
    """How many steps each race made: both operators ask for the same exchange of two turns, which
    would be possible twice."""
    pair = [Operator(servers.port, hall, cookie) for cookie in made["operators"]]
    steps = collections.Counter()
    for _race in range(count):
        before = await pair[0].look()
        pair[1].step = before
        named = dice.sample(hall["order"], 2)
        waits = dice.sample([0, dice.random() * APART], 2)
        await asyncio.gather(
            *(_later(wait, one.send("swap", *named)) for wait, one in zip(waits, pair, strict=True))
        )
        steps[await pair[0].look() - before] += 1
    return steps


async def _race_closings(servers, made, hall, count, dice, outcomes, races):
    operator = Operator(servers.port, hall, made["operators"][0])
    phones = [Phone(servers.port, hall, judge, made["marks"]) for judge in hall["judges"]]
    for entry in hall["order"][:count]:
        await step(operator, "begin", "open_marking")
        await asyncio.gather(*(phone.hand_in(entry) for phone in phones[:-1]))
        waits = dice.sample([0, dice.random() * APART], 2)
        handed, closed = await asyncio.gather(
            _later(waits[0], phones[-1].hand_in(entry)), _later(waits[1], operator.move("close"))
        )
        outcomes[handed, "closed at once" if closed else "closing refused"] += 1
        if not closed:
            await step(operator, "close")
        if handed != "receipt":
            # Told before the closing that nobody waits for him, he presses again.
            await phones[-1].hand_in(entry)
        await step(operator, "reveal")
        races.append((hall["slug"], phones[-1], entry))


async def _later(seconds, work):
    await asyncio.sleep(seconds)
    return await work


def _report(servers, count, made, found, steps, outcomes, races):
    counted = late = neither = both = 0
    for slug, phone, entry in races:
        kept = [
            [
                receipt
                for judge, key, receipt in found[slug][name]
                if (judge, key) == (phone.judge, entry)
            ]
            for name in ("sheets", "late")
        ]
        told = [receipt for key, receipt, *_rest in phone.receipts if key == entry]
        counted, late = counted + bool(kept[0]), late + bool(kept[1])
        neither += kept[0] + kept[1] != told
        both += len(kept[0] + kept[1]) > 1
    first = found[made["halls"][0]["slug"]]
    chains = all(there["chain"] for there in found.values())
    ok = steps == {1: count} and first["moved"] == count and len(races) == count
    ok = ok and not (neither or both) and chains
    said = "，".join(f"{who} / {what}: {times}" for (who, what), times in sorted(outcomes.items()))
    print(
        f"{servers.kind:9} {count} races of two operators: steps made {dict(steps)}, "
        f"{first['moved']} in the record\n"
        f"{'':9} {len(races)} races of submit against close: {counted} counted, "
        f"{late} kept as late, {neither} neither, {both} twice; "
        f"record {chains} {'ok' if ok else 'MISSED'}\n"
        f"{'':9} {said}",
        flush=True,
    )
    return 0 if ok else 1
