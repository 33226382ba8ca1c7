"""Publishing: freezing a version of the rules or the results for one circle of readers."""

import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction

from competitions.actions import basis
from competitions.queries import scheme_of
from competitions.queries.names import find_entry_names, find_judge_names
from competitions.queries.sealed import check_rules
from publication import kinds, queries, render
from publication.contents import build_results
from publication.models import Circle, PublicationVersion, PublishedPage
from publication.verification import build_verification, make_page
from record.actions import OperationReused, append
from record.chain.digests import document_digest
from record.models import Revision
from record.private import Private
from rewards.queries import find_outcome, say_due
from scoring import doors
from scoring.queries.outdated import find_outdated
from scoring.queries.sealed import check_tabulation

RULES_STAY = (
    "公布的规则不能撤回。要改规则，请在规则页点「修改规则」：写明理由，由另一位工作人员审定，"
    "公布后新的一版替代这一版。"
)


@transaction.atomic
def publish_rules(*, competition, by, now, op=None):
    """This function will open the published rules to the whole county, and return the version.

    It raises ValidationError while the rules are not published.
    """
    competition = basis.lock_open(competition)
    if earlier := _done_before(op, competition, PublicationVersion.Kind.RULES, Circle.COUNTY):
        return earlier
    scheme_version = queries.published_scheme_version(competition)
    if scheme_version is None:
        raise ValidationError("规则还没有公布，不能开放给全县查看。请先公布规则。")
    check_rules(scheme_version.id)
    scheme = scheme_of(scheme_version)
    number = _next_number(competition)
    contents = {
        "kind": "rules",
        "circle": str(Circle.COUNTY),
        "competition": _facts(competition, scheme, number, now, "规则已公布"),
        "plan": queries.find_plan(competition, scheme),
        "assumptions": list(scheme.assumptions),
        "tracks": _bare_tracks(scheme),
        "scheme_digest": scheme_version.digest,
    }
    pages = render.render_rules(
        contents, render.base_address(competition.slug, Circle.COUNTY), scheme
    )
    return _release(
        competition,
        PublicationVersion(kind=PublicationVersion.Kind.RULES, circle=Circle.COUNTY, number=number),
        contents,
        pages,
        by=by,
        now=now,
        op=op,
    )


@transaction.atomic
def publish_results(*, competition, circle, tabulation, notice, by, now, op=None):
    """This function will freeze a complete tabulation for a circle and return the new version.

    The version in force for that circle is replaced, never changed. `notice` holds the dates,
    telephone and address of a public notice and is None for every other circle. It raises
    ValidationError when the tabulation is not complete or not the latest, while a live event's turn
    is being marked, or is closed and not revealed (the leading group may examine that), when a tie
    across a quota is undecided, when a decision waits for its second person, when one on an earlier
    tabulation has not been confirmed for this one, and (TabulationMismatch) when what is stored is
    not what the record says.
    """
    competition = basis.lock_open(competition)
    if earlier := _done_before(op, competition, PublicationVersion.Kind.RESULTS, circle):
        return earlier
    latest = queries.latest_tabulation(competition)
    if latest is None or latest.id != tabulation.id:
        raise ValidationError("这不是最近一次统分，请回到公布页重新选择。")
    # What is frozen is what the database holds now, held against the record.
    tabulation = latest
    check_tabulation(tabulation)
    if not tabulation.complete:
        raise ValidationError("这次统分还缺数据，不能公布。请补齐后重新统分。")
    scheme = scheme_of(tabulation.scheme_version)
    refuse_outdated(competition, scheme, tabulation)
    _refuse_unseen(competition, Circle(circle))
    outcome = find_outcome(tabulation)
    if outcome.waiting is not None:
        raise ValidationError("会议决定还没有经第二人核对，请核对后再公布。")
    if outcome.due is not None:
        raise ValidationError(
            f"{say_due(outcome.due)}，请先在授旗与奖励页重新确认或改按规则决定，再公布。"
        )
    if outcome.final.undecided:
        raise ValidationError("有名额边界的并列还没有决定，请先登记裁定，再重新统分后公布。")
    number = _next_number(competition)
    contents = build_results(
        circle=circle,
        competition=_facts(competition, scheme, number, now, _status(circle)),
        scheme=scheme,
        result=tabulation.result,
        outcome=outcome.to_document(),
        names=find_entry_names(competition),
        plan=queries.find_plan(competition, scheme),
        decision=_decision(outcome.decision),
        notice=notice,
    )
    pages = _render(competition, circle, contents, tabulation, scheme)
    version = PublicationVersion(
        kind=PublicationVersion.Kind.RESULTS,
        circle=circle,
        number=number,
        tabulation=tabulation,
        decision=outcome.decision,
    )
    return _release(competition, version, contents, pages, by=by, now=now, op=op)


@transaction.atomic
def withdraw_version(*, version, reason, by, now, op=None):
    """This function will withdraw results in force; their frozen data stay in the record.

    Rules, by which people are marking already, are not withdrawn but changed, which needs a reason
    and a second person: ValidationError.
    """
    if not reason.strip():
        raise ValidationError("请写明撤回的原因。")
    competition = basis.lock_open(version.competition)
    version = PublicationVersion.objects.select_for_update(no_key=True).get(id=version.id)
    earlier = Revision.objects.filter(op_id=op).first() if op else None
    if earlier is not None:
        said = (earlier.chain, earlier.kind, earlier.facts.get("number"))
        if said != (competition.chain, kinds.PUBLICATION_WITHDRAWN, version.number):
            raise OperationReused(earlier)
        return version
    if version.kind == PublicationVersion.Kind.RULES:
        raise ValidationError(RULES_STAY)
    if version.withdrawn_at is not None:
        raise ValidationError("这一版已经撤回或已被新版本替代。")
    append(
        chain=competition.chain,
        kind=kinds.PUBLICATION_WITHDRAWN,
        body={
            "number": version.number,
            "circle": version.circle,
            "reason": Private(reason.strip()),
        },
        by=str(by.id),
        now=now,
        op_id=op,
        replaces=version.revision,
    )
    version.withdrawn_at, version.withdrawn_reason = now, reason.strip()
    version.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    return version


