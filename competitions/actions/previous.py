"""Which competition is the previous one 上一届, or that there is none before this."""

from django.core.exceptions import ValidationError
from django.db import transaction

from competitions import kinds
from competitions.actions import basis
from competitions.frontdoor import find_earlier_obstacles
from competitions.models import Competition
from record.private import Private


@transaction.atomic
def name_previous(
    *, competition, previous, is_first, by, now, reason="", op_id=None, revision=basis.ANY
):
    """This function will say from which Competition progress and flags in a row are counted, or
    (`is_first`, with `previous` None) that they begin with this one. It returns the competition.

    Once the rules are published a reason is needed; while results stand that were counted from
    what was said before (frontdoor.before_earlier_change), ValidationError is raised. `revision` is
    the operation from which the form was made; another one since raises StaleRevision.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.PREVIOUS_NAMED, by):
        return competition
    basis.refuse_when_closed(competition)
    if obstacles := find_earlier_obstacles(competition):
        raise ValidationError(obstacles)
    latest = basis.refuse_when_stale(competition, revision, kinds.PREVIOUS_NAMED)
    check_previous(competition, previous, is_first)
    if previous is None and not is_first:
        raise ValidationError("请选择上一届，或者写明本届是第一届。")
    if (competition.previous, competition.is_first) == (previous, is_first):
        raise ValidationError("所选的同现在登记的一样，没有改动。")
    if competition.stage != Competition.Stage.DRAFT and not reason.strip():
        raise ValidationError("规则已经公布，改上一届须写明理由。")
    body = {"previous": previous.chain if previous else "", "first": is_first}
    body["reason"] = Private(reason.strip())
    basis.replace(
        competition, kinds.PREVIOUS_NAMED, body, by=by, now=now, op_id=op_id, latest=latest
    )
    competition.previous, competition.is_first = previous, is_first
    competition.save(update_fields=["previous", "is_first"])
    return competition


def check_previous(competition, previous, is_first):
    """This function will raise ValidationError for a previous year of another county, of the same
    or a later year, of a demonstration beside a real one, and beside the word that this is the
    first."""
    if previous is None:
        return
    if is_first:
        raise ValidationError("本届是第一届的，不能再选上一届。")
    if previous.host_code != competition.host_code or previous.year >= int(competition.year):
        raise ValidationError("上一届应是本县（区）以前年度的比武，请重新选择。")
    if previous.is_rehearsal:
        raise ValidationError("演练不计入成绩，不能作上一届，请重新选择。")
    if previous.demo != competition.demo:
        raise ValidationError("演示的比武和真实的比武不能互为上一届，请重新选择。")
