"""`script/drill rules` goes on where it stopped and keeps what differs."""

import pytest

from drill import rules


@pytest.fixture
def state_file(tmp_path, monkeypatch):
    path = tmp_path / "state.json"
    monkeypatch.setattr(rules, "STATE", path)
    return path


def test_drill_goes_on_where_it_stopped(state_file, capsys):
    state = rules.drill(3, 1, rules.read_state(afresh=False))
    assert state == {"next": 3, "differing": []}
    assert rules.read_state(afresh=False) == state
    state = rules.drill(5, 1, rules.read_state(afresh=False))
    assert state == {"next": 5, "differing": []}
    assert "规则对算：5 / 5" in capsys.readouterr().err


def test_drill_afresh_forgets_the_last_run(state_file):
    rules.write_state({"next": 7, "differing": [3]})
    assert rules.read_state(afresh=False) == {"next": 7, "differing": [3]}
    assert rules.read_state(afresh=True) == {"next": 0, "differing": []}
