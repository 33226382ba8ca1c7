"""The rules of the demonstration: the shipped Linhe scheme with what a county has to fill in."""

from dataclasses import replace

from competitions.scheme.shipped import read_shipped

SHIPPED = "linhe-2022"
LEGAL_BASIS = "（演示）《临河区乡村振兴擂台比武奖励办法》第六条"
SOURCE_OF_MONEY = "（演示）区级财政安排的乡村振兴专项经费"
TO_FILL_IN = "使用前请按本地文件填写"


def rules_of(year, arena_judges=9):
    """This function will return the Scheme of a demonstration year with its number of judges."""
    scheme = read_shipped(SHIPPED)
    panel = f"擂台评委{arena_judges}人"
    said = [text for text in scheme.assumptions if TO_FILL_IN not in text]
    return replace(
        scheme,
        title=scheme.title.replace("2022", str(year)),
        version=f"{year}.1",
        assumptions=tuple(text.replace("擂台评委9人", panel) for text in said),
        judge_groups=tuple(
            replace(group, size=arena_judges) if group.key == "arena" else group
            for group in scheme.judge_groups
        ),
        tracks=tuple(
            replace(track, awards=tuple(_filled(award, year) for award in track.awards))
            for track in scheme.tracks
        ),
    )


def _filled(award, year):
    return replace(
        award,
        legal_basis=LEGAL_BASIS,
        approval=f"临乡振擂演〔{year}〕3号",
        source_of_money=SOURCE_OF_MONEY,
    )
