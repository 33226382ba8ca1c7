"""How the list of judges came to be as it is: each state in the record beside the one before."""

from competitions.kinds import JUDGES_CHANGED
from competitions.queries.signers import find_people
from record.models import Revision

SEQUENCES = {"seniority": "资历顺序", "hand_order": "自定义顺序"}


def find_judge_history(competition, scheme, judge=None):
    """This function will return what changed about the judges, the latest first.

    Each change is {"at", "who", "lines"}: lines are Chinese sentences; with `judge` only those that
    are about him. A state that changed nothing to be told is left out. Four queries at most.
    """
    revisions = list(Revision.objects.of_chain(competition.chain).of_kind(JUDGES_CHANGED))
    lists = [revision.facts["judges"] for revision in revisions]
    pairs = list(zip(revisions, lists, strict=True))
    names = find_people(
        (revision, key)
        for revision, rows in pairs
        for key in (revision.by, *(row["person"] for row in rows))
    )
    telling = _Telling(scheme, judge.key if judge else "")
    changes, before = [], {}
    for revision, rows in pairs:
        op = revision.op_id
        state = {row["key"]: {**row, "name": names.get((op, row["person"]))} for row in rows}
        lines = telling.compare(before, state)
        if lines:
            who = names.get((op, revision.by), "")
            changes.append({"at": revision.at, "who": who, "lines": lines})
        before = state
    return changes[::-1]


class _Telling:
    """Sentences about the difference between two states of the list."""

    def __init__(self, scheme, only):
        self.only = only
        self.groups = {group.key: group.title for group in (scheme.judge_groups if scheme else ())}
        self.rounds = {
            item.key: item.title
            for track in (scheme.tracks if scheme else ())
            for item in track.rounds
        }

    def compare(self, before, after):
        """The sentences, judge by judge, and then about the order of the whole list."""
        lines = []
        for key in sorted({*before, *after}):
            if self.only in ("", key):
                lines += self._about(before.get(key), after.get(key))
        for field, title in SEQUENCES.items():
            lines += self._order(before, after, field, title)
        return lines

    def _about(self, old, new):
        name = self._name(new or old)
        if old is None:
            group = self._group(new)
            seats = self._rounds(new.get("seats", ()))
            seats = f"，参加{seats}" if seats else "，没有评委席"
            return [f"{name}进入名单，编入{group}，{new['number']} 号{seats}。"]
        if new is None:
            return [f"{name}退出名单。"]
        lines = []
        if old["group"] != new["group"]:
            lines.append(f"{name}的评委组由{self._group(old)}改为{self._group(new)}。")
        if old["number"] != new["number"]:
            lines.append(f"{name}的评委号由 {old['number']} 号改为 {new['number']} 号。")
        joined = self._rounds(key for key in new["seats"] if key not in old["seats"])
        left = self._rounds(key for key in old["seats"] if key not in new["seats"])
        lines += [f"{name}参加{joined}。"] if joined else []
        lines += [f"{name}不再参加{left}。"] if left else []
        return lines

    def _order(self, before, after, field, title):
        """Told group by group, for those who were and are in it; nobody who only came or went."""
        lines = []
        for group in dict.fromkeys(row["group"] for row in after.values()):
            stayed = [
                key
                for key, row in after.items()
                if row["group"] == group and before.get(key, {}).get("group") == group
            ]
            if self.only and self.only not in stayed:
                continue
            old = sorted(stayed, key=lambda key: _place(before[key], field))
            new = sorted(stayed, key=lambda key: _place(after[key], field))
            if old != new:
                names = "、".join(self._name(after[key]) for key in new)
                lines.append(f"{self._group(after[new[0]])}的{title}改为：{names}。")
        return lines

    def _name(self, row):
        return row["name"] or f"{row['number']} 号评委"

    def _group(self, row):
        return f"「{self.groups.get(row['group'], row['group'])}」" if row["group"] else "未分组"

    def _rounds(self, keys):
        return "、".join(f"「{self.rounds.get(key, key)}」" for key in keys)


def _place(row, field):
    """Records from before the order by hand know none: all stand alike there."""
    return (row.get(field, 0), row["seniority"], row["number"], row["key"])
