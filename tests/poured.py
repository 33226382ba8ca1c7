"""A sample of a shipped scheme, poured into the database through the product's own actions."""

import datetime
import uuid

from django.utils import timezone

from competitions import actions
from competitions.divisions.names import kind_of
from competitions.entrants import Contestant, Entrant
from competitions.models import Entry, Person
from competitions.scheme.local import BLANK
from competitions.scheme.read import read_document
from competitions.scheme.shipped import read_sample, read_shipped
from competitions.scheme.write import to_document
from publication.actions import publish_results
from publication.bundle.shapes import read_evidence
from scoring.actions.ledger import LedgerDraft, enter_ledger_event, verify_ledger_event
from scoring.actions.measurements import enter_measurements, verify_measurements
from scoring.actions.rulings import RulingDraft, enter_ruling, verify_ruling
from scoring.actions.sheets import submit_sheets
from scoring.actions.tabulation import tabulate_competition
from scoring.queries.panels import load_marking_rounds
from scoring.queries.ruling_kinds import KINDS
from tests import factories

HOST_NAME = "临河区"


def op():
    """This function will return an operation of its own."""
    return uuid.uuid4()


def filled(value):
    """This function will fill in what a county has to write into a shipped scheme itself."""
    if isinstance(value, dict):
        return {name: filled(item) for name, item in value.items()}
    if isinstance(value, list):
        return [filled(item) for item in value]
    return "演示" if isinstance(value, str) and BLANK in value else value


