"""A competition can be set up from every shipped scheme: whatever its pages lead to opens."""

import re

import pytest

from competitions.scheme.shipped import read_shipped, shipped_schemes
from tests.scoring.evidence_case import add_judge, add_secretary, add_units, publish


@pytest.mark.parametrize("key", shipped_schemes())
def test_pages_of_a_running_competition_open_with_every_shipped_scheme(
    client, competition, organiser, key
):
    scheme = read_shipped(key)
    publish(competition, organiser.person, scheme)
    for entry in add_units(competition, "演示镇甲", "演示镇乙", "演示镇丙"):
        add_secretary(entry, f"演示{entry.key}")
    marked = [item.key for track in scheme.tracks for item in track.rounds if item.panel]
    for number in range(1, 4):
        add_judge(competition, number, *marked)
    client.force_login(organiser)
    home = f"/work/{competition.slug}/"
    waiting, seen = [home], {shape(home): home}
    while waiting:
        address = waiting.pop(0)
        answer = client.get(address)
        assert answer.status_code in (200, 302, 405), address
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for found in re.findall(rf'href="({home}[^"#?]*)"', answer.content.decode()):
            if shape(found) not in seen:
                seen[shape(found)] = found
                waiting.append(found)
    assert {f"{home}{name}/" for name in ("rules", "entrants", "schedule")} <= set(seen.values())


def shape(address):
    """This function will say of what kind a page is: one of each kind is enough."""
    parts = address.strip("/").split("/")
    return (*parts[2:3], len(parts))
