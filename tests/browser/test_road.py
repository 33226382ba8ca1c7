"""One year from an empty database to the secretary's page, as the people who live it.

The arithmetic of the small scheme (road.toml). Every judge gives 90, 80 and 70 of a hundred.
Routine: jobs 90, 80 and 70 of a target of 100 give 54, 48 and 42 of 60; investment grew by 100, 50
and 0, so that 40·(0.6 + 0.4·(x − 0)/100) gives 40, 32 and 24; a city's honour adds 1 to the third:
94, 80 and 67. Totals: 0.2·90 + 0.2·90 + 0.3·94 + 0.3·90 = 91.20; 80.00; 0.4·70 + 0.3·67 + 0.3·70
= 69.10. Votes: ten excellent 100; five and five good 90; ten good 80. Secretaries: 0.5·91.20 +
0.2·100 + 0.3·90 = 92.60; 40 + 18 + 24 = 82.00; 34.55 + 16 + 21 = 71.55.
"""

import io
import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from record.queries import chains, verify_chain
from tests.browser.road import (
    SCHEME,
    UNITS,
    Desk,
    appoint,
    open_account,
    speech,
    standing,
    tour,
    type_and_verify,
)


@pytest.fixture
def desk_of(page_at):
    """A function that gives a person a browser of her own, of 1280 px unless said."""
    return lambda width=1280: Desk(page_at(width))


def test_year_goes_from_an_empty_database_to_the_secretarys_page(desk_of, faults):
    admin, organiser, colleague = desk_of(), desk_of(), desk_of()
    clerk, auditor, visitor = desk_of(), desk_of(), desk_of(360)
    admin.sign_in(first_administrator())
    organiser.sign_in(open_account(admin, "zuzhi1", "李文静", "organiser"))
    colleague.sign_in(open_account(admin, "zuzhi2", "赵海峰", "organiser"))
    clerk.sign_in(open_account(admin, "jipiao", "孙丽娜", "clerk"))
    auditor.sign_in(open_account(admin, "jiandu", "何清", "auditor"))

    set_up(organiser)
    judges = [appoint(organiser, name) for name in ("王志强", "陈淑芳", "刘永胜")]
    tie_third_judge(organiser)
    publish_rules(organiser, colleague, visitor)

    judge = desk_of().sign_in(judges[0])
    for round_key in ("review1", "review2"):
        tour(judge, round_key)
        type_and_verify(clerk, organiser, round_key, "j02", 3)
        # The third judge once held office in the third town: he is not asked for it.
        type_and_verify(clerk, organiser, round_key, "j03", 2)
    enter_figures(clerk, organiser)
    enter_ledger(clerk, colleague)
    phone = desk_of(360)
    phone.page.context.add_cookies(judge.page.context.cookies())
    for number in (1, 2, 3):
        speech(phone, number)
    type_and_verify(clerk, organiser, "arena", "j02", 3)
    type_and_verify(clerk, organiser, "arena", "j03", 2)

    refuse_to_tabulate(organiser)
    enter_votes(clerk, organiser)
    tabulate(organiser)
    decide(organiser, colleague)
    publish(organiser)

    read_as_the_county(visitor)
    secretary = desk_of(360).sign_in(open_account(admin, "shuji", "张启明"))
    read_as_the_secretary(secretary, faults)
    read_as_the_auditor(auditor, faults)
    assert all(verify_chain(chain).ok for chain in chains())


def first_administrator():
    out = io.StringIO()
    call_command("first_admin", "guanli", "马骏", stdout=out)
    return "guanli", re.search("初始密码：(.+)", out.getvalue())[1]