def refuse_outdated(competition, scheme, tabulation):
    """This function will raise ValidationError when what counts has changed since tabulating."""
    if outdated := find_outdated(competition, scheme, tabulation):
        raise ValidationError(f"{outdated}公布。")


def _refuse_unseen(competition, circle):
    """A score is seen in the hall first: nobody reads it on a page before it is revealed. Those who
    examine the result may, once the marks are closed: they decide before the ceremony."""
    for turn in doors.find_open_turns(competition):
        if turn.is_marked:
            raise ValidationError(
                f"「{turn.name}」正在打分，不能公布。请在现场控制台关闭打分、亮分，重新统分后再公布。"
            )
        if circle != Circle.LEADING:
            raise ValidationError(
                f"「{turn.name}」的打分已经关闭，会场还没有看到成绩，不能公布给「{circle.label}」。"
                "请先在现场控制台亮分；不在现场亮分的，请先取消现场。"
            )


def _done_before(op, competition, kind, circle):
    """A second click on the same button finds the version that the first one made.

    The same operation for something else, another circle say, must not pass for done.
    """
    earlier = Revision.objects.filter(op_id=op).first() if op else None
    if earlier is None:
        return None
    version = PublicationVersion.objects.filter(
        revision=op, competition=competition, kind=kind, circle=circle
    ).first()
    if version is None:
        raise OperationReused(earlier)
    return version


def _next_number(competition):
    last = PublicationVersion.objects.filter(competition=competition).order_by("-number").first()
    return last.number + 1 if last else 1


def _facts(competition, scheme, number, now, status):
    units = competition.entries.active().filter(subject="unit").count()
    return {
        "slug": competition.slug,
        "title": competition.title,
        "host_name": competition.host_name,
        "issuer": scheme.issuer,
        "year": competition.year,
        "demo": competition.demo,
        "units": units,
        "number": number,
        "status": status,
        "released_at": queries.moment_text(now),
    }


def _status(circle):
    return {
        Circle.UNIT: "结果已送本单位",
        Circle.LEADING: "供领导小组审阅",
        Circle.COUNTY: "结果已公布",
        # The page stays as it is after its last day, so it names the days and not today.
        Circle.PUBLIC: "社会公示",
    }[Circle(circle)]


def _bare_tracks(scheme):
    return [
        {
            "key": track.key,
            "title": track.title,
            "subject": track.subject,
            "full": str(track.full),
            "rounds": [
                {"key": item.key, "title": item.title, "weight": str(item.weight)}
                for item in track.rounds
            ],
        }
        for track in scheme.tracks
    ]


def _decision(decision):
    if decision is None:
        return None
    # Not who decided: a page that has been published cannot forget a name.
    return {
        "decided_on": queries.day_text(decision.decided_on),
        "document_number": decision.document_number,
    }


def _render(competition, circle, contents, tabulation, scheme):
    """The pages of the circle, and the private fragments where its own units may read."""
    circle = Circle(circle)
    pages = []
    if circle == Circle.PUBLIC:
        return render.render_notice(contents, render.base_address(competition.slug, circle))
    if circle in (Circle.COUNTY, Circle.LEADING):
        base = render.base_address(competition.slug, circle)
        pages += render.render_results(contents, base, scheme)
    if circle in (Circle.UNIT, Circle.COUNTY):
        trees = {
            key: {name: entry["tree"] for name, entry in track["entries"].items()}
            for key, track in tabulation.result["tracks"].items()
        }
        judges = find_judge_names(competition)
        pages += render.render_own(contents, trees, scheme.disclosure.judges, judges)
    return pages


def _release(competition, version, contents, pages, *, by, now, op):
    """Replaces the version in force, appends to the record and stores the pages as bytes."""
    stored = [make_page(path, html) for path, html in pages]
    version.competition = competition
    version.contents, version.contents_digest = contents, document_digest(contents)
    version.released_by, version.released_at = by, now
    revision = append(
        chain=competition.chain,
        kind=kinds.PUBLICATION_RELEASED,
        body={
            "number": version.number,
            "kind": version.kind,
            "circle": version.circle,
            "tabulation": version.tabulation.number if version.tabulation else None,
            "decision": version.decision.number if version.decision else None,
            "contents": version.contents_digest,
            "pages": _digest("".join(f"{page.path} {page.etag}\n" for page in stored).encode()),
        },
        by=str(by.id),
        now=now,
        op_id=op,
    )
    same = PublicationVersion.objects.in_force().filter(
        competition=competition, circle=version.circle, kind=version.kind
    )
    replaced = list(same.values_list("id", flat=True))
    # Before the new one is there: a circle has one version in force.
    same.update(withdrawn_at=now, withdrawn_reason=f"已由第 {version.number} 版替代")
    version.revision = revision.op_id
    version.save()
    PublicationVersion.objects.filter(id__in=replaced).update(replaced_by=version)
    for page in stored:
        page.version = version
    PublishedPage.objects.bulk_create(
        [*stored, *build_verification(version, now=now)], batch_size=50
    )
    return version


def _digest(data):
    return hashlib.sha256(data).hexdigest()
