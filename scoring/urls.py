"""Marking pads, score sheets and the other evidence, tabulations."""

judge_routes: list = []  # /judge/…: a judge's own pages
sheet_routes: list = []  # /work/<slug>/rounds/…: the state of marked rounds, paper sheets
evidence_routes: list = []  # /work/<slug>/measurements|ledger|rulings/…
tabulation_routes: list = []  # /work/<slug>/tabulation/…

urlpatterns = [*judge_routes, *sheet_routes, *evidence_routes, *tabulation_routes]