def set_up(organiser):
    """The competition from the shipped scheme, its small rules, three towns and secretaries."""
    organiser.go("/work/new/").choose("scheme", "乡村振兴擂台比武")
    page = organiser.page
    page.locator('input[name="year"]').fill("2022")
    page.locator('input[name="title"]').fill("临河区2022年擂台比武")
    for number in range(len(UNITS), 11):
        page.locator(f'input[name="u-{number}-pick"]').uncheck()
    organiser.press("新建比武").sees("临河区2022年擂台比武")
    assert page.url.endswith(organiser.work)
    organiser.go("entrants/").sees(*UNITS)
    organiser.go("rules/draft/")
    page.locator('input[name="file"]').set_input_files(SCHEME)
    organiser.press("替换草稿").sees("小而全的评分办法", "草稿")
    organiser.go("rules/publish/").sees("还不能公布规则", "没有登记 2022 年在任的党委书记")
    organiser.go("secretaries/add/").choose("unit", "狼山镇")
    page.locator('input[name="name"]').fill("张启明")
    page.locator('input[name="since"]').fill("2020-03-01")
    organiser.press("登记任职").sees("张启明")
    organiser.go("secretaries/import/")
    page.locator('textarea[name="text"]').fill(
        "单位\t姓名\t任职日期\n新华\t郭春华\t2021-05-10\n干召庙镇党委\t曹志军\t2019年8月1日\n"
    )
    organiser.press("预览").sees("将登记 2 段任职经历").press("确认登记").sees("郭春华", "曹志军")


def tie_third_judge(organiser):
    """The third judge held office in the third town: his recusal follows."""
    organiser.go("recusals/ties/").choose("judge", "刘永胜").choose("entry", "干召庙镇")
    organiser.choose("kind", "任职")
    organiser.page.locator("main form button[type=submit]").first.click()
    organiser.go("recusals/").sees("曾在该单位任职")


def publish_rules(organiser, colleague, visitor):
    organiser.go("schedule/")
    organiser.page.locator('input[name="starts:arena"]').fill("2022-08-20")
    organiser.page.locator('input[name="due:arena"]').fill("2022-08-20T18:00")
    organiser.press("保存时间表").sees("已保存")
    organiser.go("rules/approve/").sees("必须是两个人")
    colleague.go("rules/approve/").press("审定规则").sees("已审定，可以公布")
    organiser.go("rules/publish/").press("公布规则").sees("已冻结", "小而全的评分办法")
    visitor.go("/c/150802-2022/rules/").sees("招商到位资金增量")


def enter_figures(clerk, second):
    """One indicator pasted into its grid, another imported from a pasted sheet; both verified."""
    clerk.go("measurements/routine/criterion/jobs/")
    clerk.paste("v:e01:jobs:value", ["90", "100"], ["80", "100"], ["７０", "100"])
    clerk.press("保存数值").sees("已保存")
    clerk.go("measurements/routine/import/")
    clerk.page.locator('textarea[name="pasted"]').fill(
        "参评单位\t招商到位资金增量基期\t招商到位资金增量本期\n"
        "狼山\t1,000\t1100\n新华镇\t2000\t2050\n干召庙镇\t500\t500\n"
    )
    clerk.press("预览改动").sees("将新填 6 格").press("确认导入")
    second.go("measurements/routine/verify/").tick("compared").press("核对全部 6 行").sees("已核对")


def enter_ledger(clerk, second):
    clerk.go("ledger/new/").choose("entry", "干召庙镇").choose("item", "获市级表彰")
    clerk.page.locator('input[name="happened_on"]').fill("2022-06-08")
    clerk.page.locator('textarea[name="reason"]').fill("获市级返乡创业工作表彰")
    clerk.page.locator("main form button[type=submit]").first.click()
    clerk.sees("获市级返乡创业工作表彰")
    second.go("ledger/l001/").verify().sees("已核对")


def refuse_to_tabulate(organiser):
    """Votes are missing: no place, no flag, nothing to publish; the missing things are named."""
    organiser.go("tabulation/").sees("数据还不齐全", "民主测评", "张启明")
    organiser.press("先按现有数据试算")
    organiser.go("tabulation/1/").sees("这次统分缺数据，不是结果")
    organiser.go("awards/").sees("最近一次统分还缺数据")
    organiser.go("publish/").sees("还不能公布")


def enter_votes(clerk, second):
    clerk.go("measurements/sec-vote/criterion/s-vote/")
    rows = [["10", "0", "0"], ["5", "5", "0"], ["0", "10", "0"]]
    clerk.paste("v:s01:s-vote:excellent", *rows).press("保存数值").sees("已保存")
    second.go("measurements/sec-vote/verify/").tick("compared").press("核对全部 3 行").sees(
        "已核对"
    )


