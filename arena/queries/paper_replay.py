"""What the record alone says of the numbered score sheets, beside the rows."""

from arena import kinds
from arena.models import PaperSheet
from record.models import Revision
from record.private import reveal

ALL = (kinds.ANNOUNCED, kinds.PAPER_ISSUED, kinds.PAPER_PRINTED, kinds.PAPER_VOIDED)
COLUMNS = (
    "serial",
    "event__round_key",
    "event__announced_at",
    "judge__key",
    "entry__key",
    "copies",
    "instead_of__serial",
    "voided_by_id",
    "voided_at",
    "void_reason",
    "revision",
)


def find_unlike_papers(competition, ids):
    """This function will return the title of the numbered sheets of a competition when they are not
    as its record says: whose, of which event, how often printed, why voided. `ids` are Identities
    (competitions.queries.replay). Two queries and one for each voided sheet."""
    rows = PaperSheet.objects.filter(event__competition=competition).order_by("id")
    found = {serial: values for serial, *values in rows.values_list(*COLUMNS)}
    told = {serial: list(facts.values()) for serial, facts in _hear(competition, ids).items()}
    return [] if found == told else [str(PaperSheet._meta.verbose_name)]


def _hear(competition, ids):
    """{serial: its columns after all revisions, in the order of COLUMNS}."""
    told, announced = {}, {}
    for item in Revision.objects.of_chain(competition.chain).of_kind(*ALL):
        facts = item.facts
        if item.kind == kinds.ANNOUNCED:
            announced[facts["round"]] = item.at
        elif item.kind == kinds.PAPER_ISSUED:
            at = announced.get(facts["round"])
            for sheet in facts["sheets"]:
                who = (facts["round"], at, sheet["judge"], sheet["entry"])
                told[sheet["serial"]] = _fresh(*who, item.op_id)
        elif item.kind == kinds.PAPER_PRINTED:
            for serial, copies in facts["copies"].items():
                told[serial] |= {"copies": copies, "revision": item.op_id}
        else:
            old = told[facts["serial"]]
            if facts["instead"]:
                who = (old[name] for name in ("round", "announced", "judge", "entry"))
                told[facts["instead"]] = _fresh(*who, item.op_id, facts["serial"])
            old |= {
                "voided_by": ids.person(item, item.by),
                "voided_at": item.at,
                "reason": reveal(facts)["reason"],
                "revision": item.op_id,
            }
    return told


def _fresh(round_key, announced, judge, entry, revision, instead_of=None):
    return {
        "round": round_key,
        "announced": announced,
        "judge": judge,
        "entry": entry,
        "copies": 0,
        "instead_of": instead_of,
        "voided_by": None,
        "voided_at": None,
        "reason": "",
        "revision": revision,
    }
