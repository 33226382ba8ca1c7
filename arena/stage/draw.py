"""The draw: an order that anybody can work out again by hand.

Every entrant's line is the seed, a bar and the entrant's key: `seed|e01`. The SHA-256 digests of
these lines (UTF-8, without a line end), written in hexadecimal and sorted as text, are the order.
On any Linux machine: printf '%s' 'seed|e01' | sha256sum; on Windows see powershell_command.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

LONGEST_SEED = 200


@dataclass(frozen=True)
class Lot:
    """One entrant's lot: its line and the digest of the line."""

    key: str
    line: str
    digest: str

    @property
    def command(self) -> str:
        """What computes the digest on a Linux machine."""
        return f"printf '%s' '{self.line}' | sha256sum"


def powershell_command(seed: str, keys) -> str:
    """This function will return one line for the PowerShell of a Windows machine that lists the
    digests of all keys in the drawn order. What tidy_seed lets through stands safely in it."""
    named = ",".join(f"'{key}'" for key in keys)
    return (
        f"$h=[Security.Cryptography.SHA256]::Create(); {named} | % {{ "
        f"([BitConverter]::ToString($h.ComputeHash([Text.Encoding]::UTF8.GetBytes('{seed}|'+$_)))"
        " -replace '-','').ToLower()+' '+$_ } | sort"
    )


def tidy_seed(text: str) -> str:
    """This function will return the seed with single spaces; ValueError when it is empty, too long,
    or holds a quotation mark or control character, which could not be typed again reliably."""
    seed = " ".join(text.split())
    if not seed:
        raise ValueError("请填写种子。")
    if len(seed) > LONGEST_SEED:
        raise ValueError(f"种子不能超过 {LONGEST_SEED} 个字，请缩短。")
    if any(letter in "'\"`\\|" or not letter.isprintable() for letter in seed):
        raise ValueError("种子里不能有引号、竖线、反斜线或控制字符，否则别人无法照样验算。")
    return seed


def draw_lots(seed: str, keys) -> list[Lot]:
    """This function will return the lots of all entrants in the drawn order. The order in which the
    keys are given does not matter; a repeated key is a ValueError."""
    keys = list(keys)
    if len(set(keys)) != len(keys):
        raise ValueError("参加抽签的单位重复。")
    lots = []
    for key in keys:
        line = f"{seed}|{key}"
        lots.append(Lot(key, line, hashlib.sha256(line.encode()).hexdigest()))
    return sorted(lots, key=lambda lot: lot.digest)
