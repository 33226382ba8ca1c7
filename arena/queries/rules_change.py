"""What a live event forbids to change in the published rules."""

from arena.models import Event


def find_live_obstacles(competition, old, new):
    """This function will return a sentence for each round with a live event that the new rules no
    longer have, or hold in another way."""
    sentences = []
    events = Event.objects.filter(competition=competition, called_off=False).order_by("id")
    for round_key in events.values_list("round_key", flat=True):
        before, after = _held(old, round_key), _held(new, round_key)
        if before is not None and before != after:
            sentences.append(
                f"「{old.find_round(round_key)[1].title}」已经开设擂台现场，"
                "不能再改它的类别和现场约定；确需修改的，请先取消现场。"
            )
    return sentences


def _held(scheme, round_key):
    try:
        item = scheme.find_round(round_key)[1]
    except KeyError:
        return None
    return item.kind, item.event
