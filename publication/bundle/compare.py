"""Where a stored document differs from the recomputed one, in sentences that people understand."""

from publication.bundle.problems import Problems, shown

LABELS = {
    "tracks": "",
    "entries": "",
    "rounds": "",
    "criteria": "",
    "total": "总分",
    "place": "名次",
    "tied": "并列",
    "tie_reason": "同分处理",
    "group": "组别",
    "excluded": "不参加排名的原因",
    "barred": "取消评先资格",
    "points": "得分",
    "full": "满分",
    "contribution": "计入总分",
    "dimensions": "维度",
    "tree": "得分过程",
    "children": "",
    "formula": "算式",
    "rounding": "取舍",
    "dropped": "是否去掉",
    "notes": "说明",
    "values": "数值",
    "complete": "是否完整",
    "missing": "缺项",
    "warnings": "提示",
    "mean": "平均分",
    "order": "排列次序",
    "flags": "旗",
    "awards": "奖项",
    "amount": "金额（元）",
    "undecided": "待定事项",
    "promotions": "推荐使用",
    "reason": "理由",
    "title": "名称",
    "colour": "颜色",
    "months": "发放月数",
    "people": "人数",
    "round": "",
    "criterion": "",
    "judge": "评委",
    "mark": "打分",
    "event": "记录",
    "overtime": "超时扣分",
    "score": "扣分前得分",
    "seconds": "超时秒数",
}
# Items of these lists are told apart by what they are about, not by where they stand.
IDENTITY = {
    "flags": ("rule", "entry", "round"),
    "awards": ("award", "entry"),
    "undecided": ("of", "kind"),
    "children": ("kind", "key"),
}
ABSENT = object()


class Words:
    """Turns keys into the titles of the scheme and the names of the bundle."""

    def __init__(self, bundle):
        self.titles = {}
        scheme = bundle.scheme
        for track in scheme.tracks:
            self.titles[track.key] = track.title
            for item in (*track.rounds, *track.flags, *track.awards, *track.gates):
                self.titles[item.key] = item.title
            for round_ in track.rounds:
                for criterion in round_.criteria:
                    self.titles[criterion.key] = criterion.title
        for item in (*scheme.honours, *scheme.pools):
            self.titles[item.key] = item.title
        for dimension in scheme.dimensions:
            self.titles[dimension.key] = dimension.title
        for table in bundle.names.values():
            self.titles.update(table)

    def place(self, path):
        """This function will write the way to a value: 「township」→「狼山镇」→总分."""
        words = []
        for step in path:
            if isinstance(step, tuple):
                words += [
                    LABELS[part] if part in LABELS else self.key(part) for part in step if part
                ]
            elif isinstance(step, int):
                words.append(f"第 {step + 1} 项")
            elif step in LABELS:
                words.append(LABELS[step])
            else:
                words.append(self.key(step))
        return "".join(words)

    def key(self, key):
        """This function will write one key with its title."""
        title = self.titles.get(key)
        return f"「{shown(title)}」" if title else f"「{shown(key)}」"


def differences(stored, found, words, path=()) -> Problems:
    """This function will list where `stored` (what the bundle says) and `found` (what was
    recomputed) differ."""
    problems = Problems()
    _compare(stored, found, path, words, problems)
    return problems


def _compare(stored, found, path, words, problems):
    if stored == found and type(stored) is type(found):
        return
    if isinstance(stored, dict) and isinstance(found, dict):
        for key in [*found, *(key for key in stored if key not in found)]:
            _compare(stored.get(key, ABSENT), found.get(key, ABSENT), (*path, key), words, problems)
        return
    if isinstance(stored, list) and isinstance(found, list):
        _compare_lists(stored, found, path, words, problems)
        return
    problems.add(f"{words.place(path)}：卷宗写的是{value(stored)}，重新计算是{value(found)}。")


def _compare_lists(stored, found, path, words, problems):
    identity = IDENTITY.get(path[-1]) if path else None
    if identity:
        before, after = _by(stored, identity), _by(found, identity)
        if before is not None and after is not None and before.keys() == after.keys():
            for key in after:
                _compare(before[key], after[key], (*path, key), words, problems)
            if list(before) != list(after) and before == after:
                problems.add(f"{words.place(path)}：次序不同。")
            return
        if before is not None and after is not None:
            for key in sorted(after.keys() - before.keys()):
                place = words.place((*path, key))
                problems.add(f"{place}：重新计算应有，卷宗里没有。")
            for key in sorted(before.keys() - after.keys()):
                place = words.place((*path, key))
                problems.add(f"{place}：卷宗里有，重新计算没有。")
            for key in sorted(after.keys() & before.keys()):
                _compare(before[key], after[key], (*path, key), words, problems)
            return
    if len(stored) != len(found):
        problems.add(f"{words.place(path)}：卷宗有 {len(stored)} 项，重新计算有 {len(found)} 项。")
    for number, (one, other) in enumerate(zip(stored, found, strict=False)):
        _compare(one, other, (*path, number), words, problems)


def _by(items, identity):
    """{identity: item}, or None when the items cannot be told apart by it."""
    table = {}
    for item in items:
        if not isinstance(item, dict):
            return None
        key = tuple(item.get(name, "") for name in identity)
        if key in table or not all(isinstance(part, str) for part in key):
            return None
        table[key] = item
    return table


def value(item) -> str:
    """This function will write one value of a document for a reader."""
    if item is ABSENT:
        return "（没有）"
    if item is None:
        return "（空）"
    if isinstance(item, bool):
        return "是" if item else "否"
    if isinstance(item, dict | list):
        return f"（{len(item)} 项内容）"
    return f" {shown(item, 120)} " if item != "" else "（空）"
