"""Who competes in which track."""

from django.core.exceptions import ValidationError
from django.db import transaction

from competitions import kinds
from competitions.actions import basis
from competitions.actions.listing import record_entries
from competitions.actions.secretaries import follow_terms
from competitions.models import Entry
from competitions.queries import current_scheme_version, scheme_of
from competitions.tracks import has_track_evidence, keep_tracks, tracks_for


@transaction.atomic
def assign_track(*, competition, track_key, keys, by, now, op_id=None, revision=basis.ANY):
    """This function will let exactly the entrants of these keys compete in a track.

    They are units (for the track of their secretaries too) or people, as the track's subject asks;
    who has withdrawn is left as he is. A track that the rules do not have, one in which evidence
    has come in, and an entrant who would be left without any track raise ValidationError.
    """
    competition = basis.lock(competition)
    if basis.done_before(op_id, kinds.ENTRIES_CHANGED, by):
        return
    basis.refuse_when_closed(competition)
    version = current_scheme_version(competition)
    scheme = scheme_of(version) if version else None
    track = next((t for t in scheme.tracks if t.key == track_key), None) if scheme else None
    if track is None:
        raise ValidationError("规则里没有这个榜单，请刷新页面后重试。")
    if has_track_evidence(competition, track):
        raise ValidationError(
            f"「{track.title}」已有打分或数据，不能再改由谁参加；"
            "个别不参加排名的，请在「裁定」中办理，由另一人核对。"
        )
    subject = "person" if track.subject == "person" else "unit"
    every = {item.key for item in tracks_for(scheme, subject)}
    rows = Entry.objects.filter(competition=competition, subject=subject).active().with_subjects()
    changed, left = [], []
    for entry in rows.in_official_order():
        own = set(entry.tracks) & every if entry.tracks else set(every)
        wanted = own | {track.key} if entry.key in keys else own - {track.key}
        if wanted == own:
            continue
        if not wanted:
            left.append(entry.name)
        entry.tracks = keep_tracks(wanted, scheme, subject)
        changed.append(entry)
    if left:
        raise ValidationError(
            f"{'、'.join(left)}只参加「{track.title}」，去掉以后不参加任何榜单；"
            "不再参评的，请在参评名单里办理退出。"
        )
    Entry.objects.bulk_update(changed, ["tracks"], batch_size=500)
    follow_terms(competition)
    record_entries(competition, by=by, now=now, op_id=op_id, revision=revision)
