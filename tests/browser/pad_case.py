"""What the browser tests of the pad share: the stage of Linhe, and a judge's hands."""

import pytest

from tests.scoring.stage import ARENA, PERSON, keep_stage

PAD = "/judge/linhe-2022/arena/e01/"
RESULTS = "m.e01..a-results"
LINHE = "狼山镇 新华镇 干召庙镇 乌兰图克镇 双河镇 城关镇 白脑包镇 曙光乡 八一乡 狼山农场 临河农场"


@pytest.fixture
def stage(transactional_db, competition):
    return keep_stage(competition, "pad", judges=1, units=LINHE.split())


@pytest.fixture
def judge(stage):
    return stage.judges[0].user


def field(page, name):
    return page.locator(f'input[name="{name}"]')


def mark(page, key="e01"):
    for criterion, text in ARENA.items():
        field(page, f"m.{key}..{criterion}").fill(text)
    for criterion, text in PERSON.items():
        field(page, f"m.{key.replace('e', 's')}..{criterion}").fill(text)


def hand_in(page):
    page.get_by_role("button", name="提交打分").click()
    page.get_by_role("button", name="确认提交").click()


def state(page):
    return page.locator("#pad-state")
