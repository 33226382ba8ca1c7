"""What must be recorded in under a minute while the hall waits: the part `minute` of
`script/bench arena`. A deputy who speaks, a judge replaced, a broken phone replaced.

Real browsers (the operator's, the large screen, the phones) are used at a person's pace, which is
slept for and counted, on the operator's side and on the phone's. The stopwatch of a chore begins at
the console, where the operator hears of it, and ends when the hall can go on."""

import re
import subprocess
import sys
import time

from playwright.sync_api import expect, sync_playwright

from bench.hall import ROOT
from tests.browser.chromium import find_chromium

BOUND = 60
expect.set_options(timeout=20_000)
# Seconds: to read a page that is new on the screen, to find and hit a button, to type a Chinese
# character (four keys at 0.25 s), to aim a phone at a card, to hold a face and a code against
# what the console says.
READ, CLICK, CHARACTER, SCAN, COMPARE = 2, 1.2, 1, 6, 4
DEPUTY, SUCCESSOR = "代表甲", "接替评委乙"


def measure(servers, options):
    """This function will do the chores by hand, one after another, and return 0, or 1 when one
    took longer than a minute; what is not as it must be afterwards ends the measurement."""
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, cwd=ROOT, env=servers.env, check=True)
    wanted = {"prefix": "minute", "halls": 1, "entrants": 2, "judges": 3}
    # What the judges' own group marks: who takes over a seat stays in the group.
    made = servers.inside("hall_setup", wanted | {"rounds": ["arena", "sec-arena"]})
    with servers, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=find_chromium(), args=["--no-sandbox", "--no-proxy-server"]
        )
        # The process of the streams answers pages too: no nginx stands before the two here.
        taken = _Hall(chromium, servers.feed_port, made).play()
        chromium.close()
    ok = max(taken.values()) <= BOUND
    for number, (chore, seconds) in enumerate(taken.items()):
        print(f"{'' if number else servers.kind:9} {chore}: {seconds:.1f} s", flush=True)
    print(
        f"{'':9} each at a person's pace (bound {BOUND} s) {'ok' if ok else 'MISSED'}", flush=True
    )
    return 0 if ok else 1


def _read():
    time.sleep(READ)


def _click(button):
    time.sleep(CLICK)
    button.click()


def _type(field, text):
    _click(field)
    time.sleep(CHARACTER * len(text))
    field.fill(text)


class _Hall:
    """The console, the large screen and the phones of one event, which is about to begin."""

    def __init__(self, chromium, port, made):
        self.chromium, self.address = chromium, f"http://127.0.0.1:{port}"
        self.marks, (hall,) = made["marks"], made["halls"]
        self.slug, self.order, self.judges = hall["slug"], hall["order"], hall["judges"]
        self.work = f"/work/{self.slug}/arena/arena/"
        self.console = self._open(1280, made["operators"][0])
        self.screen = self._open(1920, made["operators"][0])
        self.screen.goto(f"{self.work}screen/")

    def _open(self, width, cookie=""):
        context = self.chromium.new_context(
            base_url=self.address, viewport={"width": width, "height": 800}, locale="zh-CN"
        )
        context.set_default_timeout(20_000)
        if cookie:
            name, value = cookie.split("=", 1)
            context.add_cookies([{"name": name, "value": value, "url": self.address}])
        return context.new_page()

    def play(self):
        """This function will play the event's first turns and return the seconds of each chore."""
        cards = self._make_cards()
        self.console.goto(self.work)
        broken = self._sign_in(cards["j02"])
        self._step("begin")
        taken = {"a deputy named": self._name_deputy()}
        taken["a judge replaced"], successor = self._replace_judge()
        self._step("open_marking")
        first, second = self.order
        phone = self._open(360, self.judges["j01"])
        receipts = [self._mark(page, first) for page in (phone, broken, successor)]
        broken.context.close()
        taken["a broken phone replaced"], fresh = self._replace_phone(cards["j02"])
        expect(fresh.locator("main")).to_contain_text(receipts[1])
        # Closing takes the whole panel: the successor's marks count, and the broken phone's.
        self._step("close", "reveal")
        expect(self.screen.locator(".stage-score")).to_be_visible()
        self._step("begin", "open_marking")
        self._mark(fresh, second)
        return taken

    def _name_deputy(self):
        began = time.monotonic()
        _read()
        _type(self.console.locator('input[name="speaker"]').first, DEPUTY)
        _click(self.console.locator('form[action$="/speaker/"] button').first)
        expect(self.screen.locator("main")).to_contain_text(f"{DEPUTY} 代表发言")
        return time.monotonic() - began

    def _replace_judge(self):
        console, began = self.console, time.monotonic()
        _click(console.get_by_role("link", name="换评委"))
        _read()
        _click(console.get_by_role("link", name=re.compile("换人.*评委3")))
        _read()
        _type(console.get_by_label("新人员姓名"), SUCCESSOR)
        _click(console.get_by_role("button", name="由他接替"))
        _read()
        _click(console.get_by_role("button", name="制作所选评委的卡"))
        _read()
        # He scans the card from the operator's screen: a printer takes its own time.
        card = console.locator(".card-address").inner_text()
        phone = self._sign_in(card, console.get_by_role("link", name="已打印，返回"))
        self._open_pad(phone)
        return time.monotonic() - began, phone

    def _replace_phone(self, card):
        self.console.goto(self.work)
        began = time.monotonic()
        phone = self._sign_in(card)
        self._open_pad(phone)
        return time.monotonic() - began, phone

    def _sign_in(self, card, back=None):
        """From the moment at which a judge takes his card and a phone in hand."""
        phone = self._open(360)
        time.sleep(SCAN)
        phone.goto(card)
        _read()
        _click(phone.get_by_role("button", name="请求登录"))
        code = phone.locator("#card-code").inner_text()
        if back:
            _click(back)
        approve = self.console.get_by_role("button", name=f"核对码是 {code}，批准")
        expect(approve).to_be_visible()
        time.sleep(COMPARE)
        _click(approve)
        phone.wait_for_url("**/judge/")
        return phone

    def _open_pad(self, phone):
        _read()
        _click(phone.get_by_role("link", name="擂台比武").first)
        _read()
        _click(phone.locator("[data-stage-link]"))
        expect(phone.locator("#pad, #pad-sent")).to_be_visible()

    def _make_cards(self):
        self.console.goto(f"/work/{self.slug}/signin/")
        self.console.get_by_role("button", name="制作所选评委的卡").click()
        addresses = self.console.locator(".card-address").all_inner_texts()
        return dict(zip(self.judges, addresses, strict=True))

    def _step(self, *moves):
        for move in moves:
            self.console.goto(self.work)
            self.console.locator(f'button[name="move"][value="{move}"]').click()

    def _mark(self, page, entry):
        """Mark and hand in as fast as the machine can, and return the receipt."""
        page.goto(f"/judge/{self.slug}/arena/{entry}/")
        for key, marks in zip([entry, entry.replace("e", "s")], self.marks, strict=True):
            for criterion, text in marks.items():
                page.locator(f'input[name="m.{key}..{criterion}"]').fill(text)
        page.get_by_role("button", name="提交打分").click()
        page.get_by_role("button", name="确认提交").click()
        note = page.locator("#pad-state-note")
        expect(note).to_contain_text("回执号")
        return note.inner_text().split("，")[0].split()[-1]
