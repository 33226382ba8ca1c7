"""The overtime in a bundle's evidence held against what its record says of the stage."""

from publication.bundle.problems import Problems, shown

MOVED, CALLED_OFF, STORED = "arena.moved", "arena.called_off", "tabulation.stored"
HEARD = {MOVED, CALLED_OFF, STORED}
# The states in which a turn is over; the closing of the marks is what counts.
OVER = {"closed", "revealed", "absent"}


class StageTold:
    """What the bodies in the record say of the turns, up to the tabulation of a number.

    `turns` is {round key: {entry key: (state, seconds used in each part)}}; `withheld` says that
    a body which would have said more did not come with the bundle.
    """

    def __init__(self, tabulation):
        self.tabulation = tabulation
        self.turns: dict[str, dict[str, tuple]] = {}
        self.withheld = False
        self.done = False

    def hear(self, kind, body):
        """This function will take in one body of the record in its order; None is withheld."""
        if self.done or kind not in HEARD:
            return
        if not isinstance(body, dict):
            self.withheld |= kind != STORED
        elif kind == STORED:
            self.done = body.get("number") == self.tabulation
        elif kind == CALLED_OFF:
            self.turns.pop(body.get("round"), None)
        else:
            self._move(body)

    def _move(self, body):
        turns = body.get("turns")
        for turn in turns if isinstance(turns, list) else ():
            if not isinstance(turn, dict):
                continue
            used, round_key, entry = turn.get("used"), body.get("round"), turn.get("entry")
            whole = isinstance(used, list) and all(type(seconds) is int for seconds in used)
            if whole and isinstance(round_key, str) and isinstance(entry, str):
                told = self.turns.setdefault(round_key, {})
                told[entry] = (turn.get("state"), tuple(used))


def check_overtime(bundle, report, told, words):
    """This function will add to the report whether the evidence has the seconds over that the
    record's clock says; nothing where no round takes points for it."""
    charged = [
        (track, item)
        for track in bundle.scheme.tracks
        for item in track.rounds
        if item.event is not None and item.event.overtime is not None
    ]
    if not charged or bundle.evidence is None:
        return
    if told.withheld or not told.turns:
        report.leave_out(
            "超时", "卷宗没有现场推进的存证正文，超时的秒数与现场计时是否一致无从核对。"
        )
        return
    problems = Problems()
    for track, item in charged:
        _compare(track, item, bundle.evidence, told, words, problems)
    report.add("超时", problems, f"{len(bundle.evidence.overtime)} 个，比对存证里的现场计时")


def _compare(track, item, evidence, told, words, problems):
    own = told.turns.get(item.key)
    for entry in evidence.entries:
        if entry.subject != track.subject or (entry.tracks and track.key not in entry.tracks):
            continue
        given = evidence.overtime.get((item.key, entry.key))
        if own is not None:
            states = [own[entry.key]] if entry.key in own else []
        else:
            # Who is marked beside a unit has its turn, which stands under the unit's own round.
            states = [turns[entry.of] for turns in told.turns.values() if entry.of in turns]
        found = [item.event.seconds_over(used) for state, used in states if state in OVER]
        if given is not None and given not in found:
            said = f"{found[0]} 秒" if found else "没有计时"
            problems.add(
                f"{words.key(item.key)}{words.key(entry.key)}：卷宗写的超时是 {shown(given)} 秒，"
                f"存证里的现场计时是{' ' if found else ''}{said}。"
            )
        elif given is None and own is not None and found:
            problems.add(
                f"{words.key(item.key)}{words.key(entry.key)}：存证里的现场计时超时 {found[0]} 秒，"
                "卷宗里没有。"
            )
