"""The catalogue of divisions: what is in it, how it is searched, who is proposed as an entrant."""

import gzip
import subprocess
import sys
from collections import Counter

import pytest

from competitions.divisions import catalogue, entrants
from competitions.divisions.names import kind_of, short_name

LINHE = "150802"
LINHE_OFFICIAL_ORDER = [
    "狼山镇", "新华镇", "干召庙镇", "乌兰图克镇", "双河镇", "城关镇", "白脑包镇",
    "曙光乡", "八一乡", "狼山农场", "临河农场",
]  # fmt: skip


def names(divisions):
    return [division.name for division in divisions]


def test_catalogue_holds_every_division_of_its_source():
    content = gzip.decompress((catalogue.FOLDER / "divisions.tsv.gz").read_bytes()).decode()
    codes = [line.split("\t")[0] for line in content.splitlines()]
    assert Counter(map(len, codes)) == {2: 31, 4: 342, 6: 2978, 9: 41352}
    assert codes == sorted(set(codes))


def test_catalogue_file_carries_no_time_of_making():
    header = (catalogue.FOLDER / "divisions.tsv.gz").read_bytes()[:8]
    assert header[4:8] == b"\0\0\0\0"


def test_catalogue_loads_quickly_and_lean():
    program = (
        "import time, tracemalloc; start = time.process_time();"
        "from competitions.divisions import catalogue; catalogue.get('150802');"
        "print(time.process_time() - start);"
        "catalogue._text.cache_clear(); tracemalloc.start(); catalogue.get('150803');"
        "catalogue.search('lsz'); print(tracemalloc.get_traced_memory()[0])"
    )
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    seconds, held = output.stdout.split()
    assert float(seconds) < 0.5  # 0.08 s when measured; the bound leaves room for a busy machine
    assert int(held) < 5_000_000


def test_get_returns_a_division_or_none():
    assert catalogue.get(LINHE) == catalogue.Division(LINHE, "临河区", "county", "1508")
    assert catalogue.get("15080") is None
    assert catalogue.get("999999") is None
    assert catalogue.get("") is None
    assert catalogue.get("１５０８０２") is None


def test_children_are_the_next_level_by_code():
    assert len(catalogue.children()) == 31
    assert names(catalogue.children("15"))[:3] == ["呼和浩特市", "包头市", "乌海市"]
    assert len(catalogue.children(LINHE)) == 22
    assert catalogue.children("150802100") == []
    assert catalogue.children("99") == []


def test_path_names_the_levels_without_placeholders():
    assert catalogue.path("150802100") == ["内蒙古自治区", "巴彦淖尔市", "临河区", "狼山镇"]
    assert catalogue.path("110101001") == ["北京市", "东城区", "东华门街道"]
    assert catalogue.path("150802400")[-1] == "狼山农场"


@pytest.mark.parametrize(
    "text", ["狼山镇", "狼山", "lsz", "LSZ", "ls", "150802100", " 狼山　", "ｌｓｚ"]
)
def test_search_finds_a_town_by_name_short_name_initials_and_code(text):
    assert names(catalogue.search(text, under=LINHE))[0] == "狼山镇"


@pytest.mark.parametrize(
    ("initials", "name", "level"),
    [
        ("cq", "重庆市", "province"),
        ("xm", "厦门市", "city"),
        ("la", "六安市", "city"),
        ("py", "番禺区", "county"),
        ("yq", "乐清市", "county"),
        ("cs", "长沙市", "city"),
        ("zz", "长子县", "county"),
    ],
)
def test_search_reads_polyphones_as_the_place_does(initials, name, level):
    assert name in names(catalogue.search(initials, level=level, limit=100))


def test_search_knows_farms_by_their_usual_names():
    assert catalogue.search("临河农场")[0].code == "150802401"
    assert catalogue.search("lsnc")[0].usual_name == "狼山农场"


def test_search_puts_whole_names_and_higher_levels_first():
    assert names(catalogue.search("临河", limit=2)) == ["临河区", "临河乡"]
    assert catalogue.search("cq", limit=1)[0].name == "重庆市"


