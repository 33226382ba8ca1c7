from competitions.models.checked import Checked
from competitions.models.competition import Competition, RoundPlan, SchemeDraft, SchemeVersion
from competitions.models.entries import Entry, Site
from competitions.models.imports import ImportedRecord
from competitions.models.panels import Judge, Recusal, Seat
from competitions.models.people import Person, Role, User
from competitions.models.signins import FailedSignins
from competitions.models.term_changes import TermChange
from competitions.models.units import Involvement, PartySecretary, Unit

__all__ = [
    "Checked",
    "Competition",
    "Entry",
    "FailedSignins",
    "ImportedRecord",
    "Involvement",
    "Judge",
    "PartySecretary",
    "Person",
    "Recusal",
    "Role",
    "RoundPlan",
    "SchemeDraft",
    "SchemeVersion",
    "Seat",
    "Site",
    "TermChange",
    "Unit",
    "User",
]
