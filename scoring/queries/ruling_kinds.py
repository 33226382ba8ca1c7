"""The kinds of ruling: what each one asks for, and how it reads in Chinese."""

from dataclasses import dataclass

from scoring.rules.evidence import RULING_KINDS

PART_YEAR = {"count": "照常计入", "exclude": "不参加排名", "prorate": "按任职月数折算"}


@dataclass(frozen=True)
class RulingKind:
    """One kind: its fields (names of RulingFact's), those that may be empty, and a hint."""

    key: str
    fields: tuple
    optional: tuple = ()
    hint: str = ""

    @property
    def title(self):
        return RULING_KINDS[self.key]


KINDS = {
    kind.key: kind
    for kind in [
        RulingKind(
            "exclude_judge",
            ("round", "judge", "entry"),
            ("entry",),
            "评委缺席、漏打或中途更换时，裁定不再等他的打分；不选单位表示该环节全部单位。",
        ),
        RulingKind(
            "exclude_entry",
            ("track", "entry"),
            ("track",),
            "参评单位或书记不参加排名；不选榜单表示所有榜单。",
        ),
        RulingKind(
            "set_points",
            ("criterion", "entry", "value"),
            (),
            "基期为零等算不出得分的，由会议裁定该项得多少分。",
        ),
        RulingKind(
            "part_year",
            ("track", "entry", "value"),
            (),
            "任职不满考核期的书记照常计入、不参加排名，还是按月折算。",
        ),
        RulingKind(
            "tie_order",
            ("track", "entries"),
            (),
            "总分相同、规则要求会议研究时，写明并列者的先后：先的填 1，后的填 2、3……",
        ),
        RulingKind(
            "boundary",
            ("of", "entries"),
            ("entries",),
            "名额边界并列、规则要求会议研究时，勾选由谁获得，或者都不给予。",
        ),
        RulingKind("veto", ("of", "entry"), (), "认定某单位触发一票否决或门槛。"),
        RulingKind(
            "revoke_flag",
            ("of", "entry"),
            (),
            "授旗以后发现数据造假等问题，裁定摘旗；成绩和名次不变。",
        ),
        RulingKind(
            "set_overtime",
            ("round", "entry", "value"),
            ("entry",),
            "现场忘了停表、计错时，或者没有用系统计时的，写明应当算超时多少秒，代替现场的计时；"
            "没有超时的填 0；不选单位表示该环节全部单位。",
        ),
    ]
}


def timed_choices(scheme):
    """This function will return (key, title) of the rounds in which overtime costs points."""
    return [
        (item.key, f"{track.title} · {item.title}")
        for track in scheme.tracks
        for item in track.rounds
        if item.event is not None and item.event.overtime is not None
    ]


def boundary_choices(scheme):
    """This function will return (key, title) of the flags and awards whose boundary is ruled on."""
    return [
        (item.key, f"{track.title} · {item.title}")
        for track in scheme.tracks
        for item in (*track.flags, *track.awards)
        if item.boundary == "ruling"
    ]


def gate_choices(scheme):
    """This function will return (key, title) of the gates that a ruling opens or shuts."""
    return [
        (gate.key, f"{track.title} · {gate.title}")
        for track in scheme.tracks
        for gate in track.gates
        if gate.when == "ruling"
    ]


def flag_choices(scheme):
    """This function will return (key, title) of the flags that a ruling may take away again."""
    own = [
        (flag.key, f"{track.title} · {flag.title}")
        for track in scheme.tracks
        for flag in track.flags
    ]
    return own + [
        (honour.key, f"综合荣誉 · {honour.title}")
        for honour in scheme.honours
        if honour.gives == "flag"
    ]


# What the field `of` may name, by kind of ruling.
NAMED = {"boundary": boundary_choices, "veto": gate_choices, "revoke_flag": flag_choices}


def tracks_of(scheme, kind, subject):
    """This function will return the tracks that a ruling's subject belongs to: one, several for an
    honour, none where it names no track. KeyError for what the rules do not have."""
    if kind in ("exclude_judge", "set_overtime"):
        return [scheme.find_round(subject["round"])[0]]
    if kind == "set_points":
        return [scheme.find_criterion(subject["criterion"])[0]]
    if kind in NAMED:
        for track in scheme.tracks:
            if subject["of"] in {x.key for x in (*track.flags, *track.awards, *track.gates)}:
                return [track]
        for honour in scheme.honours:
            if honour.key == subject["of"]:
                return [track for track, _ in scheme.counted_flags(honour)]
        raise KeyError(subject["of"])
    return [scheme.track(subject["track"])] if subject.get("track") else []


def describe(kind, subject, scheme, entries, judges):
    """This function will say in Chinese what a ruling decides.

    `entries` and `judges` map keys to names.
    """

    def name(key):
        return entries.get(key, key)

    def named():
        key = subject.get("of", "")
        return dict(NAMED[kind](scheme)).get(key, key)

    def title(find, key):
        try:
            found = find(key)
        except KeyError:
            return key
        return found[-1].title if isinstance(found, tuple) else found.title

    entry = name(subject.get("entry", ""))
    several = [name(key) for key in subject.get("entries", [])]
    track = title(scheme.track, subject["track"]) if subject.get("track") else "所有榜单"
    if kind == "exclude_judge":
        where = title(scheme.find_round, subject["round"])
        judge = judges.get(subject["judge"], subject["judge"])
        return f"{where}：{judge}对{entry or '全部单位'}不计"
    if kind == "exclude_entry":
        return f"{entry}不参加{track}排名"
    if kind == "set_points":
        criterion = title(scheme.find_criterion, subject["criterion"])
        return f"{entry}「{criterion}」得 {subject['value']} 分"
    if kind == "set_overtime":
        where = title(scheme.find_round, subject["round"])
        return f"{where}：{entry or '全部单位'}超时按 {subject['value']} 秒计"
    if kind == "part_year":
        return f"{entry}（{track}）{PART_YEAR.get(subject['value'], subject['value'])}"
    if kind == "tie_order":
        return f"{track}同分先后：{'、'.join(several)}"
    if kind == "boundary":
        got = f"由{'、'.join(several)}获得" if several else "：并列的都不给予"
        return f"{named()}{got}"
    if kind == "revoke_flag":
        return f"摘去{entry}的「{named()}」"
    return f"{entry}触发「{named()}」"
