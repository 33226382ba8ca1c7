from django.apps import AppConfig


class ArenaConfig(AppConfig):
    name = "arena"
    verbose_name = "擂台现场"

    def ready(self):
        from arena import kinds  # noqa: F401 - kinds register themselves
        from arena.actions.door import (
            ask_stage,
            hold_events,
            hold_stage,
            watch_changed,
            watch_rules,
        )
        from arena.actions.paper import void_replaced
        from arena.private import blank_text, blank_told
        from arena.queries.ceremony_steps import find_ceremony_steps, find_ceremony_todos
        from arena.queries.desk import find_desk
        from arena.queries.overtime import find_overtime
        from arena.queries.pad import find_stand
        from arena.queries.rules_change import (
            find_live_obstacles,
            find_marking_now,
            find_marking_over,
        )
        from arena.queries.steps import (
            find_live_rounds,
            find_open_turns,
            find_steps,
            find_unseen_turns,
        )
        from arena.telling import open_feeds, tell_marked, tell_waiting
        from arena.telling_ceremony import open_ceremony_feeds, tell_outdated
        from competitions import frontdoor, roadmap
        from record.private import register_blanker, when_erased
        from scoring import doors

        register_blanker(blank_text)
        when_erased(blank_told)
        doors.register(ask_stage, tell_marked, hold_stage)
        doors.register_watcher(watch_changed)
        doors.register_watcher(tell_outdated)
        doors.register_second(tell_waiting)
        frontdoor.before_pages_change(hold_events)
        doors.register_desk(find_desk)
        doors.register_stage(find_stand, find_live_rounds)
        doors.register_clock(find_overtime)
        doors.register_turns(find_unseen_turns)
        open_feeds()
        open_ceremony_feeds()
        frontdoor.before_rules_change(find_live_obstacles)
        frontdoor.before_rehearsal_ends(find_open_turns)
        frontdoor.when_rules_published(watch_rules)
        frontdoor.when_rules_published(tell_outdated)
        frontdoor.when_results_change(tell_outdated)
        frontdoor.when_marking_is_over(find_marking_over, now=find_marking_now)
        frontdoor.when_judge_replaced(void_replaced)
        roadmap.register(steps=find_steps)
        roadmap.register(steps=find_ceremony_steps, todos=find_ceremony_todos)
