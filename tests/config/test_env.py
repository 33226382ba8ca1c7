import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env

NAME = "LEITAI_TRIAL"


def test_text_returns_the_value_or_the_default(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)
    assert env.text(NAME, "默认") == "默认"
    monkeypatch.setenv(NAME, "值")
    assert env.text(NAME, "默认") == "值"


@pytest.mark.parametrize("value", [None, ""])
def test_text_without_value_or_default_is_refused(monkeypatch, value):
    monkeypatch.delenv(NAME, raising=False)
    if value is not None:
        monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        env.text(NAME)


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("TRUE", True), ("yes", True), ("0", False), ("off", False), ("", False)],
)
def test_flag_reads_the_usual_spellings(monkeypatch, value, expected):
    monkeypatch.setenv(NAME, value)
    assert env.flag(NAME) is expected


def test_flag_with_another_word_is_refused(monkeypatch):
    monkeypatch.setenv(NAME, "maybe")
    with pytest.raises(ImproperlyConfigured, match="maybe"):
        env.flag(NAME)


def test_words_are_split_at_commas_and_trimmed(monkeypatch):
    monkeypatch.setenv(NAME, " a.gov.cn, ,b.gov.cn ")
    assert env.words(NAME) == ["a.gov.cn", "b.gov.cn"]


def test_number_returns_the_value_or_the_default(monkeypatch):
    monkeypatch.delenv(NAME, raising=False)
    assert env.number(NAME, 7) == 7
    monkeypatch.setenv(NAME, "12")
    assert env.number(NAME, 7) == 12


@pytest.mark.parametrize("value", ["-1", "1.5", "二", "²", "1e3"])
def test_number_that_is_not_whole_is_refused(monkeypatch, value):
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=NAME):
        env.number(NAME, 7)
