"""Questions about what has been published, and what a new version would be made from."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils import timezone

from competitions.frontdoor import Published
from competitions.models import Entry, PartySecretary, RoundPlan, SchemeVersion
from competitions.queries.signers import find_signers
from competitions.roadmap import Known
from competitions.todo import Step, Todo
from publication.access import OWN, OWN_CIRCLES, may_read_year
from publication.models import Circle, Closing, PublicationVersion
from record import kinds
from record.chain.commitments import commitment_of, commitments_in
from record.private import ERASED, find_texts
from scoring.models import Tabulation
from scoring.queries.tabulations import find_latest_tabulation


def find_versions(competition):
    """This function will return all versions of a competition, the latest first."""
    return (
        PublicationVersion.objects.filter(competition=competition)
        .select_related("tabulation", "decision", "released_by")
        .order_by("-number", "id")
    )


def find_passed(versions):
    """This function will return {number: newer} of the units' version in force among `versions`
    when a newer one for the county took its place with the secretaries; withdrawing the newer one
    does not bring it back."""
    own = [item for item in versions if item.kind == "results" and item.circle in OWN_CIRCLES]
    newest = max(own, key=lambda item: item.number, default=None)
    return {
        item.number: newest
        for item in own
        if item.circle == Circle.UNIT and item.withdrawn_at is None and item is not newest
    }


def find_rule_numbers(competition):
    """This function will return {digest: number} of the versions of the rules."""
    return dict(competition.scheme_versions.order_by("-number").values_list("digest", "number"))


def has_lost_rules(competition):
    """This function will say whether the rules in force have no page that the county can read:
    older releases let them be withdrawn."""
    if published_scheme_version(competition) is None:
        return False
    rules = PublicationVersion.objects.filter(competition=competition, kind="rules")
    return rules.exists() and not rules.in_force().exists()


def find_published():
    """This function will list what everyone may read: county pages and public notices."""
    versions = (
        PublicationVersion.objects.in_force()
        .open_to_everyone()
        .select_related("competition")
        .order_by("-competition__year", "competition_id", "circle", "kind", "id")
    )
    found = {}
    for version in versions:
        found.setdefault((version.competition_id, version.circle), version)
    return [
        Published(
            title=version.competition.title,
            host_name=version.competition.host_name,
            year=version.competition.year,
            url=reverse(
                "notice_page" if version.circle == Circle.PUBLIC else "county_page",
                args=[version.competition.slug],
            ),
            note=_note(version),
            demo=version.competition.demo,
        )
        for version in found.values()
    ]


def _note(version):
    closed = version.competition.stage == version.competition.Stage.CLOSED
    return ("已归档：" if closed else "") + _NOTES[version.circle, version.kind]


_NOTES = {
    (Circle.COUNTY, "results"): "结果已公布：名次、旗帜、奖励和单位档案",
    (Circle.COUNTY, "rules"): "规则已公布，正在进行",
    (Circle.PUBLIC, "results"): "拟表彰名单公示",
}


def latest_tabulation(competition):
    """This function will return the latest tabulation, None before the first."""
    return Tabulation.objects.filter(competition=competition).order_by("-number").first()


def find_plan(competition, scheme):
    """This function will return the timetable as text, one item a round of the scheme."""
    plans = {
        plan.round_key: plan
        for plan in RoundPlan.objects.filter(competition=competition).order_by("id")
    }
    return [
        {
            "title": f"{item.title}"
            if track is scheme.tracks[0]
            else f"{track.title}：{item.title}",
            "starts_on": day_text(plans[item.key].starts_on) if item.key in plans else "",
            "due_at": moment_text(plans[item.key].due_at) if item.key in plans else "",
            "venue": plans[item.key].venue if item.key in plans else "",
        }
        for track in scheme.tracks
        for item in track.rounds
        if item.kind != "carried"
    ]


def find_publication_steps(competition, scheme, known=None):
    """This function will say how far the publication of the results has come."""
    versions = PublicationVersion.objects.filter(competition=competition).results_for(Circle)
    versions = list(versions.defer("contents"))
    passed = find_passed(versions)
    circles = [
        item.get_circle_display()
        for item in reversed(versions)
        if item.withdrawn_at is None and item.number not in passed
    ]
    url = reverse("work_publish", args=[competition.slug])
    state = "done" if circles else "todo"
    note = "、".join(circles) if circles else ""
    record = Step("record", "存证", reverse("work_record", args=[competition.slug]), "done")
    return [
        (90, Step("publish", "公布", url, state, note)),
        (99, record),
        (100, _closing_step(competition, bool(circles))),
    ]


def _closing_step(competition, published):
    url = reverse("work_closing", args=[competition.slug])
    if competition.stage == competition.Stage.CLOSED:
        return Step("closing", "归档", url, "done", "已归档，只能查看")
    if not published:
        return Step("closing", "归档", url, "locked", "结果公布后办理")
    waiting = Closing.objects.waiting().filter(competition=competition).exists()
    return Step(
        "closing", "归档", url, "current" if waiting else "todo", "待确认" if waiting else ""
    )


def find_closing_todos(competition, scheme, now, known=None):
    """This function will ask for the second person whom closing, or opening again, waits for."""
    return [
        Todo(
            kind="second_person",
            title=f"{item.get_kind_display()}申请等待另一人确认",
            who=f"{item.entered_by.name}以外的组织部工作人员",
            url=reverse("work_closing", args=[competition.slug]),
        )
        for item in Closing.objects.waiting().filter(competition=competition).with_names()
    ]


def find_publication_todos(competition, scheme, now, known=None):
    """This function will ask for a publication once a complete result waits for it."""
    if competition.stage != competition.Stage.RUNNING:
        return []
    latest = (known or Known()).once(find_latest_tabulation, competition)
    if latest is None or not latest.complete:
        return []
    published = PublicationVersion.objects.in_force().filter(tabulation=latest)
    if published.exists():
        return []
    return [
        Todo(
            kind="decide",
            title="最近一次统分的结果还没有公布",
            who="组织部",
            url=reverse("work_publish", args=[competition.slug]),
        )
    ]


def published_scheme_version(competition):
    """This function will return the published version of the rules, or None."""
    return SchemeVersion.objects.filter(
        competition=competition, state=SchemeVersion.State.PUBLISHED
    ).first()


def find_released_results(competition, old, new):
    """This function will forbid to change the rules under results that somebody can read."""
    if _has_released_results(competition):
        return ["已经按正在执行的规则公布了结果，请先撤回结果，再修改规则。"]
    return []


def find_results_from_earlier(competition):
    """This function will forbid to change the previous year under results that somebody can
    read."""
    if _has_released_results(competition):
        return ["本届的结果已经公布，请先撤回结果，再改上一届。"]
    return []


def _has_released_results(competition):
    released = PublicationVersion.objects.in_force().filter(
        competition=competition, kind=PublicationVersion.Kind.RESULTS
    )
    return released.exists()


def find_own_readers(version, arrangement, today):
    """This function will return who reads which part of a version: [(unit's entry, [OwnReader])].

    Units stand as the arrangement says; a unit whose part nobody can open has no reader. Three
    queries.
    """
    competition = version.competition
    entries = list(Entry.objects.filter(competition=competition).with_subjects())
    sent = set(version.pages.filter(path__startswith=OWN).values_list("path", flat=True))
    own = {entry.term_id: entry for entry in entries if entry.term_id and OWN + entry.key in sent}
    units = [
        entry
        for entry in entries
        if entry.subject == Entry.Subject.UNIT and OWN + entry.key in sent
    ]
    terms = (
        PartySecretary.objects.filter(unit__in=[entry.unit_id for entry in units])
        .select_related("person")
        .prefetch_related("person__accounts")
        .in_order()
    )
    readers = {}
    for term in terms:
        if may_read_year(term.since, term.until, competition.year, today):
            readers.setdefault(term.unit_id, []).append(OwnReader(term, own.get(term.id)))
    return [(entry, readers.get(entry.unit_id, [])) for entry in arrangement.sort(units)]


@dataclass(frozen=True)
class OwnReader:
    """A secretary who may read a unit's part; `entry` is his own, None when he has none."""

    term: PartySecretary
    entry: Entry | None

    @property
    def accounts(self):
        """The names of the accounts with which he signs in."""
        return [user.username for user in self.term.person.accounts.all() if user.is_active]


def day_text(value):
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def moment_text(value):
    if not value:
        return ""
    local = timezone.localtime(value)
    return f"{day_text(local)} {local:%H:%M}"


WORDS = {
    "reason": "事由",
    "matter": "同一事项",
    "matter_key": "同一事项编号",
    "decided_by": "决定人或会议",
    "meeting": "会议或决定人",
    "note": "说明",
}


def describe_revisions(revisions, *, bodies=False):
    """This function will return rows for the record's page: what, who, when, and the digest.

    With `bodies`, for who may read them, each has its `words`: pairs of a title and the text that
    stands in the body as a commitment only, as long as it has not been erased.
    """
    revisions = list(revisions)
    facts = [item.facts for item in revisions] if bodies else []
    texts = find_texts(commitments_in(facts)) if bodies else {}
    names = find_signers(revisions)
    return [
        {
            "revision": item,
            "title": kinds.title(item.kind),
            "who": names[item.op_id] if item.by else "系统",
            "words": [pair[:2] for pair in _words(facts[number], texts)] if bodies else [],
        }
        for number, item in enumerate(revisions)
    ]


def private_words(revision):
    """This function will return (title, text, digest) of each text of a body, in its order."""
    facts = revision.facts
    return list(_words(facts, find_texts(commitments_in(facts))))


def _words(item, texts, name=""):
    digest = commitment_of(item)
    if digest is not None:
        yield WORDS.get(name, name), texts.get(digest, ERASED), digest
    elif isinstance(item, dict):
        for key, value in item.items():
            yield from _words(value, texts, key)
    elif isinstance(item, list):
        for value in item:
            yield from _words(value, texts, name)
