"""Questions about what has been published, and what a new version would be made from."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join

from competitions.frontdoor import Published
from competitions.models import Entry, PartySecretary, RoundPlan, SchemeVersion
from competitions.roadmap import Known
from competitions.todo import Step, Todo
from publication.access import OWN, OWN_CIRCLES, may_read_year
from publication.models import Circle, Closing, PublicationVersion
from record.prepared import Prepared
from rewards.queries import find_standing
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
    results = PublicationVersion.objects.results_for([Circle.COUNTY])
    versions = (
        PublicationVersion.objects.in_force()
        .open_to_everyone()
        .annotate(had_results=Exists(results.filter(competition=OuterRef("competition"))))
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
    note = _NOTES[version.circle, version.kind]
    if version.kind == PublicationVersion.Kind.RULES and version.had_results:
        note = WITHDRAWN
    return ("已归档：" if closed else "") + note


# Of the county's own page: the rules can be read, and of the results only that there were some.
WITHDRAWN = "规则已公布，结果已撤回"
_NOTES = {
    (Circle.COUNTY, "results"): "结果已公布：名次、旗帜、奖励和单位档案",
    (Circle.COUNTY, "rules"): "规则已公布，正在进行",
    (Circle.PUBLIC, "results"): "拟表彰名单公示",
}


def find_archived_at(competition):
    """This function will return when a competition was last put into the archive, or None."""
    closed = Closing.objects.filter(
        competition=competition, kind=Closing.Kind.CLOSE, state=Closing.State.VERIFIED
    )
    return closed.order_by("verified_at", "id").values_list("verified_at", flat=True).last()


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
    """This function will say how far the publication of the results has come; results that rest on
    what holds no longer are not done."""
    if competition.is_rehearsal:
        url = reverse("work_record", args=[competition.slug])
        return [(99, Step("record", "存证", url, "done"))]
    known = known or Known()
    released = known.once(find_released, competition)
    latest = known.once(find_latest_tabulation, competition)
    outdated = known.once(find_outdated, latest, released, known)
    circles = [version.get_circle_display() for version in released]
    url = reverse("work_publish", args=[competition.slug])
    state = "done" if circles else "todo"
    note = "、".join(circles)
    if outdated:
        state = "current"
        note = "、".join(version.get_circle_display() for version, _ in outdated) + "的已过时"
    record = Step("record", "存证", reverse("work_record", args=[competition.slug]), "done")
    return [
        (90, Step("publish", "公布", url, state, note)),
        (99, record),
        (100, _closing_step(competition, bool(circles))),
    ]


RESULTS = Prepared(
    lambda competition: (
        PublicationVersion.objects.filter(competition=competition)
        .results_for(Circle)
        .select_related("tabulation", "decision")
        .defer("contents", "tabulation__evidence", "tabulation__result")
    )
)


def find_released(competition):
    """This function will return the versions of results that some circle reads, oldest first."""
    versions = RESULTS.all(competition=competition.pk)
    passed = find_passed(versions)
    return [
        item
        for item in reversed(versions)
        if item.withdrawn_at is None and item.number not in passed
    ]


_SEEN_BY = {
    Circle.UNIT: "本单位看到的",
    Circle.LEADING: "领导小组看到的",
    Circle.COUNTY: "全县（区）看到的",
    Circle.PUBLIC: "社会公示的",
}


def find_outdated(latest, released, known=None):
    """This function will return (version, sentence without its full stop) of every circle that
    reads results of another tabulation, or after another decision, than what holds now.

    `released` is what find_released found, `latest` the latest tabulation; while it is None or
    incomplete nothing else holds. One that repeats the rules, evidence and result of a version's
    own says the same.
    """
    if latest is None or not latest.complete or not released:
        return []
    standing, found = (known or Known()).once(find_standing, latest), []
    for version in released:
        if _rests_on(version.tabulation) != _rests_on(latest):
            basis = f"依据第 {version.tabulation.number} 次统分，现在是第 {latest.number} 次"
        else:
            decision = standing.decision or standing.due
            if decision is None or decision == version.decision:
                continue
            old = version.decision
            basis = f"依据第 {old.number} 项会议决定" if old else "没有依据会议决定"
            basis = f"{basis}，现在是第 {decision.number} 项"
        seen = _SEEN_BY[Circle(version.circle)]
        found.append((version, f"{seen}第 {version.number} 版{basis}，请重新公布或撤回"))
    return found


def _rests_on(tabulation):
    return tabulation.scheme_version_id, tabulation.evidence_digest, tabulation.result_digest


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
    """This function will ask for a publication once a complete result waits for it, and for every
    circle that still reads an outdated one."""
    if competition.stage != competition.Stage.RUNNING:
        return []
    known = known or Known()
    latest = known.once(find_latest_tabulation, competition)
    if latest is None or not latest.complete:
        return []
    released = known.once(find_released, competition)
    titles = [sentence for _, sentence in known.once(find_outdated, latest, released, known)]
    if not PublicationVersion.objects.in_force().filter(tabulation=latest).exists():
        titles.insert(0, "最近一次统分的结果还没有公布")
    url = reverse("work_publish", args=[competition.slug])
    return [Todo(kind="decide", title=title, who="组织部", url=url) for title in titles]


def published_scheme_version(competition):
    """This function will return the published version of the rules, or None."""
    return SchemeVersion.objects.filter(
        competition=competition, state=SchemeVersion.State.PUBLISHED
    ).first()


def find_released_results(competition, old, new):
    """This function will forbid to change the rules under results that somebody can read."""
    if released := _name_released(competition):
        return [
            format_html(
                "已经按正在执行的规则公布了结果，请先撤回结果，再修改规则。还有人看得到的是：{}。",
                released,
            )
        ]
    return []


def find_results_from_earlier(competition):
    """This function will forbid to change the previous year under results that somebody can
    read."""
    if released := _name_released(competition):
        return [
            format_html(
                "本届的结果已经公布，请先撤回结果，再改上一届。还有人看得到的是：{}。", released
            )
        ]
    return []


def _name_released(competition):
    """The versions that some circle reads, each with the page that withdraws it."""
    return format_html_join(
        "、",
        '<a href="{}">{}的第 {} 版</a>',
        (
            (
                reverse("work_withdraw", args=[competition.slug, version.number]),
                version.get_circle_display(),
                version.number,
            )
            for version in find_released(competition)
        ),
    )


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
