"""The arithmetic of formula rules: numbers, names, + − * / ( ), min, max, abs. Never Python's eval.

sum     = product (("+" | "-") product)*
product = signed (("*" | "/") signed)*
signed  = "-" signed | atom
atom    = number | name | function "(" sum ("," sum)* ")" | "(" sum ")"
"""

from __future__ import annotations

import re
from fractions import Fraction

TOKEN = re.compile(r"\s*(?:([0-9]+(?:\.[0-9]+)?)|([a-z][a-z0-9_]*)|([-+*/(),]))")
FUNCTIONS = {"min": min, "max": max, "abs": abs}
DEEPEST = 40
LONGEST = 500


class ExpressionError(ValueError):
    """An expression that cannot be read; the message says what and where, in Chinese."""


def parse(text: str):
    """This function will read an expression into a tree of tuples, or raise ExpressionError."""
    if len(text) > LONGEST:
        raise ExpressionError(f"算式超过 {LONGEST} 个字符，请精简。")
    parser = _Parser(text)
    tree = parser.sum(0)
    if parser.next is not None:
        raise ExpressionError(f"算式在「{parser.next}」处不能理解，请检查运算符和括号。")
    return tree


def names_in(tree) -> set[str]:
    """This function will return the names that an expression uses."""
    if tree[0] == "name":
        return {tree[1]}
    if tree[0] == "number":
        return set()
    return set().union(*(names_in(part) for part in tree[2]))


def evaluate(tree, values: dict[str, Fraction]) -> Fraction:
    """This function will compute the expression exactly; ZeroDivisionError, KeyError."""
    kind, what = tree[0], tree[1]
    if kind == "number":
        return what
    if kind == "name":
        return values[what]
    parts = [evaluate(part, values) for part in tree[2]]
    if kind == "call":
        return FUNCTIONS[what](*parts)
    if what == "neg":
        return -parts[0]
    left, right = parts
    if what == "+":
        return left + right
    if what == "-":
        return left - right
    return left * right if what == "*" else left / right


class _Parser:
    def __init__(self, text):
        self.nexts = []
        text = text.replace("×", "*").replace("÷", "/").replace("−", "-")
        text = text.replace("（", "(").replace("）", ")").rstrip()
        position = 0
        while position < len(text):
            match = TOKEN.match(text, position)
            if match is None:
                raise ExpressionError(
                    f"算式中的「{text[position : position + 10]}」不能理解，请改正。"
                )
            self.nexts.append(match.group().strip())
            position = match.end()
        self.position = 0

    @property
    def next(self):
        return self.nexts[self.position] if self.position < len(self.nexts) else None

    def take(self, wanted=None):
        word = self.next
        if word is None or (wanted is not None and word != wanted):
            shown = "算式末尾" if word is None else f"「{word}」处"
            raise ExpressionError(f"算式在{shown}缺少{f'「{wanted}」' if wanted else '数或名称'}。")
        self.position += 1
        return word

    def sum(self, depth):
        if depth > DEEPEST:
            raise ExpressionError("算式的括号过多，请化简。")
        tree = self.product(depth)
        while self.next in ("+", "-"):
            operator = self.take()
            tree = ("op", operator, (tree, self.product(depth)))
        return tree

    def product(self, depth):
        tree = self.signed(depth)
        while self.next in ("*", "/"):
            operator = self.take()
            tree = ("op", operator, (tree, self.signed(depth)))
        return tree

    def signed(self, depth):
        if depth > DEEPEST:
            raise ExpressionError("算式的括号过多，请化简。")
        if self.next == "-":
            self.take()
            return ("op", "neg", (self.signed(depth + 1),))
        return self.atom(depth)

    def atom(self, depth):
        word = self.take()
        if word == "(":
            tree = self.sum(depth + 1)
            self.take(")")
            return tree
        if word[0].isdigit():
            return ("number", Fraction(word))
        if not word[0].isalpha():
            raise ExpressionError(f"算式在「{word}」处缺少数或名称。")
        if self.next != "(":
            if word in FUNCTIONS:
                raise ExpressionError(f"「{word}」后面缺少括号。")
            return ("name", word)
        if word not in FUNCTIONS:
            raise ExpressionError(f"算式不认识函数「{word}」，可用 min、max、abs。")
        self.take("(")
        parts = [self.sum(depth + 1)]
        while self.next == ",":
            self.take()
            parts.append(self.sum(depth + 1))
        self.take(")")
        if (word == "abs") != (len(parts) == 1):
            raise ExpressionError(f"函数「{word}」的参数个数不对。")
        return ("call", word, tuple(parts))


def divides(tree) -> bool:
    """This function will say whether the expression contains a division."""
    if tree[0] in ("name", "number"):
        return False
    return tree[1] == "/" or any(divides(part) for part in tree[2])
