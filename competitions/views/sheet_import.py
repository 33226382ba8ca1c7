"""A list from a sheet: pasted or uploaded, previewed, confirmed. One road for every such list."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from competitions.forms.entrants import ConfirmImportForm, SheetForm
from competitions.queries.state import latest_revision

REPEATED = "这次导入已经保存过。"


@dataclass(frozen=True, kw_only=True)
class SheetImport:
    """What one list's import is made of.

    `name` signs the previewed rows together with the competition; `read(table)` gives rows,
    problems and notes; `plan(competition, rows, cells that are wrong already)` what would change;
    `act` does it and returns what `say` puts into a sentence (empty: it was done before).
    `compared_with` is the kind of revision that must not have come in between. `confirm` is the
    form that takes the plan over; what it asks besides the rows (`asks`) goes to the action too.
    """

    name: str
    read: Callable
    plan: Callable
    act: Callable
    say: Callable
    template: str
    back: str
    sheet: type = SheetForm
    confirm: type = ConfirmImportForm
    asks: tuple = ()
    compared_with: str = ""

    def answer(self, request, competition, page):
        """This function will preview a sheet (nothing changes), or take over a preview that is
        confirmed; `page` is the context of the page besides."""
        if "rows" in request.POST:
            return self._confirm(request, competition, {**page, "form": self.sheet()})
        posted = request.method == "POST"
        form = self.sheet(request.POST, request.FILES) if posted else self.sheet()
        page = {**page, "form": form}
        if posted and form.is_valid():
            page |= self._preview(competition, *self.read(form.table))
        return TemplateResponse(request, self.template, page)

    def _preview(self, competition, rows, problems, notes):
        plan = self.plan(competition, rows, {problem["cell"] for problem in problems})
        problems = [*problems, *plan.problems]
        notes = [*notes, *plan.notes]
        found = {"plan": plan, "problems": problems, "notes": notes, "previewed": True}
        if plan.changes and not problems:
            purpose = self._purpose(competition)
            kind = self.compared_with
            found["confirm"] = self.confirm(
                purpose=purpose,
                revision=latest_revision(competition, kind) if kind else None,
                initial={"rows": self.confirm.pack(purpose, rows)},
            )
        return found

    def _confirm(self, request, competition, page):
        form = self.confirm(request.POST, purpose=self._purpose(competition))
        if form.is_valid():
            data = form.cleaned_data
            asked = ("rows", *self.asks, *(["revision"] if self.compared_with else []))
            done = form.run(
                self.act,
                competition=competition,
                **{name: data[name] for name in asked},
                by=request.user.person,
                now=timezone.now(),
            )
            if done is not None:
                messages.success(request, self.say(done) or REPEATED)
                return redirect(self.back, competition.slug)
            # Somebody changed the list meanwhile: the same rows are compared with it as it is.
            page |= self._preview(competition, data["rows"], [], [])
        return TemplateResponse(request, self.template, {**page, "refused": form})

    def _purpose(self, competition):
        return f"{self.name}:{competition.chain}"
