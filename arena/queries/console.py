"""What the operator may do now: the next step as one big button, the others beside it."""

from dataclasses import dataclass

from arena.stage.machine import State


@dataclass(frozen=True)
class Choice:
    """One move offered on the console: its key, the words on the button, and, where the move asks
    for a reason, what it does in a sentence."""

    move: str
    title: str
    note: str = ""


def find_choices(stage):
    """This function will return (the next step as Choice or None, other moves) of a stage."""
    turn = stage.on_stage
    if turn is None:
        return _between(stage)
    name, others = turn.name, []
    if turn.state == State.MARKING:
        main = Choice("close", f"关闭「{name}」的打分")
    else:
        clock = Choice("pause", "暂停计时") if turn.began else Choice("resume", "继续计时")
        opening = Choice("open_marking", f"「{name}」讲完，开放打分")
        if turn.segment + 1 < len(stage.segments):
            main = Choice("next_segment", f"进入“{stage.segments[turn.segment + 1].title}”")
            others = [clock, opening]
        else:
            main, others = opening, [clock]
    repeat = Choice("repeat", "重讲", f"「{name}」从头计时；已有评委交了打分的不能重讲。")
    return main, [*others, _back(stage), repeat]


def _between(stage):
    others = [_back(stage)] if _may_step_back(stage) else []
    if stage.due:
        return Choice("reveal", f"亮「{stage.due[0].name}」的分"), others
    if stage.following is None:
        return None, others
    name = stage.following.name
    miss = Choice("miss", "登记缺席", f"「{name}」没有到场；稍后到场的可以补排到最后。")
    return Choice("begin", f"请「{name}」登台"), [*others, miss]


def _may_step_back(stage):
    return stage.current is not None and stage.current.state == State.CLOSED


def _back(stage):
    turn = stage.current
    to = {State.CLOSED: "重新开放打分", State.MARKING: "回到计时", State.SPEAKING: "回到候场"}
    return Choice("step_back", "退回一步", f"「{turn.name}」{to[turn.state]}；亮分以后不能退回。")
