"""A live event of the Linhe arena with three units and three judges, to be moved by tests."""

import uuid
from dataclasses import dataclass

from arena.actions.draw import announce_draw, draw_order
from arena.actions.moves import MOVES, move_stage
from arena.models import Event
from arena.queries.stage import load_live
from scoring.actions.corrections import propose_correction
from scoring.actions.rulings import RulingDraft, enter_ruling
from scoring.actions.sheets import submit_sheets
from scoring.models import Ruling, Sheet
from tests import factories
from tests.scoring.stage import NOW, Stage, build_stage

SOURCE = "种子取 2022 年 8 月 19 日公开的福利彩票双色球第 2022096 期开奖号码"
SEED = "03 07 12 20 25 31 09"


@dataclass
class LiveCase:
    """The hall: its stage of marks, its event, and who operates it."""

    hall: Stage
    event: Event
    operator: object

    def fresh(self):
        """This function will return the event as it stands."""
        return Event.objects.select_related("competition").get(id=self.event.id)

    def move(self, *moves, now=NOW, **more):
        """This function will make moves one after another, each with the step as it stands."""
        for move in moves:
            event = self.fresh()
            move_stage(
                event=event,
                move=move,
                step=event.step,
                op=uuid.uuid4(),
                by=self.operator,
                now=now,
                **{"reason": "设备故障" if MOVES[move].reason else "", **more},
            )

    def order(self):
        """This function will return the entry keys in their order of appearance."""
        turns = self.event.turns.order_by("position")
        return list(turns.values_list("entry__key", flat=True))

    def numbers(self):
        """This function will return {entry key: drawn number} in the order of appearance."""
        return {row.entry.key: row.number for row in load_live(self.fresh()).rows}

    def states(self):
        """This function will return the states in the order of appearance."""
        return list(self.event.turns.order_by("position").values_list("state", flat=True))

    def hand_in(self, judge=0, key=None, **changes):
        """This function will hand in one judge's marks of an entry: the first unless said."""
        judge = self.hall.judges[judge]
        return submit_sheets(
            judge=judge,
            round_key="arena",
            sheets=self.hall.speech(key or self.order()[0], **changes),
            op=uuid.uuid4(),
            by=judge.person,
            now=NOW,
        )

    def everybody(self, key=None, marks=None):
        """This function will let every judge hand in marks of an entry."""
        for number in range(len(self.hall.judges)):
            self.hand_in(number, key, **(marks(number) if marks else {}))

    def propose(self, by, key=None, **changes):
        """This function will propose that the first judge's marks of an entry, the first unless
        said, be corrected as said, and return the Correction."""
        sheet = Sheet.objects.get(judge=self.hall.judges[0], entry__key=key or self.order()[0])
        return propose_correction(
            sheet=sheet,
            marks={**sheet.marks, **changes},
            reason="抄录有误",
            revision=sheet.revision.hex,
            op=uuid.uuid4(),
            by=by,
            now=NOW,
        )

    def rule_out(self, by, judge="j01", round_key="arena"):
        """This function will enter a ruling that a judge's marks of a round do not count, and
        return it; it waits for its second person."""
        draft = RulingDraft(
            kind="exclude_judge",
            reason="中途离场",
            decided_by="擂台办",
            decided_on=NOW.date(),
            subject={"round": round_key, "judge": judge, "entry": ""},
        )
        here = {"competition": self.hall.competition, "now": NOW}
        return enter_ruling(draft=draft, op=uuid.uuid4(), by=by, **here)


def exclude(live, judge, people):
    """This function will rule, by two persons, that nobody waits for the judge any longer."""
    for number, round_key in enumerate(("arena", "sec-arena"), 1):
        Ruling.objects.create(
            competition=live.hall.competition,
            key=f"r{number:02d}",
            kind="exclude_judge",
            subject={"round": round_key, "judge": judge, "entry": ""},
            reason="中途离场",
            decided_by="擂台办",
            decided_on=NOW.date(),
            state="verified",
            entered_by=people[0].person,
            entered_at=NOW,
            verified_by=people[1].person,
            verified_at=NOW,
            revision=uuid.uuid4(),
        )


def announce(hall, operator, **changes):
    """This function will announce a draw by seed for the arena round."""
    said = {"method": "seed", "source": SOURCE, **changes}
    return announce_draw(
        competition=hall.competition,
        round_key="arena",
        op=uuid.uuid4(),
        by=operator,
        now=NOW,
        **said,
    )


def build_case(competition, drawn=True, **more):
    """This function will publish the rules, seat the judges, and draw the order."""
    hall, operator = build_stage(competition, **more), factories.PersonFactory(name="控制台")
    event = announce(hall, operator)
    if drawn:
        draw_order(event=event, step=0, seed=SEED, op=uuid.uuid4(), by=operator, now=NOW)
    return LiveCase(hall, event, operator)
