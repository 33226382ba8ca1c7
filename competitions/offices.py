"""What the party secretary of a unit is called, by the kind of the unit.

A village has a party branch, a sub-district a working committee, all others a committee. Where
units of several kinds stand together, and where nobody knows which, it is 书记.
"""

OFFICES = {"village": "党支部书记", "subdistrict": "党工委书记"}
USUAL = "党委书记"
SECRETARY = "书记"
# What sheets from elsewhere call the column of secretaries.
OFFICE_NAMES = (USUAL, *OFFICES.values(), "村书记", "支部书记", SECRETARY)


def office_of(kind):
    """This function will return the office of the secretary of a unit of that kind."""
    return OFFICES.get(kind, USUAL)


def office_among(offices):
    """This function will return the office that all have in common, else 书记."""
    found = set(offices)
    return found.pop() if len(found) == 1 else SECRETARY


def name_subject(subject, office):
    """This function will return the heading of a column of entries of a subject: 参评单位, 个人,
    or the office of the secretaries."""
    return {"unit": "参评单位", "person": "个人"}.get(subject) or office or SECRETARY
