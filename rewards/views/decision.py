"""A meeting's decision: entered, confirmed, verified or returned by a second person."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from competitions.access import get_competition_for
from competitions.gates import enter
from competitions.queries import work_frame
from competitions.roles import INSIDERS, RoleKind
from rewards.access import get_decision
from rewards.actions import record_decision, return_decision, verify_decision
from rewards.changes import decide_changes, tidy_changes
from rewards.forms.decision import (
    ChangeForms,
    DecisionForm,
    ReturnForm,
    ScanForm,
    VerifyForm,
    add_errors,
    errors_of,
)
from rewards.models import MeetingDecision
from rewards.queries import TabulationMismatch, changes_of, find_computed, find_outcome, say_due
from rewards.queries import awards as queries
from rewards.queries.differences import find_differences, have_other_totals
from rewards.rules.decide import apply_decision
from rewards.rules.outcome import Change
from rewards.views.awards import arrange, find_current
from scoring.models import Tabulation
from scoring.queries.tabulations import find_latest_tabulation
from scoring.views.attachments import send_attachment

ORGANISER = {RoleKind.ORGANISER}


@enter(read=ORGANISER, write=ORGANISER)
def decision(request, slug):
    """This function will take a meeting's decision: filled in, confirmed beside the computed
    result, then saved for a second person. Without a result to decide on it leads back.

    What was decided before is filled in: what was sent back, what stands, or what was decided on
    an earlier tabulation; `?from=rules` begins with the computed result instead."""
    competition = get_competition_for(request.role, slug, change=request.method == "POST")
    tabulation, outcome, _problem = find_current(competition)
    if outcome is None:
        return redirect("work_awards", slug=slug)
    if request.method != "POST" and outcome.waiting is not None:
        messages.info(request, "已有一项会议决定等待核对，请先核对或退回，再录入新的决定。")
        return redirect("work_decision_verify", slug=slug, number=outcome.waiting.number)
    page = _Page(request, competition, tabulation, outcome)
    if request.method != "POST" or not page.is_valid() or request.POST.get("step") == "edit":
        return page.show_form()
    if request.POST.get("step") != "save":
        return page.show_confirmation()
    return page.save()


class _Page:
    """The form, the rows and what they lead to, on their way through the two pages."""

    def __init__(self, request, competition, tabulation, outcome):
        self.request, self.competition = request, competition
        self.tabulation, self.outcome = tabulation, outcome
        self.entries = queries.find_entries(competition)
        self.scan = ScanForm(request.POST or None, request.FILES or None)
        data = request.POST if request.method == "POST" else None
        again = outcome.returned or outcome.due
        before = outcome.returned or outcome.decision or outcome.due
        if request.GET.get("from") == "rules":
            again = before = None
        self.form = DecisionForm(
            data,
            initial={
                name: getattr(again, name)
                for name in ("meeting", "decided_on", "document_number", "note")
                if again is not None
            },
        )
        sections = queries.award_sections(
            outcome.scheme, outcome.computed, outcome.computed, self.entries
        )
        choices = queries.decision_choices(
            sections, outcome.computed, self.entries, queries.find_barred(tabulation)
        )
        self.arrangement = arrange(request, competition)
        choices = [
            (
                section,
                queries.arrange_rows(
                    own, self.entries, self.arrangement, lambda choice: choice[0].entry
                ),
            )
            for section, own in choices
        ]
        self.rows = ChangeForms(choices, data, changes_of(before) if before else ())
        self.final = None

    def is_valid(self):
        """Whether form and rows are valid and the changes fit the result that was looked at."""
        valid = self.rows.is_valid()
        if not (self.form.is_valid() and valid):
            return False
        seen = self.request.POST.get("tabulation", "")
        if not self._is_same(seen):
            self.form.add_error(
                None,
                f"结果已在第 {self.tabulation.number} 次统分时更新，"
                "下面是新的结果，请看过以后再提交。",
            )
            return False
        try:
            changes = tidy_changes(self.rows.changes())
            self.final = decide_changes(self.competition, self.tabulation, changes)
        except ValidationError as error:
            add_errors(self.form, error)
            return False
        return True

    def show_form(self):
        frame = self._frame(("录入会议决定", None))
        return TemplateResponse(self.request, "rewards/decision.html", {**frame, **self._context()})

    def show_confirmation(self, status=200):
        crumbs = ("录入会议决定", f"/work/{self.competition.slug}/awards/decision/")
        changes = [Change(**change) for change in tidy_changes(self.rows.changes())]
        sections = queries.award_sections(
            self.outcome.scheme, self.outcome.computed, self.final, self.entries, changes
        )
        queries.arrange_sections(sections, self.entries, self.arrangement)
        context = {
            **self._frame(crumbs, ("核对后录入", None)),
            **self._context(),
            "final": self.final,
            "sections": sections,
            "hidden": [field.as_hidden() for field in self.form] + self.rows.hidden(),
            "papers": self.form.cleaned_data,
        }
        return TemplateResponse(self.request, "rewards/decision_confirm.html", context)

    def save(self):
        if not self.scan.is_valid():
            return self.show_confirmation()
        data = self.form.cleaned_data
        try:
            made = record_decision(
                competition=self.competition,
                tabulation=self.tabulation,
                meeting=data["meeting"],
                decided_on=data["decided_on"],
                document_number=data["document_number"],
                note=data["note"],
                changes=self.rows.changes(),
                scan=self.scan.cleaned_data["scan"],
                by=self.request.user.person,
                now=timezone.now(),
                op=data["op"],
            )
        except ValidationError as error:
            if hasattr(error, "error_dict"):
                add_errors(self.form, error)
                return self.show_form()
            self.scan.add_error("scan" if "扫描件" in str(error) else None, error)
            return self.show_confirmation()
        messages.success(
            self.request, f"第 {made.number} 项会议决定已录入，请另一位工作人员对照原件核对。"
        )
        return redirect("work_awards", slug=self.competition.slug)

    def _is_same(self, number):
        """Whether the tabulation that the form was made from says the same as the latest one."""
        if number == str(self.tabulation.number):
            return True
        return (
            number.isdecimal()
            and Tabulation.objects.filter(
                competition=self.competition,
                number=number[:9],
                evidence_digest=self.tabulation.evidence_digest,
                result_digest=self.tabulation.result_digest,
            ).exists()
        )

    def _context(self):
        return {
            "tabulation": self.tabulation,
            "outcome": self.outcome,
            "form": self.form,
            "arrangement": self.arrangement,
            "rows": self.rows,
            "scan": self.scan,
            "problems": errors_of(self.form) + self.rows.errors,
            "due": _review(self.competition, self.tabulation, self.outcome, self.entries),
        }

    def _frame(self, *crumbs):
        first = ("授旗与奖励", f"/work/{self.competition.slug}/awards/")
        return work_frame(self.competition, "awards", first, *crumbs)


@enter(read=INSIDERS, write=ORGANISER)
def decision_verify(request, slug, number):
    """This function will show one decision beside the computed result; a second person verifies
    it, or sends it back with a reason."""
    competition = get_competition_for(request.role, slug, change=request.method == "POST")
    found = get_decision(competition, number)
    sent = request.POST.get("do") if request.method == "POST" else None
    verify = VerifyForm(request.POST if sent == "verify" else None)
    send_back = ReturnForm(request.POST if sent == "return" else None)
    chosen = {"verify": verify, "return": send_back}.get(sent)
    if chosen is not None and chosen.is_valid():
        try:
            _settle(request, found, sent, chosen.cleaned_data)
        except ValidationError as error:
            add_errors(chosen, error)
        else:
            return redirect("work_awards", slug=slug)
    latest = find_latest_tabulation(competition)
    crumbs = [("授旗与奖励", f"/work/{slug}/awards/"), (f"第 {number} 项会议决定", None)]
    own = request.user.person.id == found.entered_by_id
    closed = competition.stage == competition.Stage.CLOSED
    open_ = found.state == MeetingDecision.State.ENTERED and not closed
    context = {
        **work_frame(competition, "awards", *crumbs),
        **_compare(request, competition, found),
        "found": found,
        "stale": (latest.evidence_digest, latest.result_digest)
        != (found.tabulation.evidence_digest, found.tabulation.result_digest),
        "own": own,
        "may_settle": open_ and request.role.kind is RoleKind.ORGANISER,
        "verify": verify,
        "send_back": send_back,
        "chosen": chosen,
    }
    return TemplateResponse(request, "rewards/decision_verify.html", context)


@enter(read=INSIDERS)
def decision_scan(request, slug, number):
    """This function will send the scan of a decision to those who may see the decision."""
    competition = get_competition_for(request.role, slug)
    found = get_decision(competition, number)
    return send_attachment(found.scan, found.scan_name, found.scan_digest)


def _review(competition, tabulation, outcome, entries):
    """What a decision on an earlier tabulation must be held against now; None when none is due:
    how the computed results differ, and where the decision fits no longer."""
    due = outcome.due
    if due is None:
        return None
    review = {"words": say_due(due), "decision": due, "misfits": [], "rows": [], "problem": ""}
    try:
        decide_changes(competition, tabulation, due.changes)
    except ValidationError as error:
        review["misfits"] = error.messages
    try:
        before = find_computed(due.tabulation)
    except TabulationMismatch as error:
        return {**review, "problem": str(error)}
    rows = find_differences(before, outcome.computed, outcome.scheme, entries)
    scores_changed = have_other_totals(due.tabulation.result, tabulation.result)
    return {**review, "rows": rows, "scores_changed": scores_changed}


def _settle(request, found, sent, data):
    by, now, op = request.user.person, timezone.now(), data["op"]
    if sent == "verify":
        verify_decision(decision=found, by=by, now=now, op=op)
        messages.success(request, f"第 {found.number} 项会议决定已核对，名单以会议决定为准。")
    else:
        return_decision(decision=found, reason=data["reason"], by=by, now=now, op=op)
        messages.success(request, f"第 {found.number} 项会议决定已退回，原来的名单不变。")


def _compare(request, competition, found):
    try:
        outcome = find_outcome(found.tabulation)
    except TabulationMismatch as error:
        return {"problem": str(error)}
    changes = changes_of(found)
    final = apply_decision(outcome.computed, changes)
    entries = queries.find_entries(competition)
    sections = queries.award_sections(outcome.scheme, outcome.computed, final, entries, changes)
    arrangement = arrange(request, competition)
    queries.arrange_sections(sections, entries, arrangement)
    return {
        "computed": outcome.computed,
        "final": final,
        "sections": sections,
        "arrangement": arrangement,
    }
