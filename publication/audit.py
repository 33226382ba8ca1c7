"""The audit chain as an auditor of one county reads it: accounts, roles and sign-ins of its people.

There is one chain for the whole installation. What is about other counties' people stands there as
a number and a digest only, so that the chain still shows no gap.
"""

from competitions.models import Competition, Judge, PartySecretary, Person, Role, User
from competitions.roles import LABELS
from publication.revision_words import describe_revisions

CHANGES = {
    "password": "改了密码",
    "password_reset": "重置密码",
    "password_console": "从命令行设了密码",
    "activated": "恢复账号",
    "deactivated": "停用账号",
    "pause_lifted": "解除登录限制",
    "large_type": "改用大字",
    "normal_type": "改用常规字号",
}


def describe_audit(revisions, host_code):
    """This function will return rows as `describe_revisions` does, for a county's auditor.

    A row about the county's own people has `about`, who and what in words; any other has `other`
    and nothing but its revision, of which only number and digest may be shown. A revision is the
    county's when it is about somebody who holds or held a role in it, judges or judged there, or is
    or was party secretary of one of its units; or about a role there; or about its record. A fixed
    number of queries.
    """
    revisions = list(revisions)
    facts = {item.id: item.facts for item in revisions}
    people = _find_people(revisions, facts)
    own = _find_own(set(people.values()), host_code)
    chains = {
        item.hex
        for item in Competition.objects.filter(host_code=host_code).values_list("uuid", flat=True)
    }
    names = dict(Person.objects.filter(id__in=people.values()).values_list("id", "name"))
    rows = []
    for row in describe_revisions(revisions):
        item = row["revision"]
        said, person = facts[item.id], people.get(item.id)
        mine = said.get("host_code") == host_code or said.get("chain") in chains or person in own
        if mine:
            rows.append({**row, "about": _about(said, names.get(person, ""))})
        else:
            rows.append({"revision": item, "other": True})
    return rows


def _find_people(revisions, facts):
    """{revision id: id of the person that it is about}; who switches roles is about himself."""
    accounts = {said["account"] for said in facts.values() if said.get("account")}
    persons = dict(User.objects.filter(id__in=accounts).values_list("id", "person_id"))
    found = {}
    for item in revisions:
        said = facts[item.id]
        if "person" in said:
            found[item.id] = int(said["person"])
        elif said.get("account") in persons:
            found[item.id] = persons[said["account"]]
        elif "account" not in said and item.by.isdigit():
            found[item.id] = int(item.by)
    return found


def _find_own(people, host_code):
    """Those of the people who belong to the county, now or before."""
    sources = (
        Role.objects.filter(host_code=host_code),
        Judge.objects.filter(competition__host_code=host_code),
        PartySecretary.objects.filter(unit__host_code=host_code),
    )
    return {
        person
        for rows in sources
        for person in rows.filter(person__in=people).values_list("person_id", flat=True)
    }


def _about(said, name):
    words = [name]
    if said.get("kind") in LABELS:
        words.append(LABELS[said["kind"]])
    if "change" in said:
        words.append(CHANGES.get(said["change"], said["change"]))
    if "code" in said:
        words.append(f"核对码 {said['code']}")
    if "cards" in said:
        words.append(f"{len(said['cards'])} 张")
    if said.get("address"):
        words.append(f"来自 {said['address']}")
    if "digests" in said:
        words.append(f"抹去 {len(said['digests'])} 处文字")
    return "，".join(word for word in words if word)