class Poured:
    """The competition of a sample, made and filled by two people.

    `keys` maps the sample's entries to those of the database, `judges` its judges to rows.
    """

    def __init__(self, key, organiser, colleague):
        self.scheme = read_document(filled(to_document(read_shipped(key))))
        sample = read_sample(key)
        self.names = sample.names
        self.evidence = read_evidence(sample.evidence, "evidence.json")
        dates = [fact.date for fact in self.evidence.ledger]
        self.year = int(dates[0][:4]) if dates else 2024
        self.by, self.second = organiser.person, colleague.person
        self.now = self.at(12, 31)
        self.keys, self.judges, self.sites = {}, {}, {}

    def at(self, month, day):
        """This function will return an evening of the sample's year."""
        return datetime.datetime(self.year, month, day, 18, tzinfo=timezone.get_default_timezone())

    @property
    def who(self):
        """`competition`, `by` and `now` of an action."""
        return {"competition": self.competition, "by": self.by, "now": self.now}

    def facts(self, subject):
        """This function will return the sample's entries of one subject, in official order."""
        found = [item for item in self.evidence.entries if item.subject == subject]
        return sorted(found, key=lambda item: item.order)

    def pour(self):
        """This function will do all of it and return the stored tabulation."""
        self.create()
        self.enter_people()
        self.appoint()
        self.publish()
        self.rule(lambda ruling: ruling.kind == "exclude_judge")
        self.mark()
        self.measure()
        self.note()
        self.rule(lambda ruling: ruling.kind != "exclude_judge")
        return self.tabulate()

    # ------------------------------------------------------------------------------ setting up

    def create(self):
        """This function will create the competition with its units, after last year's."""
        last = None
        if self.evidence.previous or self.evidence.history:
            last = self.last_year()
        self.competition = actions.create_competition(
            host_code=factories.HOST,
            host_name=HOST_NAME,
            year=self.year,
            scheme=self.scheme,
            entrants=[self.entrant(item) for item in self.facts("unit")],
            previous=last,
            is_first=last is None,
            by=self.by,
            now=self.now,
        )
        self.learn("unit")

    def entrant(self, item):
        """This function will return a unit of the sample as an Entrant."""
        name = self.names["entries"][item.key]
        counts = {n for (_, entry), n in self.evidence.people.items() if entry == item.key}
        assert len(counts) < 2, "one number of people for each entry"
        return Entrant(
            name=name,
            kind=kind_of(name),
            peer_group=item.group,
            factor=item.factor,
            tracks=item.tracks,
            people=next(iter(counts), None),
            of=self.names["entries"].get(item.of, ""),
        )

    def learn(self, subject):
        """This function will note the database's keys of the entries of a subject."""
        rows = Entry.objects.filter(competition=self.competition, subject=subject)
        for item, entry in zip(self.facts(subject), rows.in_official_order(), strict=True):
            self.keys[item.key] = entry.key

    def entry(self, name):
        """This function will return the row of one of the sample's entries."""
        return Entry.objects.with_subjects().get(competition=self.competition, key=self.keys[name])

    def enter_people(self):
        """This function will record the secretaries' terms, and enter who competes himself."""
        for item in self.facts("secretary"):
            months = 12 if item.months_in_office is None else item.months_in_office
            actions.record_term(
                unit=self.entry(item.of).unit,
                person=Person(name=self.names["entries"][item.key].split("（")[0]),
                since=datetime.date(self.year, 13 - months, 1),
                **self.who,
            )
        self.learn("secretary")
        units = [self.names["entries"][item.key] for item in self.facts("unit")]
        contestants = [
            Contestant(Person(name=self.names["entries"][item.key]), units[n % len(units)])
            for n, item in enumerate(self.facts("person"))
        ]
        if contestants:
            actions.add_contestants(contestants=contestants, **self.who)
        self.learn("person")

    def appoint(self):
        """This function will appoint the judges to the panels of their groups."""
        judges = sorted(self.evidence.judges, key=lambda judge: (judge.group, judge.number))
        for number, item in enumerate(judges, 1):
            self.judges[item.key] = actions.appoint_judge(
                person=Person(name=self.names["judges"][item.key]),
                number=number,
                group_key=item.group,
                rounds=[
                    round_.key
                    for track in self.scheme.tracks
                    for round_ in track.rounds
                    if round_.panel and any(p.group == item.group for p in round_.panel.parts)
                ],
                **self.who,
            )
        for judge, entry in sorted(self.evidence.recusals):
            actions.record_recusal(
                judge=self.judges[judge], entry=self.entry(entry), reason="演示", **self.who
            )
        for (round_key, entry), names in sorted(self.evidence.sites.items()):
            for name in names:
                site = actions.add_site(
                    round_key=round_key, entry=self.entry(entry), name=name, **self.who
                )
                self.sites[round_key, self.keys[entry], site.key] = name

    def publish(self):
        """This function will approve the rules by the second person and publish them."""
        actions.approve_scheme(competition=self.competition, by=self.second, now=self.now)
        actions.publish_scheme(**self.who)
        self.competition.refresh_from_db()

    # -------------------------------------------------------------------------------- evidence

    def mark(self):
        """This function will let every judge hand in what he owes: a tour whole, an arena one by
        one."""
        own = {key: name for name, key in self.keys.items()}
        table = {}
        for round_key, entry, judge, criterion, value, site in self.evidence.marks:
            table.setdefault((round_key, entry, judge, site), {})[criterion] = value
        for panel in load_marking_rounds(self.competition):
            for name, judge in self.judges.items():
                pages = {}
                for line in panel.lines_of(judge):
                    site = self.sites.get((line.round.key, line.entry.key, line.site_key), "")
                    place = (line.round.key, own[line.entry.key], name, site)
                    if place not in table and not panel.whole_tour:
                        continue  # who does not come on the stage is not marked
                    page = pages.setdefault("" if panel.whole_tour else line.bundle, {})
                    page.setdefault(line.entry.key, {})[line.site_key] = table.pop(place)
                for page in pages.values():
                    submit_sheets(
                        judge=judge,
                        round_key=panel.round.key,
                        sheets=page,
                        op=op(),
                        by=judge.person,
                        now=self.now,
                    )
        assert not table, "every mark of the sample is asked of somebody"

    def measure(self):
        """This function will enter and verify measured values, votes and results from elsewhere."""
        evidence = self.evidence
        given = {**evidence.measurements, **evidence.votes, **evidence.carried}
        for track in self.scheme.tracks:
            for round_ in track.rounds:
                own = {criterion.key for criterion in round_.criteria}
                values = {
                    (self.keys[entry], criterion): inputs
                    for (entry, criterion), inputs in given.items()
                    if criterion in own
                }
                if not values:
                    continue
                entered = enter_measurements(
                    round_key=round_.key, values=values, revisions={}, op=op(), **self.who
                )
                verify_measurements(
                    competition=self.competition,
                    round_key=round_.key,
                    revisions=dict.fromkeys(values, entered.op_id.hex),
                    op=op(),
                    by=self.second,
                    now=self.now,
                )

    def note(self):
        """This function will enter and verify bonuses and deductions."""
        for fact in self.evidence.ledger:
            event = enter_ledger_event(
                draft=LedgerDraft(
                    entry_key=self.keys[fact.entry],
                    criterion_key=fact.criterion,
                    item_key=fact.item,
                    happened_on=datetime.date.fromisoformat(fact.date),
                    points=fact.points,
                    reason=fact.reason or "演示",
                    matter=fact.matter,
                ),
                op=op(),
                **self.who,
            )
            self.verify(verify_ledger_event, event)

    def rule(self, chosen):
        """This function will enter and verify the chosen rulings."""
        for fact in filter(chosen, self.evidence.rulings):
            subject = {}
            for name in KINDS[fact.kind].fields:
                value = getattr(fact, name)
                if name == "entry":
                    value = self.keys.get(value, "")
                elif name == "entries":
                    value = [self.keys[entry] for entry in value]
                elif name == "judge":
                    value = self.judges[value].key
                elif name == "track" and not value and fact.kind == "part_year":
                    value = next(t.key for t in self.scheme.tracks if t.subject == "secretary")
                subject[name] = value
            ruling = enter_ruling(
                draft=RulingDraft(
                    kind=fact.kind,
                    reason=fact.reason or "演示",
                    decided_by="演示领导小组",
                    decided_on=self.at(12, 20).date(),
                    document_number=fact.document,
                    subject=subject,
                ),
                op=op(),
                **self.who,
            )
            self.verify(verify_ruling, ruling)

    def verify(self, action, row):
        """This function will have the second person verify an event or a ruling."""
        action(
            competition=self.competition,
            key=row.key,
            revision=row.revision.hex,
            op=op(),
            by=self.second,
            now=self.now,
        )

    def tabulate(self):
        """This function will store a tabulation and return it."""
        return tabulate_competition(op=op(), **self.who)

    # ------------------------------------------------------------------------------- last year

    def last_year(self):
        """This function will publish a year before it with the places and flags that the sample
        counts from, and return its competition."""
        former = LastYear.__new__(LastYear)
        former.__dict__.update(self.__dict__, year=self.year - 1, keys={}, judges={}, sites={})
        return former.run()


