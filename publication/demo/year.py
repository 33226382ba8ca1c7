"""One demonstration year as its people live it: every step is one of the product's own actions."""

import heapq
from dataclasses import dataclass, field

from competitions import actions
from competitions.divisions.entrants import proposed_entrants
from competitions.entrants import Entrant
from competitions.models import Entry
from publication.demo import cast, figures
from publication.demo.moments import moment, op
from publication.demo.rules import rules_of
from scoring.actions.ledger import LedgerDraft, enter_ledger_event, verify_ledger_event
from scoring.actions.measurements import enter_measurements, verify_measurements
from scoring.actions.paper_sheets import enter_paper_sheets, verify_paper_sheets
from scoring.actions.rulings import RulingDraft, enter_ruling, verify_ruling
from scoring.actions.sheets import submit_sheets
from scoring.queries.panels import load_marking_round


@dataclass
class Year:
    """A competition of the demonstration and the people in it ({username: Person})."""

    year: int
    people: dict
    arena_judges: int = 9
    # The year's own rules and title, where they are not those of the whole year's contest.
    scheme: object = None
    title: str = ""
    competition: object = None
    entries: dict = field(default_factory=dict)
    judges: dict = field(default_factory=dict)
    previous: object = None
    shown_at: object = None
    agenda: list = field(default_factory=list)

    planned: int = 0

    def later(self, now, step):
        """This function will have step(now) done when its moment comes."""
        heapq.heappush(self.agenda, (now, self.planned, step))
        self.planned += 1

    def live_through(self):
        """This function will do what is on the agenda in the order of time, as the record tells
        it; a step may put further ones on it."""
        while self.agenda:
            now, _number, step = heapq.heappop(self.agenda)
            step(now)

    @property
    def slug(self):
        return f"linhe-{self.year}"

    def op(self, *words):
        """This function will return the operation id of something done in this year."""
        return op(self.slug, *words)

    def at(self, month, day, hour=9, minute=0):
        """This function will return an instant in this year."""
        return moment(self.year, month, day, hour, minute)

    def who(self, username, now):
        """This function will return the `by` and `now` of an action."""
        return {"by": self.people[username], "now": now}

    def unit(self, name):
        """This function will return the Unit of that name."""
        return self.entries[name].unit

    # ---------------------------------------------------------------- rules, entrants, judges

    def create(self, now):
        """This function will create the competition with its rules and eleven entrants."""
        self.scheme = self.scheme or rules_of(self.year, self.arena_judges)
        entrants = [
            Entrant(unit.name, unit.kind, unit.aliases, unit.division_code)
            for unit in proposed_entrants(cast.HOST_CODE)
            if unit.proposed
        ]
        self.competition = actions.create_competition(
            host_code=cast.HOST_CODE,
            host_name=cast.HOST_NAME,
            year=self.year,
            title=self.title or f"临河区{self.year}年“乡村振兴擂台比武”",
            slug=self.slug,
            scheme=self.scheme,
            entrants=entrants,
            demo=True,
            previous=self.previous,
            is_first=self.previous is None,
            shown_at=self.shown_at,
            op_id=self.op("create"),
            **self.who("zuzhi1", now),
        )
        rows = Entry.objects.filter(competition=self.competition, subject=Entry.Subject.UNIT)
        self.entries = {entry.unit.name: entry for entry in rows.with_subjects()}

    def appoint(self, usernames, group, rounds, now):
        """This function will appoint people as judges of a group, seated in the rounds."""
        for username in usernames:
            self.judges[username] = actions.appoint_judge(
                competition=self.competition,
                person=self.people[username],
                group_key=group,
                rounds=rounds,
                op_id=self.op("judge", username),
                **self.who("zuzhi1", now),
            )

    def publish_rules(self, approved, published):
        """This function will have the rules approved, and published, at these moments."""
        actions.approve_scheme(
            competition=self.competition,
            op_id=self.op("approve rules"),
            **self.who("zuzhi2", approved),
        )
        actions.publish_scheme(
            competition=self.competition,
            op_id=self.op("publish rules"),
            **self.who("zuzhi1", published),
        )

    def entry_of_term(self, username):
        """This function will return the entry of a person's own term of office."""
        return Entry.objects.get(competition=self.competition, term__person=self.people[username])

    def secretary_units(self):
        """This function will return {entry key of a secretary: name of the unit}."""
        rows = Entry.objects.filter(competition=self.competition, subject=Entry.Subject.SECRETARY)
        return dict(rows.values_list("key", "unit__name").order_by("key"))

    # ---------------------------------------------------------------- marks

    def marks_of(self, judge, round_key):
        """This function will return {entry key: {site key: marks}} of all that a judge owes."""
        panel = load_marking_round(self.competition, round_key)
        sheets = {}
        for line in panel.lines_of(judge):
            sheets.setdefault(line.entry.key, {})[line.site_key] = figures.marks_of(
                line,
                year=self.year,
                round_key=round_key,
                judge=judge.person.name,
                mood=self.mood(round_key, line),
            )
        return sheets

    def mood(self, round_key, line):
        """This function will return how much better (‰) than its year a unit does on the day."""
        return figures.MOODS.get(round_key, 0)

    def mark_later(self, username, round_key, now):
        """This function will have a judge mark on the pad at that moment."""
        self.later(now, lambda now: self.mark_on_pad(username, round_key, now))

    def mark_on_pad(self, username, round_key, now):
        """This function will let a judge hand in what he owes: a tour at once, an arena one by
        one."""
        judge = self.judges[username]
        sheets = self.marks_of(judge, round_key)
        bundles = [sheets]
        if self.scheme.find_round(round_key)[1].kind == "arena":
            bundles = self.bundles(sheets)
        for number, bundle in enumerate(bundles):
            submit_sheets(
                judge=judge,
                round_key=round_key,
                sheets=bundle,
                op=self.op("marks", username, round_key, number),
                **self.who(username, now),
            )

    def bundles(self, sheets):
        """This function will part an arena's sheets by speaker: a unit and who speaks for it."""
        units = {
            entry.key: entry.of.key if entry.of_id else entry.key
            for entry in Entry.objects.filter(competition=self.competition).select_related("of")
        }
        found = {}
        for key, marks in sheets.items():
            found.setdefault(units[key], {})[key] = marks
        return [found[key] for key in sorted(found)]

    def paper_later(self, username, round_key, now, again=None):
        """This function will have paper sheets typed in, and read again at the moment `again`."""
        self.later(now, lambda now: self.type_paper(username, round_key, now))
        if again is not None:
            self.later(again, lambda now: self.read_paper_again(username, round_key, now))

    def type_paper(self, username, round_key, now, by="jipiao"):
        """This function will type in a judge's paper sheets; they wait for a second person."""
        judge = self.judges[username]
        return enter_paper_sheets(
            competition=self.competition,
            round_key=round_key,
            judge=judge,
            sheets=self.marks_of(judge, round_key),
            op=self.op("paper", username, round_key),
            revisions={},
            **self.who(by, now),
        )

    def read_paper_again(self, username, round_key, now, by="zuzhi2"):
        """This function will verify a judge's paper sheets by typing them a second time."""
        judge = self.judges[username]
        sheets = self.marks_of(judge, round_key)
        first = self.op("paper", username, round_key).hex
        verify_paper_sheets(
            competition=self.competition,
            round_key=round_key,
            judge=judge,
            sheets=sheets,
            op=self.op("paper again", username, round_key),
            revisions={(entry, site): first for entry in sheets for site in sheets[entry]},
            **self.who(by, now),
        )

    # ---------------------------------------------------------------- measured values and votes

    def figures_of(self, round_key, inputs):
        """This function will return {(entry key, criterion key): values} of the named inputs."""
        track, round_ = self.scheme.find_round(round_key)
        table = {}
        entries = Entry.objects.filter(competition=self.competition, subject=track.subject)
        for entry in entries.active().with_subjects().in_official_order():
            if entry.term_id and not self.counts(entry.term):
                continue
            for criterion in round_.criteria:
                if criterion.inputs:
                    values = self.values_of(criterion, entry.unit.name)
                    kept = {key: text for key, text in values.items() if _named(key, inputs)}
                    if kept:
                        table[entry.key, criterion.key] = kept
        return table

    def values_of(self, criterion, unit):
        """This function will return a criterion's figures for a unit, or for its secretary."""
        if criterion.evidence == "votes":
            return figures.votes(criterion, unit, self.year)
        return figures.measure(criterion, unit, self.year)

    def counts(self, term):
        """This function will say whether a secretary was in office when the year was judged."""
        return term.until is None or term.until >= self.at(8, 1).date()

    def enter_figures(self, round_key, name, table, now, by="jipiao", revisions=None):
        """This function will enter figures in one save and return {place: revision hex}."""
        revision = enter_measurements(
            competition=self.competition,
            round_key=round_key,
            values=table,
            revisions=revisions or {},
            op=self.op("figures", round_key, name),
            **self.who(by, now),
        )
        return {**(revisions or {}), **dict.fromkeys(table, revision.op_id.hex)}

    def verify_figures(self, round_key, name, revisions, now, by="zuzhi2"):
        """This function will verify figures by a second person and return their new revisions."""
        revision = verify_measurements(
            competition=self.competition,
            round_key=round_key,
            revisions=revisions,
            op=self.op("figures verified", round_key, name),
            **self.who(by, now),
        )
        return dict.fromkeys(revisions, revision.op_id.hex)

    # ---------------------------------------------------------------- ledger and rulings

    def note(self, unit, item, day, reason, points="", matter="", file=None, verified=True):
        """This function will have a bonus or a deduction of `day` (month, day) entered, and
        verified."""
        words = ("ledger", unit, item, *day)

        def enter(now):
            event = enter_ledger_event(
                competition=self.competition,
                draft=LedgerDraft(
                    entry_key=self.entries[unit].key,
                    criterion_key="ledger",
                    item_key=item,
                    happened_on=self.at(*day).date(),
                    points=points,
                    reason=reason,
                    matter=matter,
                ),
                file=file,
                op=self.op(*words),
                **self.who("jipiao", now),
            )
            if verified:
                self.later(self.at(*day, 17, 30), lambda now: verify(event, now))

        def verify(event, now):
            verify_ledger_event(
                competition=self.competition,
                key=event.key,
                revision=event.revision.hex,
                op=self.op(*words, "verified"),
                **self.who("zuzhi2", now),
            )

        self.later(self.at(*day, 16), enter)

    def rule_out(self, username, reason, day, document, verified=True):
        """This function will have a ruling of `day` entered, and verified: a former secretary is
        not ranked."""
        words = ("ruling", "part_year", *day)

        def enter(now):
            ruling = enter_ruling(
                competition=self.competition,
                draft=RulingDraft(
                    kind="part_year",
                    subject={
                        "track": "secretary",
                        "entry": self.entry_of_term(username).key,
                        "value": "exclude",
                    },
                    reason=reason,
                    decided_by="擂台比武领导小组会议（演示）",
                    decided_on=self.at(*day).date(),
                    document_number=document,
                ),
                op=self.op(*words),
                **self.who("zuzhi1", now),
            )
            if verified:
                self.later(self.at(*day, 16), lambda now: verify(ruling, now))

        def verify(ruling, now):
            verify_ruling(
                competition=self.competition,
                key=ruling.key,
                revision=ruling.revision.hex,
                op=self.op(*words, "verified"),
                **self.who("zuzhi2", now),
            )

        self.later(self.at(*day, 15), enter)


def _named(key, inputs):
    return inputs is None or key in inputs
