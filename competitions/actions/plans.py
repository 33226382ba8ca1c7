"""The timetable 时间表: when each round begins and is due, and which sites a review visits.

Every change writes the whole plan into the record in place of the one before (plan.changed).
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from competitions import kinds
from competitions.actions import basis
from competitions.actions.listing import next_number
from competitions.models import Entry, RoundPlan, Site
from competitions.queries import current_scheme_version, scheme_of


def record_plan(competition, *, by, now, op_id=None, revision=basis.ANY):
    """This function will append the timetable and the sites as they stand now."""
    plans = RoundPlan.objects.filter(competition=competition).order_by("round_key", "id")
    sites = (
        Site.objects.filter(competition=competition)
        .select_related("entry")
        .order_by("round_key", "entry__key", "position", "id")
    )
    body = {
        "rounds": [
            {
                "round": plan.round_key,
                "starts_on": plan.starts_on.isoformat() if plan.starts_on else None,
                "due_at": plan.due_at.isoformat() if plan.due_at else None,
                "venue": plan.venue,
            }
            for plan in plans
        ],
        "sites": [
            {"round": site.round_key, "entry": site.entry.key, "key": site.key, "name": site.name}
            for site in sites
        ],
    }
    return basis.append_state(
        competition,
        kinds.PLAN_CHANGED,
        body,
        by=by,
        now=now,
        op_id=op_id,
        revision=revision,
    )


def plan_round(
    *, competition, round_key, by, now, starts_on=None, due_at=None, venue="", op_id=None
):
    """This function will set when a round begins and is due (aware datetime), and where."""
    plan = {"starts_on": starts_on, "due_at": due_at, "venue": venue}
    plan_rounds(competition=competition, plans={round_key: plan}, by=by, now=now, op_id=op_id)
    return RoundPlan.objects.get(competition=competition, round_key=round_key)


@transaction.atomic
def plan_rounds(*, competition, plans, by, now, op_id=None, revision=basis.ANY):
    """This function will set the timetable of several rounds in one revision.

    `plans` maps a round's key to {"starts_on": date, "due_at": aware datetime, "venue": text}. A
    round that is due before it begins, or is not in the rules, raises ValidationError.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.PLAN_CHANGED, by):
        return
    basis.refuse_when_closed(competition, rehearsed=True)
    titles = _rounds(competition)
    present = {plan.round_key: plan for plan in RoundPlan.objects.filter(competition=competition)}
    new, changed = [], []
    for key, values in plans.items():
        if key not in titles:
            raise ValidationError(f"规则里没有环节「{key}」，请核对。")
        starts_on, due_at = values["starts_on"], values["due_at"]
        if starts_on and due_at and timezone.localdate(due_at) < starts_on:
            raise ValidationError(f"「{titles[key]}」的截止时间早于开始日期，请调整后再保存。")
        plan = present.get(key) or RoundPlan(competition=competition, round_key=key)
        plan.starts_on, plan.due_at, plan.venue = starts_on, due_at, values["venue"]
        plan.clean_fields()
        (changed if plan.pk else new).append(plan)
    RoundPlan.objects.bulk_create(new)
    RoundPlan.objects.bulk_update(changed, ["starts_on", "due_at", "venue"])
    record_plan(competition, by=by, now=now, op_id=op_id, revision=revision)


def _rounds(competition):
    """Title of every round of the rules by its key."""
    version = current_scheme_version(competition)
    scheme = scheme_of(version) if version else None
    return {
        item.key: item.title for track in (scheme.tracks if scheme else ()) for item in track.rounds
    }


def add_site(*, competition, round_key, entry, name, by, now, op_id=None):
    """This function will add one site 点位 that a review visits in an entry, and return it."""
    rows = Site.objects.filter(competition=competition, round_key=round_key, entry=entry)
    names = list(rows.order_by("position", "id").values_list("name", flat=True))
    if not basis.done_before(op_id, kinds.PLAN_CHANGED, by):
        if name in names:
            raise ValidationError(f"「{entry}」本环节已有点位「{name}」。")
        names.append(name)
    set_sites(
        competition=competition,
        round_key=round_key,
        sites={entry: names},
        by=by,
        now=now,
        op_id=op_id,
    )
    return rows.get(name=name)


@transaction.atomic
def set_sites(*, competition, round_key, sites, by, now, op_id=None, revision=basis.ANY):
    """This function will set which sites a review visits: `sites` maps an Entry to names in order.

    A name that stays keeps its key; entries that are not named keep their sites. The rules must let
    the round be marked by site, and nothing may have been marked yet.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.PLAN_CHANGED, by):
        return
    basis.refuse_when_closed(competition, rehearsed=True)
    basis.refuse_after_evidence(competition, "不能再改点位")
    version = current_scheme_version(competition)
    panels = {
        item.key: item.panel
        for track in (scheme_of(version).tracks if version else ())
        for item in track.rounds
    }
    panel = panels.get(round_key)
    if panel is None or panel.sites == "none":
        raise ValidationError("这个环节按规则不分点位打分，请先修改规则。")
    own = set(Entry.objects.filter(competition=competition).values_list("id", flat=True))
    rows = Site.objects.filter(competition=competition, round_key=round_key, entry__in=sites)
    present = {(site.entry_id, site.name): site for site in rows}
    keys = {}
    for site in present.values():
        keys.setdefault(site.entry_id, []).append(site.key)
    new, kept = [], []
    for entry, names in sites.items():
        if entry.id not in own:
            raise ValidationError("名单里有不属于本比武的单位，请刷新页面后重试。")
        number = next_number(keys.get(entry.id, []))
        for position, name in enumerate(dict.fromkeys(names), start=1):
            site = present.pop((entry.id, name), None)
            if site is None:
                site = Site(
                    competition=competition,
                    round_key=round_key,
                    entry=entry,
                    key=f"p{number}",
                    name=name,
                )
                site.clean_fields()
                number += 1
                new.append(site)
            else:
                kept.append(site)
            site.position = position
    Site.objects.filter(id__in=[site.id for site in present.values()]).delete()
    Site.objects.bulk_update(kept, ["position"], batch_size=500)
    Site.objects.bulk_create(new)
    record_plan(competition, by=by, now=now, op_id=op_id, revision=revision)
