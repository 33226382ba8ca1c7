"""The audience's ballots, as `script/bench arena` casts them: 500 phones within a few seconds,
every tenth of them twice, each until it has been answered."""

import asyncio
import json
import time
import uuid
from urllib.parse import urlencode

SEATS = 500
# The phones begin spread over so many seconds; all must have been answered within the bound.
SPREAD, BOUND = 5, 10
OPTIONS = ("good", "fair", "poor")
TOKEN = "b" * 32


def measure(kind, port, hall, count):
    """This function will cast the ballots and return 0, or 1 when a bound is missed.

    `hall` is what bench.ballots_setup printed; count() closes the turn and returns what
    bench.ballots_count prints.
    """
    address, entry = hall.split()
    began = time.time()
    answers = asyncio.run(_cast_all(port, address, entry))
    taken = time.time() - began
    delays = sorted(1000 * delay for _state, delay in answers)
    accepted = sum(state == "counted" for state, _delay in answers)
    counted = {key: int(value) for key, value in json.loads(count()).items()}
    wanted = {key: len(range(n, SEATS, len(OPTIONS))) for n, key in enumerate(OPTIONS)}
    ok = taken <= BOUND and accepted == len(answers) and counted == wanted
    print(
        f"{kind:9} {SEATS} ballots, {len(answers) - SEATS} of them sent twice, in {taken:.1f} s "
        f"(bound {BOUND}); {sum(counted.values())} counted, each once: {counted == wanted}\n"
        f"{'':9} cast to answered: p95 {delays[int(len(delays) * 0.95)]:.0f} ms, "
        f"longest {delays[-1]:.0f} ms {'ok' if ok else 'MISSED'}",
        flush=True,
    )
    return 0 if ok else 1


async def _cast_all(port, address, entry):
    phones = []
    for number in range(SEATS):
        ballot = {
            "csrfmiddlewaretoken": TOKEN,
            "op": uuid.uuid4().hex,
            "entry": entry,
            "choice": OPTIONS[number % len(OPTIONS)],
        }
        start = SPREAD * number / SEATS
        for _time in range(2 if number % 10 == 0 else 1):
            phones.append(_cast(port, address, number + 1, urlencode(ballot).encode(), start))
    return await asyncio.gather(*phones)


async def _cast(port, address, seat, body, start):
    """(what the server said, seconds until it did): the phone asks until it is answered."""
    await asyncio.sleep(start)
    began = time.time()
    head = (
        f"POST {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
        f"Cookie: csrftoken={TOKEN}; hallseat=phone-{seat}\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode()
    while time.time() - began < 2 * BOUND:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(head + body)
            answer = await reader.read()
            writer.close()
            if answer.split(b"\r\n", 1)[0].split(b" ")[1] in (b"200", b"409"):
                # In one piece or in chunks: the object is what stands between the braces.
                text = answer[answer.index(b"{") : answer.rindex(b"}") + 1]
                return json.loads(text)["state"], time.time() - began
        except (OSError, ValueError, IndexError):
            pass
        await asyncio.sleep(0.2)
    return "unanswered", time.time() - began
