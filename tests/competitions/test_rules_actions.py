"""The rules of a year by their actions: drafted, approved by a second person, published."""

import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from competitions import actions
from competitions.entrants import Entrant
from competitions.queries.drafts import working_draft
from competitions.scheme.shipped import read_shipped
from record.actions import StaleRevision
from tests.linhe import enter_evidence, facts


def test_publish_scheme_names_everything_that_is_missing(organiser, scheme, now):
    competition = actions.create_competition(
        host_code="150802",
        host_name="临河区",
        year=2022,
        scheme=scheme,
        entrants=[Entrant("狼山镇")],
        by=organiser.person,
        now=now,
    )
    with pytest.raises(ValidationError) as refusal:
        actions.publish_scheme(competition=competition, by=organiser.person, now=now)
    messages = refusal.value.messages
    assert messages[0] == "参评单位只有 1 个，至少要有 2 个，请先登记。"
    assert "狼山镇没有登记 2022 年在任的党委书记" in messages[1]
    assert messages[2].startswith("「第一次联评」的联评评委只安排了 0 席，规则要求至少 3 席")


def test_publish_scheme_freezes_the_rules(ready, scheme, organiser, now):
    version = actions.publish_scheme(competition=ready, by=organiser.person, now=now)
    ready.refresh_from_db()
    assert (version.state, ready.stage) == ("published", "running")
    assert facts(ready, "scheme.published") == {"number": 1, "digest": version.digest}
    with pytest.raises(ValidationError, match="规则已经公布"):
        actions.publish_scheme(competition=ready, by=organiser.person, now=now)
    with pytest.raises(ValidationError, match="规则已经公布"):
        actions.draft_scheme(competition=ready, scheme=scheme, by=organiser.person, now=now)


def test_publish_scheme_after_the_first_mark_is_refused(ready, organiser, now):
    enter_evidence(ready, now)
    with pytest.raises(ValidationError, match="不能再公布规则"):
        actions.publish_scheme(competition=ready, by=organiser.person, now=now)


def test_draft_scheme_from_an_old_page_is_refused(linhe, scheme, organiser, now):
    with pytest.raises(StaleRevision):
        actions.draft_scheme(
            competition=linhe, scheme=scheme, digest="0" * 64, by=organiser.person, now=now
        )


def test_rules_are_approved_by_a_second_person_before_they_are_published(
    linhe, scheme, organiser, colleague, now
):
    version = linhe.scheme_versions.get()
    with pytest.raises(ValidationError, match="必须是两个人"):
        actions.approve_scheme(competition=linhe, by=organiser.person, now=now)
    with pytest.raises(ValidationError, match="还没有经第二个人审定"):
        actions.publish_scheme(competition=linhe, by=organiser.person, now=now)
    op_id = uuid.uuid4()
    for _ in range(2):
        approved = actions.approve_scheme(
            competition=linhe, by=colleague.person, now=now, op_id=op_id, digest=version.digest
        )
        assert approved.approved_by == colleague.person
    assert facts(linhe, "scheme.approved") == {"number": 1, "digest": version.digest}
    # Another draft is another version, which nobody has approved yet.
    actions.draft_scheme(competition=linhe, scheme=scheme, by=colleague.person, now=now)
    with pytest.raises(StaleRevision):
        actions.approve_scheme(competition=linhe, by=organiser.person, now=now, digest="0" * 64)
    with pytest.raises(ValidationError, match="还没有经第二个人审定"):
        actions.publish_scheme(competition=linhe, by=organiser.person, now=now)


def test_database_refuses_a_scheme_approved_by_its_writer(linhe):
    version = linhe.scheme_versions.get()
    version.approved_by = version.written_by
    with pytest.raises(IntegrityError), transaction.atomic():
        version.save()


def test_database_refuses_published_rules_that_nobody_approved(linhe, now):
    version = linhe.scheme_versions.get()
    version.state = version.State.PUBLISHED
    version.published_by, version.published_at = version.written_by, now
    with pytest.raises(IntegrityError, match="approved"), transaction.atomic():
        version.save()
    # Older rules, as the migration leaves them.
    version.before_approval = True
    version.save()


def test_handing_in_an_older_draft_does_not_bury_a_newer_one(
    linhe, scheme, organiser, colleague, now
):
    read = working_draft(linhe)
    newer = actions.save_draft(
        competition=linhe,
        document=dict(read.document, title="同事的新稿"),
        what="改名",
        revision=read.revision,
        by=colleague.person,
        now=now,
    )
    call = {"competition": linhe, "scheme": scheme, "by": organiser.person, "now": now}
    with pytest.raises(StaleRevision):
        actions.draft_scheme(**call, revision=read.revision)
    assert working_draft(linhe).document["title"] == "同事的新稿"
    assert actions.draft_scheme(**call, revision=newer.revision).number == 2


def test_rules_with_blanks_are_neither_approved_nor_published(linhe, organiser, colleague, now):
    draft = {"competition": linhe, "scheme": read_shipped("linhe-2022"), "now": now}
    actions.draft_scheme(**draft, by=organiser.person)
    with pytest.raises(ValidationError) as refusal:
        actions.approve_scheme(competition=linhe, by=colleague.person, now=now)
    assert len(refusal.value.messages) == 4
    assert "干事创业好党委·资金来源" in refusal.value.messages[1]
    with pytest.raises(ValidationError, match="还没有写好"):
        actions.publish_scheme(competition=linhe, by=organiser.person, now=now)
