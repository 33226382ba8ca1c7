"""An explanation tree made ready for the page. Pure: documents in, plain dicts out."""

from competitions.shown import minus_signs

LEAVES = {"mark", "judge"}
# The named values that a reader sees; the others (keys, judge groups) only help programs.
VALUE_WORDS = {
    "place": "名次",
    "date": "日期",
    "reason": "事由",
    "baseline": "基期",
    "value": "本期",
    "target": "目标",
}


def lay_out(node):
    """This function will return the tree of a number as the page draws it.

    `node` is a Node of the rules (anything with `to_document`) or its document: kind, label,
    points, full (decimal text), formula, rounding, dropped, values {name: text}, notes, children;
    absent parts are empty. Returns dicts with label, tag (a word beside the label), points, full,
    formula, values (pairs), notes, children, folds (has anything inside) and css.
    """
    if hasattr(node, "to_document"):
        node = node.to_document()
    kind, dropped = node.get("kind", ""), bool(node.get("dropped"))
    notes = [text for text in (node.get("rounding", ""), *node.get("notes", [])) if text]
    tag, css = "", ["node", f"node-{kind}"]
    if dropped:
        css.append("node-dropped")
        # The reason of a dropped mark stands beside it, where the reader asks for it.
        tag = notes.pop(0) if notes and kind in LEAVES else "未计入"
    points = node.get("points", "")
    if not points and node.get("full") and kind != "withheld":
        points = "缺"
        css.append("node-missing")
    laid = {
        "label": node.get("label", ""),
        "tag": tag,
        "points": minus_signs(points),
        "full": node.get("full", ""),
        "formula": minus_signs(node.get("formula", "")),
        "values": [
            (VALUE_WORDS.get(name, name), minus_signs(value))
            for name, value in sorted(node.get("values", {}).items(), key=_value_order)
            if value and (name in VALUE_WORDS or not name.isascii())
        ],
        "notes": notes,
        "children": [lay_out(child) for child in node.get("children", [])],
        "css": " ".join(css),
    }
    laid["folds"] = bool(laid["children"] or laid["formula"] or laid["values"] or laid["notes"])
    return laid


def _value_order(pair):
    """A stored document keeps no order of its keys, so the page has one of its own."""
    name, _ = pair
    known = list(VALUE_WORDS)
    return (known.index(name) if name in known else len(known), name)
