"""The people of the long road, and their hands: signing in, pasting, marking, saving."""

import re
from pathlib import Path

from playwright.sync_api import expect

SCHEME = Path(__file__).with_name("road.toml")
OWN_PASSWORD = "linhe-river-2022"
UNITS = ["狼山镇", "新华镇", "干召庙镇"]
# Every judge marks alike: 90, 80 and 70 of a hundred, in the units' official order.
INDUSTRY, TALENT, PERSON = ["54", "48", "42"], ["36", "32", "28"], ["90", "80", "70"]
PASTE = """([selector, text]) => {
  const input = document.querySelector(selector);
  const data = new DataTransfer();
  data.setData("text/plain", text);
  input.focus();
  input.dispatchEvent(new ClipboardEvent("paste", {
    clipboardData: data, bubbles: true, cancelable: true,
  }));
}"""


class Desk:
    """One person at a browser of her own."""

    def __init__(self, page, work="/work/150802-2022/"):
        self.page, self.work = page, work

    def sign_in(self, account):
        """This function will sign in with an initial password (account, password) and change it."""
        username, password = account
        self.page.goto("/signin/")
        self.write(username=username, password=password).press("登录")
        self.write(old=password, new=OWN_PASSWORD, again=OWN_PASSWORD)
        self.press("修改密码")
        expect(self.page.locator('input[name="old"]')).to_have_count(0)
        return self

    def write(self, **values):
        """This function will fill fields by their names."""
        for name, value in values.items():
            self.page.locator(f'main [name="{name}"]').fill(value)
        return self

    def go(self, path=""):
        """This function will open a page of the competition, or any by its whole address."""
        self.page.goto(path if path.startswith("/") else self.work + path)
        return self

    def press(self, name):
        """This function will press the first button of the page's body with exactly that name."""
        self.page.locator("main").get_by_role("button", name=name, exact=True).first.click()
        return self

    def tick(self, name):
        """This function will tick the box of that name."""
        self.page.locator(f'input[type="checkbox"][name="{name}"]').check()
        return self

    def choose(self, name, label):
        """This function will choose an option, by part of its words, in the select of that name."""
        field = self.page.locator(f'select[name="{name}"]')
        words = [text.strip() for text in field.locator("option").all_text_contents()]
        field.select_option(label=next(text for text in words if label in text))
        return self

    def paste(self, name, *rows):
        """This function will paste rows of cells, as from a spreadsheet, into the input `name`."""
        text = "".join("\t".join(row) + "\r\n" for row in rows)
        self.page.evaluate(PASTE, [f'[name="{name}"]', text])
        return self

    def sees(self, *texts):
        """This function will wait until the page's body says each of the texts."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)
        return self

    def sees_no(self, *texts):
        """This function will check that the page as it stands says none of the texts."""
        said = self.page.locator("main").inner_text()
        assert not [text for text in texts if text in said]
        return self

    def verify(self):
        """This function will confirm a ledger event or a decision as the second person."""
        return self.press("核对无误")

    def card(self):
        """This function will read (account, initial password) from the card that is shown once."""
        facts = self.page.locator(".password-card dd")
        expect(self.page.locator(".secret")).to_be_visible()
        texts = facts.all_inner_texts()
        return texts[-2].strip(), texts[-1].strip()


def open_account(admin, username, name, kind=None):
    """This function will let the administrator open an account and return its card."""
    admin.go("/accounts/new/")
    known = admin.page.locator('select[name="known"] option', has_text=name)
    if known.count():
        admin.choose("known", name)
    else:
        admin.page.locator('input[name="name"]').fill(name)
    admin.page.locator('input[name="username"]').fill(username)
    if kind:
        admin.page.locator('select[name="kind"]').select_option(kind)
        admin.page.locator('input[name="host"]').fill("150802")
    admin.press("新建账号")
    return admin.card()


def appoint(organiser, name):
    """This function will appoint a judge for every round, with an account, and return its card."""
    organiser.go("judges/add/")
    page = organiser.page
    page.locator('input[name="name"]').fill(name)
    for box in page.locator('input[name="rounds"]').all():
        box.check()
    page.locator('input[name="account"]').check()
    organiser.press("添加评委")
    return organiser.card()


def tour(judge, round_key):
    """This function will mark a joint review on the judge's pad and hand the tour in."""
    short = "r1" if round_key == "review1" else "r2"
    judge.go(f"/judge/150802-2022/{round_key}/")
    for number, (industry, talent) in enumerate(zip(INDUSTRY, TALENT, strict=True), 1):
        judge.page.locator(f'[name="m.e{number:02d}..{short}-industry"]').fill(industry)
        judge.page.locator(f'[name="m.e{number:02d}..{short}-talent"]').fill(talent)
    judge.page.get_by_role("button", name="提交全部").click()
    judge.page.get_by_role("button", name="确认提交").click()
    expect(judge.page.locator("#pad-state")).to_contain_text("已提交")


def speech(judge, number):
    """This function will mark one speaker of the arena on the judge's phone, read back, hand in."""
    key = f"{number:02d}"
    judge.go(f"/judge/150802-2022/arena/e{key}/")
    marks = {
        f"m.e{key}..a-results": INDUSTRY[number - 1],
        f"m.e{key}..a-pledges": TALENT[number - 1],
        f"m.s{key}..s-drive": PERSON[number - 1],
    }
    for name, value in marks.items():
        judge.page.locator(f'[name="{name}"]').fill(value)
    judge.page.get_by_role("button", name="提交打分").click()
    dialog = judge.page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{PERSON[number - 1]}.00 分")
    dialog.get_by_role("button", name="确认提交").click()
    expect(judge.page.locator("#pad-state")).to_contain_text("已提交")


def paper_rows(round_key, entrants):
    """This function will return the cells of a paper sheet for the first so many entrants.

    In the arena a unit's row is followed by its secretary's.
    """
    rows = []
    for place in range(entrants):
        row = [INDUSTRY[place], TALENT[place]]
        rows.append([*row, PERSON[place]] if round_key == "arena" else row)
    return rows


def first_cell(round_key):
    """This function will return the name of a paper grid's first cell."""
    criterion = {"review1": "r1-industry", "review2": "r2-industry", "arena": "a-results"}
    return f"m.e01..{criterion[round_key]}"


def type_and_verify(clerk, second, round_key, judge_key, entrants):
    """This function will let the clerk type a judge's paper and a second person type it again."""
    rows = paper_rows(round_key, entrants)
    clerk.go(f"rounds/{round_key}/paper/{judge_key}/")
    clerk.paste(first_cell(round_key), *rows).press("保存录入").sees("已录入")
    second.go(f"rounds/{round_key}/verify/{judge_key}/")
    second.paste(first_cell(round_key), *rows).press("提交核对").sees("已核对")


def standing(page):
    """This function will return (place, name, total) of every row of a ranking table."""
    found = []
    for row in page.locator("table tbody tr").all():
        cells = row.locator("th, td").all_inner_texts()
        place = re.search(r"\d+", cells[0])
        total = re.search(r"\d+\.\d\d", cells[-1])
        if place and total:
            found.append((int(place[0]), cells[1].split("\n")[0].strip(), total[0]))
    return found