def test_search_narrows_by_the_words_before():
    assert names(catalogue.search("临河 新华")) == ["新华街道", "新华镇"]


def test_search_respects_level_limit_and_place():
    assert {d.level for d in catalogue.search("新华", level="county")} == {"county"}
    assert len(catalogue.search("镇", limit=7)) == 7
    assert catalogue.search("狼山", under="99") == []
    assert catalogue.search("") == []
    assert catalogue.search("无此地名") == []


def test_search_returns_the_same_order_every_time():
    assert catalogue.search("城关", limit=50) == catalogue.search("城关", limit=50)


def test_entrants_of_linhe_are_proposed_in_official_order():
    units = entrants.proposed_entrants(LINHE)
    assert [unit.name for unit in units if unit.proposed] == LINHE_OFFICIAL_ORDER
    assert [unit.kind for unit in units if unit.proposed] == (
        ["town"] * 7 + ["township"] * 2 + ["farm"] * 2
    )


def test_entrants_offer_street_offices_unticked_and_last():
    units = entrants.proposed_entrants(LINHE)
    offered = [unit for unit in units if not unit.proposed]
    assert len(offered) == 11
    assert {unit.kind for unit in offered} == {"subdistrict"}
    assert units[11:] == offered


def test_entrants_carry_short_and_listed_names_as_aliases():
    by_name = {unit.name: unit for unit in entrants.proposed_entrants(LINHE)}
    assert by_name["狼山镇"].aliases == ("狼山",)
    assert by_name["狼山农场"].aliases == ("巴彦淖尔市狼山农场农牧业发展有限公司",)
    assert by_name["临河农场"].division_code == "150802401"


def test_entrants_of_an_unknown_county_are_none():
    assert entrants.proposed_entrants("999999") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("狼山镇", "狼山镇"),
        ("狼山", "狼山镇"),
        (" 狼　山 镇\n", "狼山镇"),
        ("临河区狼山镇", "狼山镇"),
        ("狼山镇党委", "狼山镇"),
        ("狼山镇人民政府", "狼山镇"),
        ("狼山农场", "狼山农场"),
        ("巴彦淖尔市临农农牧业发展有限公司", "临河农场"),
        ("八一", "八一乡"),
    ],
)
def test_match_finds_the_unit_that_is_meant(text, name):
    match = entrants.match_unit(text, entrants.proposed_entrants(LINHE))
    assert match.unit is not None
    assert (match.unit.name, match.candidates) == (name, ())


@pytest.mark.parametrize(
    ("text", "candidates"),
    [("新华", ["新华镇", "新华街道"]), ("农场", ["狼山农场", "临河农场"]), ("丙", []), (" ", [])],
)
def test_match_never_decides_between_several_units(text, candidates):
    match = entrants.match_unit(text, entrants.proposed_entrants(LINHE))
    assert match.unit is None
    assert [unit.name for unit in match.candidates] == candidates


def test_match_uses_the_names_that_the_caller_gives():
    match = entrants.match_unit(
        "甲组", ["a", "b"], names=lambda u: {"a": ["甲组"], "b": ["乙组"]}[u]
    )
    assert match.unit == "a"


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("狼山镇", "狼山"),
        ("袁店回族乡", "袁店"),
        ("团结街道", "团结"),
        ("库伦旗", "库伦"),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("双江拉祜族佤族布朗族傣族自治县", "双江"),
        ("和县", "和县"),
        ("狼山农场", "狼山农场"),
        ("经济技术开发区", "经济技术开发区"),
    ],
)
def test_short_name_leaves_what_people_say(name, short):
    assert short_name(name) == short


def test_kind_follows_the_name():
    listed = ["狼山镇", "曙光乡", "库伦苏木", "团结街道", "团结街道办事处", "狼山农场", "工业园区"]
    assert [kind_of(name) for name in listed] == [
        "town", "township", "township", "subdistrict", "subdistrict", "farm", "other",
    ]  # fmt: skip