class LastYear(Poured):
    """A year of one criterion a track, whose values give the wanted places and flags."""

    def run(self):
        """This function will live the year to its published results and return it."""
        self.now = self.at(12, 31)
        wanted = {}
        for (track, entry), place in self.evidence.previous.items():
            wanted.setdefault(track, {})[entry] = str(100 - place)
        tracks = [self.track(name, []) for name in wanted]
        for track in to_document(self.scheme)["tracks"]:
            for flag in track.get("flags", ()):
                held = [e for rule, e in self.evidence.history if rule == flag["key"]]
                if not held:
                    continue
                assert flag["colour"] == "yellow", "the last of the year before"
                kept = {name: flag[name] for name in ("key", "title", "colour")}
                rule = {**kept, "places": len(held), "boundary": "extend"}
                tracks.append(self.track(track["key"], [rule]))
                wanted[track["key"]] = {
                    item.key: "50" if item.key in held else str(90 - item.order)
                    for item in self.facts("unit")
                }
        self.scheme = read_document({"key": "before", "title": "上一年办法", "tracks": tracks})
        names = self.names["entries"]
        groups = {item.key: item.group for item in self.facts("unit")}
        self.competition = actions.create_competition(
            host_code=factories.HOST,
            host_name=HOST_NAME,
            year=self.year,
            scheme=self.scheme,
            entrants=[
                Entrant(names[key], kind_of(names[key]), peer_group=group)
                for key, group in groups.items()
            ],
            by=self.by,
            now=self.now,
        )
        self.learn("unit")
        self.publish()
        self.evidence = type(self.evidence)(
            measurements={
                (entry, f"{track}-x"): {"value": value}
                for track, values in wanted.items()
                for entry, value in values.items()
            }
        )
        self.measure()
        publish_results(
            circle="county", tabulation=self.tabulate(), notice=None, op=op(), **self.who
        )
        return self.competition

    def track(self, key, flags):
        """This function will return a track of one measured criterion."""
        rule = {"kind": "measured", "quantity": "value", "conversion": {"kind": "direct"}}
        criterion = {"key": f"{key}-x", "title": "得分", "full": 100, "rule": rule}
        round_ = {"key": f"{key}-all", "title": "全年", "kind": "routine", "weight": 100}
        peers = next(track.peers for track in self.scheme.tracks if track.key == key)
        return {
            "key": key,
            "title": "上一年榜单",
            "peers": peers,
            "rounds": [round_ | {"criteria": [criterion]}],
            "flags": flags,
        }
