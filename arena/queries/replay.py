"""What the record alone says of live events, their turns and ceremonies, beside the rows."""

from arena import kinds
from arena.models import Ceremony, Event, Turn
from record.models import Revision
from record.private import reveal

ALL = (
    kinds.ANNOUNCED,
    kinds.DRAWN,
    kinds.APPENDED,
    kinds.MOVED,
    kinds.SPEAKER,
    kinds.CALLED_OFF,
)
CEREMONY = (kinds.CEREMONY_MADE, kinds.CEREMONY_ARRANGED, kinds.CEREMONY_MOVED)
TURN = ("position", "state", "segment", "used", "spent")


def find_unlike_events(competition, ids):
    """This function will return the titles of what is not as the record of a competition says: its
    live events with their draw and step, and the turns. `ids` are Identities
    (competitions.queries.replay). Three queries and one for each event and speaker."""
    told = _hear(competition)
    rows = Event.objects.filter(competition=competition).prefetch_related("turns__entry")
    found = {row.revision: row for row in rows.order_by("id")}
    same = found.keys() == told.keys()
    pairs = (
        (Event, same and all(_event_agrees(found[key], item, ids) for key, item in told.items())),
        (Turn, same and all(_turns_agree(found[key], item) for key, item in told.items())),
    )
    return [str(model._meta.verbose_name) for model, agrees in pairs if not agrees]


def find_unlike_ceremonies(competition, ids):
    """This function will return the title of ceremonies where they are not as the record of a
    competition says: made from what and by whom, in which order, how far. Two queries."""
    told, newest = _hear(competition, CEREMONY), 0
    said = {}
    for key, items in told.items():
        first, facts = items[0], {"step": 0, "position": 0, "cover": "", "ahead": False}
        for item in items:
            facts |= item.facts
        newest = max(newest, facts["number"])
        said[key] = [facts, ids.person(first, first.by), first.at]
    rows = Ceremony.objects.filter(competition=competition)
    found = {
        row.revision: [row, row.made_by_id, row.made_at]
        for row in rows.select_related("tabulation", "decision").order_by("id")
    }
    same = found.keys() == said.keys() and all(
        found[key][1:] == said[key][1:] and _ceremony_agrees(found[key][0], said[key][0], newest)
        for key in said
    )
    return [] if same else [str(Ceremony._meta.verbose_name)]


def _ceremony_agrees(row, facts, newest):
    state = facts.get("state", Ceremony.State.PREPARED)
    if facts["number"] != newest:
        state = Ceremony.State.REPLACED
    return (
        row.state == state
        and {
            "number": row.number,
            "tabulation": row.tabulation.number,
            "decision": row.decision.number,
            "script": row.script_digest,
            "groups": row.groups,
            "position": row.position,
            "cover": row.cover,
            "ahead": row.ahead,
            "step": row.step,
        }.items()
        <= facts.items()
    )


def _hear(competition, about=ALL):
    """{the operation on which a thing stands: its revisions, first to last}."""
    told = {}
    for item in Revision.objects.of_chain(competition.chain).of_kind(*about):
        begins = item.kind in (kinds.ANNOUNCED, kinds.CEREMONY_MADE)
        before = [] if begins else told.pop(item.replaces, [])
        told[item.op_id] = [*before, item]
    return told


def _event_agrees(row, items, ids):
    first, last = items[0], items[-1]
    drawn = next((item for item in reversed(items) if item.kind == kinds.DRAWN), None)
    # Earlier records say the method of the draw in the clear.
    announced = reveal(first.facts)
    said = tuple(announced.get(name) for name in ("round", "method", "source"))
    return (
        (row.round_key, row.method, row.source) == said
        and (row.announced_by_id, row.announced_at) == (ids.person(first, first.by), first.at)
        and (row.step, row.called_off) == (last.facts.get("step", 0), last.kind == kinds.CALLED_OFF)
        and (row.seed, row.drawn_by_id, row.drawn_at)
        == (
            (drawn.facts["seed"], ids.person(drawn, drawn.by), drawn.at)
            if drawn
            else ("", None, None)
        )
    )


def _turns_agree(row, items):
    told = {}
    for item in items:
        facts = item.facts
        if item.kind == kinds.DRAWN:
            told = {key: _drawn(place) for place, key in enumerate(facts["order"], 1)}
        elif item.kind == kinds.APPENDED:
            told |= {
                key: _drawn(place) for place, key in enumerate(facts["entries"], len(told) + 1)
            }
        elif item.kind == kinds.MOVED:
            for turn in facts["turns"]:
                before = told[turn["entry"]]
                moved = facts["step"] if turn["state"] != before["state"] else before["moved_step"]
                told[turn["entry"]] = before | {name: turn[name] for name in TURN}
                told[turn["entry"]]["moved_step"] = moved
        elif item.kind == kinds.SPEAKER:
            told[facts["entry"]]["speaker"] = reveal(facts)["speaker"]
    turns = sorted(row.turns.all(), key=lambda turn: turn.pk)
    found = {
        turn.entry.key: {name: getattr(turn, name) for name in (*TURN, "moved_step", "speaker")}
        for turn in turns
    }
    # The drawn numbers count the rows as they were made, so their order is told as well.
    return list(found.items()) == list(told.items())


def _drawn(place):
    fresh = {"segment": 0, "used": [], "spent": 0, "moved_step": 0, "speaker": ""}
    return {"position": place, "state": Turn.State.WAITING.value, **fresh}
