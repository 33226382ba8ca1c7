"""What an explanation shows of the judges: by name, by number, or not at all. Plain data only."""

IDENTIFIED = {"judge", "mark"}
WITHHELD = "按规则不公开"


def disclose(node, how, judges):
    """This function will return a copy of an explanation tree (Node document) for outside readers.

    `how` is the scheme's disclosure of judges (`none`, `number` or `name`); `judges` maps judge key
    to (number, name). What is not disclosed stands there as withheld, never as absent: with `none`
    the single marks give way to one line that says how many were withheld, and the formula that
    lists them is withheld too. Judge keys never survive.
    """
    copy = {key: value for key, value in node.items() if key != "children"}
    children = node.get("children", [])
    marks = [child for child in children if child["kind"] in IDENTIFIED]
    if copy["kind"] in IDENTIFIED:
        copy["label"] = _label(copy.pop("key", ""), how, judges)
    if marks and how == "none":
        if "formula" in copy:
            copy["formula"] = f"（逐个打分{WITHHELD}）"
        copy.pop("values", None)
        copy["children"] = [
            {"kind": "withheld", "label": f"{len(marks)} 名评委的打分{WITHHELD}"},
            *(disclose(child, how, judges) for child in children if child not in marks),
        ]
    elif children:
        copy["children"] = [disclose(child, how, judges) for child in children]
    return copy


def _label(judge, how, judges):
    number, name = judges.get(judge, ("?", ""))
    if how == "name":
        return f"{name}（{number} 号评委）"
    return f"{number} 号评委" if how == "number" else f"评委（{WITHHELD}）"
