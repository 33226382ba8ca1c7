"""A judge's phone and an operator's console, as their scripts behave in a hall."""

import asyncio
import json
import re
import uuid
from pathlib import Path
from urllib.parse import urlencode

from bench.wire import Lost, Wire

_SCRIPT = Path(__file__).resolve().parent.parent / "static" / "js" / "pad-send.js"
# The pad's own waits, in milliseconds there.
WAITS = {
    name: int(value)
    for name, value in re.findall(r"var ([A-Z]+) = ([0-9]+);", _SCRIPT.read_text(encoding="utf-8"))
}
ROUND = "arena"


class Phone:
    """One judge's pad: each sheet is sent under one id until the server has answered."""

    def __init__(self, port, hall, judge, marks, weather=None):
        self.wire = Wire(port, hall["judges"][judge], weather)
        self.judge, self.marks = judge, marks
        self.path = f"/judge/{hall['slug']}/{ROUND}/submit/"
        # (entry, receipt, late, handed in at, answered at), in the loop's seconds.
        self.receipts = []
        self.answers = {}
        self.refused = []

    async def hand_in(self, entry):
        """This function will hand in the marks of a unit and its secretary, and return the kind of
        the answer that settled it: receipt, or the server's word for why not."""
        loop = asyncio.get_running_loop()
        sheets = dict(zip([entry, entry.replace("e", "s")], self.marks, strict=True))
        sheets = {key: {"": marks} for key, marks in sheets.items()}
        body = json.dumps({"op": str(uuid.uuid4()), "sheets": sheets}).encode()
        began, silent, delay = loop.time(), 0, 1000
        while True:
            self.wire.patience = WAITS["IMPATIENCE" if silent else "PATIENCE"] / 1000
            status, document = await self._send(body)
            if status == 200:
                receipt, late = document["receipt"], document["late"]
                self.receipts.append((entry, receipt, late, began, loop.time()))
                return "receipt"
            if document is not None and status < 500:
                self.refused.append((entry, status, document.get("message", "")))
                return document["error"]
            if status == 0 and silent < WAITS["OFTEN"]:
                silent += 1
                await asyncio.sleep(WAITS["SOON"] / 1000)
            else:
                await asyncio.sleep(delay / 1000)
                delay = min(delay * 2, WAITS["LONGEST"])

    async def _send(self, body):
        try:
            answer = await self.wire.ask("POST", self.path, body)
        except Lost:
            return 0, None
        self.answers[answer.status] = self.answers.get(answer.status, 0) + 1
        try:
            return answer.status, json.loads(answer.body)
        except ValueError:
            return answer.status, None


class Operator:
    """One operator: every step is sent under one id until it has been answered."""

    def __init__(self, port, hall, cookie, weather=None):
        self.wire = Wire(port, cookie, weather)
        self.path = f"/work/{hall['slug']}/arena/{ROUND}/move/"
        self.feed = f"/feed/{hall['slug']}/{ROUND}/console/"
        self.step, self.number = hall["step"], 0
        self.answers = {}

    async def send(self, move, *named):
        """This function will send one move on the step that this operator has seen."""
        form = {"op": str(uuid.uuid4()), "step": self.step, "move": move}
        form |= dict(zip(["first", "second"], named, strict=False))
        if move == "swap":
            form["reason"] = "两家商定"
        kind = "application/x-www-form-urlencoded"
        await self._until(302, "POST", self.path, urlencode(form).encode(), kind)

    async def look(self):
        """This function will learn which step the event is on."""
        path = f"{self.feed}?poll=1&after={self.number}"
        answer = await self._until(200, "GET", path)
        for item in json.loads(answer.body):
            self.number = item["number"]
            self.step = max(self.step, item["data"].get("step", 0))
        return self.step

    async def move(self, move, *named):
        """This function will send a move and return whether the event made a step."""
        before = self.step
        await self.send(move, *named)
        return await self.look() > before

    async def _until(self, wanted, *request):
        for _attempt in range(600):
            try:
                answer = await self.wire.ask(*request)
            except Lost:
                await asyncio.sleep(0.2)
                continue
            self.answers[answer.status] = self.answers.get(answer.status, 0) + 1
            if answer.status == wanted:
                return answer
            if answer.status < 500:
                raise SystemExit(f"{request[1]}：服务器答复 {answer.status}。")
            await asyncio.sleep(0.5)
        raise SystemExit(f"{request[1]}：一直没有答复。")


async def follow(port, hall, cookie, weather, heard):
    """This function will follow the judges' feed until it is cancelled, as a browser does: after a
    break it comes back with the number of its last item. `heard` (a set) gets the numbers."""
    last, path = 0, f"/feed/{hall['slug']}/{ROUND}/judge/"
    while True:
        writer = None
        try:
            if weather.is_gone() or weather.dice.random() < weather.drop:
                raise Lost
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            lines = [f"GET {path} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {cookie}"]
            lines += ["Accept: text/event-stream", f"Last-Event-ID: {last}"]
            writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
            while line := await asyncio.wait_for(reader.readline(), 15):
                if weather.is_gone():
                    break
                if line.startswith(b"id: "):
                    last = int(line[4:])
                    heard.add(last)
        except (OSError, TimeoutError, ValueError):
            pass
        finally:
            if writer is not None:
                writer.close()
        await asyncio.sleep(1.5)
