"""Strict readers of environment variables: a wrong value stops the start with a sentence."""

import os

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


def text(name, default=None):
    """This function will return the variable as text, or the default; without either it raises."""
    value = os.environ.get(name, "")
    if value:
        return value
    if default is None:
        raise ImproperlyConfigured(f"环境变量 {name} 没有设置，请设置后再启动。")
    return default


def flag(name, default=False):
    """This function will return the variable as a boolean; an unknown spelling raises."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"环境变量 {name} 应为 1 或 0，现在是「{value}」。")


def words(name, default=""):
    """This function will return the variable as a list, split at commas."""
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


def number(name, default):
    """This function will return the variable as a whole number; anything else raises."""
    value = os.environ.get(name, "")
    if not value:
        return default
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"环境变量 {name} 应为整数，现在是「{value}」。")
    return int(value)
