from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "scoring"
    verbose_name = "打分与统分"

    def ready(self):
        from competitions import frontdoor, orders, roadmap, tracks
        from record.private import register_blanker
        from scoring import kinds  # noqa: F401 - registers itself
        from scoring.private import blank_text
        from scoring.queries import evidence_steps, rules_change, sheet_steps, tabulations

        register_blanker(blank_text)
        frontdoor.before_rules_change(rules_change.find_unfit_evidence)
        roadmap.register(steps=sheet_steps.find_steps, todos=sheet_steps.find_todos)
        roadmap.register(todos=sheet_steps.find_late_todos)
        roadmap.register(
            steps=evidence_steps.find_measurement_steps, todos=evidence_steps.find_measurement_todos
        )
        roadmap.register(
            steps=evidence_steps.find_record_steps, todos=evidence_steps.find_record_todos
        )
        roadmap.register(
            steps=tabulations.find_tabulation_steps, todos=tabulations.find_tabulation_todos
        )
        tracks.register_evidence(rules_change.find_rounds_with_evidence)
        orders.register_places(tabulations.find_places)
