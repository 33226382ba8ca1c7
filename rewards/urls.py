"""Addresses of flags, awards and the meeting's decisions, and of what new rules would change."""

from django.urls import path

from rewards.views import awards, decision, scheme_trial

_AWARDS = "work/<slug:slug>/awards/"
_RULES = "work/<slug:slug>/rules/"
_DECISION = _AWARDS + "decision/<int:number>/"

urlpatterns = [
    path(_AWARDS, awards.awards, name="work_awards"),
    path(_AWARDS + "print/", awards.awards_print, name="work_awards_print"),
    path(_AWARDS + "payments.xlsx", awards.payments, name="work_payments"),
    path(_AWARDS + "decision/", decision.decision, name="work_decision"),
    path(_DECISION + "verify/", decision.decision_verify, name="work_decision_verify"),
    path(_DECISION + "scan/", decision.decision_scan, name="work_decision_scan"),
    path(_RULES + "change/", scheme_trial.change, name="work_scheme_change"),
    path(_RULES + "try/", scheme_trial.try_out, name="work_scheme_try"),
]
