"""A shipped scheme in another county: nothing of the county it comes from in title and issuer."""

from dataclasses import replace

import pytest

from competitions.scheme.local import begin_year, find_blanks, make_local, short_name
from competitions.scheme.shipped import read_shipped, shipped_schemes
from competitions.scheme.write import to_document

PLACES = ("临河", "沂水", "百色", "黄山铺")


def test_another_county_reads_its_own_name():
    scheme = make_local(read_shipped("linhe-2022"), "五常市", 2026)
    assert scheme.title == "五常市乡镇（农场）党委书记“乡村振兴擂台比武”评分办法（2026）"
    assert scheme.issuer == "中共五常市委组织部"
    assert scheme.version == "2026.1"
    assert short_name(scheme.title) == "乡镇（农场）党委书记“乡村振兴擂台比武”"


@pytest.mark.parametrize("key", sorted(shipped_schemes()))
def test_no_shipped_scheme_keeps_a_foreign_place_in_its_name(key):
    scheme = make_local(read_shipped(key), "五常市", 2026)
    said = scheme.title + scheme.issuer + short_name(read_shipped(key).title)
    assert not [place for place in PLACES if place in said]


@pytest.mark.parametrize("key", sorted(shipped_schemes()))
def test_another_county_reads_nothing_of_reports_on_the_first_one(key):
    shipped = read_shipped(key)
    scheme = make_local(shipped, "五常市", 2026)
    # The basis names the scheme that was followed, and so its county: nothing else does.
    assert scheme.basis == f"参照《{shipped.title}》起草，项目和分值由本地自行约定。"
    said = str(to_document(replace(scheme, basis="")))
    assert "报道" not in said and not [place for place in PLACES if place in said]
    assert len(scheme.assumptions) == len(shipped.assumptions)


def test_assumption_of_another_county_stays_a_sentence():
    assumptions = make_local(read_shipped("linhe-2022"), "五常市", 2026).assumptions
    assert assumptions[0].startswith("各环节权重由本地自行约定，本办法设为：联评一20分、")
    assert assumptions[-1] == "奖励依据、批准文号和资金来源，使用前请按本地文件填写。"


def test_at_home_the_scheme_stays_as_it_is():
    scheme = read_shipped("linhe-2022")
    assert make_local(scheme, "临河区", 2022) == scheme


def test_at_home_the_scheme_of_another_year_gets_the_year():
    shipped = read_shipped("linhe-2022")
    scheme = make_local(shipped, "临河区", 2024)
    assert scheme.title == "临河区乡镇（农场）党委书记“乡村振兴擂台比武”评分办法（2024）"
    assert scheme.version == "2024.1"
    assert replace(scheme, title=shipped.title, version=shipped.version) == shipped


def test_periods_of_a_shipped_scheme_get_the_year():
    scheme = make_local(read_shipped("yishui-village-arena"), "五常市", 2026)
    assert [one.title for one in scheme.periods][:2] == ["2026年第三季度", "2026年7月"]


def test_rules_of_last_year_begin_this_year_with_its_own_year():
    document = to_document(read_shipped("yishui-village-arena"))
    document |= {"title": "临河区2024年擂台比武办法（2024）", "version": "2024.3"}
    begun = begin_year(document, 2025)
    assert begun["title"] == "临河区2025年擂台比武办法（2025）"
    assert begun["version"] == "2025.1"
    assert begun["periods"][0]["title"] == "2025年第三季度"
    assert document["version"] == "2024.3" and document["periods"][0]["title"].startswith("2024")
    assert begin_year({"title": "办法", "version": "试行"}, 2025) == {
        "title": "办法",
        "version": "试行",
    }


def test_blanks_are_found_with_their_places():
    document = to_document(replace(read_shipped("linhe-2022"), issuer="（请填写制定单位）"))
    found = dict(find_blanks(document))
    assert found["issuer"] == "（请填写制定单位）"
    assert found["tracks[0].awards[0].source_of_money"] == "（请填写资金来源）"
    assert not find_blanks({"title": "办法", "list": ["一"]})