def tabulate(organiser):
    organiser.go("tabulation/").sees("数据齐全").press("统分")
    organiser.go("tabulation/2/")
    assert standing(organiser.page) == [
        (1, "狼山镇", "91.20"),
        (2, "新华镇", "80.00"),
        (3, "干召庙镇", "69.10"),
    ]
    organiser.go("tabulation/2/?track=secretary")
    assert [row[2] for row in standing(organiser.page)] == ["92.60", "82.00", "71.55"]
    organiser.go("tabulation/2/township/e01/").sees("招商到位资金增量", "94.00")


def decide(organiser, colleague):
    """The meeting takes the second committee's award away; a second person confirms it."""
    organiser.go("awards/").sees("红旗", "黄旗", "805,000")
    organiser.go("awards/decision/")
    page = organiser.page
    page.get_by_label("会议或决定人").fill("区委常委会第 12 次会议")
    page.get_by_label("文号").fill("临常纪〔2022〕12 号")
    page.get_by_label("决定日期").fill("2022-09-01")
    page.locator('[id="id_good-committee.e02-change"]').check()
    page.locator('[id="id_good-committee.e02-reason"]').fill("有信访问题正在核查，暂缓授予")
    organiser.press("查看调整后的结果").press("录入会议决定").sees("会议决定待核对")
    colleague.go("awards/decision/1/verify/")
    colleague.page.get_by_label(re.compile("我已对照原件")).check()
    colleague.verify()
    organiser.go("awards/").sees("505,000", "有信访问题正在核查，暂缓授予")


def publish(organiser):
    organiser.go("publish/")
    organiser.page.locator('input[name="circle"][value="county"]').check()
    organiser.page.locator('input[name="sure"]').check()
    organiser.press("公布结果").sees("已向「全县（区）」公布")


def read_as_the_county(visitor):
    """Nobody signs in: places, flags, awards, profiles; judges by number at most."""
    visitor.go("/c/150802-2022/").sees("狼山镇", "91.20")
    visitor.go("/c/150802-2022/ranking/").sees("91.20", "80.00", "69.10")
    visitor.go("/c/150802-2022/flags/").sees("红旗", "狼山镇", "黄旗", "干召庙镇")
    visitor.go("/c/150802-2022/awards/").sees("干事创业好党委", "500,000", "5,000")
    visitor.go("/c/150802-2022/entries/e02/").sees("新华镇", "产业振兴", "80.00")
    visitor.sees_no("王志强", "陈淑芳", "刘永胜")


def read_as_the_secretary(secretary, faults):
    """Her own place, gap and reasons; no other unit's marks, no staff page."""
    secretary.go("/mine/").sees("临河区2022年擂台比武")
    secretary.go("/mine/150802-2022/").sees("91.20", "92.60", "招商到位资金增量", "1 号评委")
    secretary.sees_no("王志强", "陈淑芳")
    # On paper what is folded stays folded, unless she asks for all of it.
    folded = secretary.page.locator(".print-short .node-children .node-body").first
    secretary.page.emulate_media(media="print")
    expect(folded).to_be_hidden()
    secretary.page.emulate_media(media="screen")
    expect(secretary.page.get_by_role("button", name="打印全部计分过程")).to_be_visible()
    faults.expect(403, 404)
    secretary.go("/work/150802-2022/tabulation/2/township/e02/")
    expect(secretary.page.locator("main")).not_to_contain_text("80.00")


def read_as_the_auditor(auditor, faults):
    """Everything to read, nothing to change."""
    auditor.go("tabulation/2/township/e02/").sees("80.00")
    auditor.go("record/?verify=1").sees("核验通过")
    auditor.go("tabulation/").sees("数据齐全")
    expect(auditor.page.locator("main").get_by_role("button", name="统分")).to_have_count(0)
    faults.expect(403)
    token = auditor.page.context.cookies()
    value = next(cookie["value"] for cookie in token if cookie["name"] == "csrftoken")
    answer = auditor.page.request.post(
        auditor.work + "tabulation/", form={"csrfmiddlewaretoken": value}
    )
    assert answer.status == 403
