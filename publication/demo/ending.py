"""How the year 2022 ends: tabulated, decided by a meeting, published circle by circle."""

from publication.actions import publish_results
from publication.closing import propose_closing, verify_closing
from publication.demo import papers
from publication.models import Circle, Closing
from rewards.actions import record_decision, verify_decision
from scoring.actions.tabulation import tabulate_competition

NOTICE = {
    "since": "2022年8月29日",
    "until": "2022年9月2日",
    "telephone": "0478-0000000（演示）",
    "address": "临河区委组织部组织科（演示）",
}


def conclude(year):
    """This function will carry a year whose evidence is complete to the notice and the archive."""
    tabulation = tabulate(year, "after the arena", year.at(8, 20, 18, 30))
    decide(year, tabulation)
    publish(year, tabulation)
    archive(year)


def tabulate(year, name, now):
    """This function will tabulate the year as it stands and return the Tabulation."""
    return tabulate_competition(
        competition=year.competition, op=year.op("tabulate", name), **year.who("zuzhi1", now)
    )


def decide(year, tabulation):
    """This function will record the meeting of 25 August, which changed one award of the five."""
    changes = [
        {
            "award": "good-secretary",
            "entry": place_of(tabulation, "secretary", 5),
            "give": False,
            "reason": "任现职不满一年，按会议意见本年度不授予。",
        },
        {
            "award": "good-secretary",
            "entry": place_of(tabulation, "secretary", 6),
            "give": True,
            "amount": "3000",
            "reason": "会议研究递补，金额按第五名。",
        },
    ]
    decision = record_decision(
        competition=year.competition,
        tabulation=tabulation,
        meeting="区委常委会会议（演示）",
        decided_on=year.at(8, 25).date(),
        document_number="演示纪要〔2022〕12号",
        changes=changes,
        note="已征求纪检监察等部门意见，均无异议（演示）。",
        scan=papers.page(
            "会议纪要扫描件.pdf",
            "演示数据，非真实结果",
            "区委常委会会议纪要（演示）",
            "研究“乡村振兴擂台比武”表扬奖励事项",
            "演示纪要〔2022〕12号",
        ),
        op=year.op("decision"),
        **year.who("zuzhi1", year.at(8, 25, 17)),
    )
    verify_decision(
        decision=decision,
        op=year.op("decision", "verified"),
        **year.who("zuzhi2", year.at(8, 26, 9)),
    )


def place_of(tabulation, track, place):
    """This function will return the key of the entry on a place of a track, which one holds."""
    entries = tabulation.result["tracks"][track]["entries"]
    (key,) = (key for key, entry in entries.items() if entry["place"] == place)
    return key


def publish(year, tabulation):
    """This function will publish the results to each circle, from the narrowest to the widest."""
    circles = [Circle.LEADING, Circle.UNIT, Circle.COUNTY, Circle.PUBLIC]
    for number, circle in enumerate(circles):
        publish_results(
            competition=year.competition,
            circle=circle,
            tabulation=tabulation,
            notice=NOTICE if circle == Circle.PUBLIC else None,
            op=year.op("publish", circle),
            **year.who("zuzhi1", year.at(8, 26 + number, 10)),
        )


def archive(year):
    """This function will put the year into the archive after the notice period."""
    closing = propose_closing(
        competition=year.competition,
        kind=Closing.Kind.CLOSE,
        reason="公示期满，没有收到异议（演示）。",
        op=year.op("archive"),
        **year.who("zuzhi1", year.at(9, 5, 9)),
    )
    verify_closing(
        closing=closing,
        op=year.op("archive", "confirmed"),
        **year.who("zuzhi2", year.at(9, 5, 15)),
    )
