"""What is wrong with a bundle, in full Chinese sentences that say where."""

MOST_SHOWN = 100


class BundleError(ValueError):
    """A bundle that cannot be read; `problems` lists every reason, at most a hundred."""

    def __init__(self, *problems):
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


class Problems(list):
    """A list of sentences that grows to a hundred and then only counts."""

    left_out = 0

    def add(self, sentence):
        """This function will note a sentence."""
        if len(self) < MOST_SHOWN:
            self.append(sentence)
        else:
            self.left_out += 1

    def all(self):
        """This function will return the sentences, the last saying how many were left out."""
        return [*self, f"另有 {self.left_out} 处以上没有列出。"] if self.left_out else list(self)

    def refuse(self):
        """This function will raise BundleError when there is any."""
        if self:
            raise BundleError(*self.all())


def shown(text, longest=60):
    """This function will return text of a stranger fit to be shown: one line, no control
    characters, not long."""
    text = str(text)
    text = "".join(char if char.isprintable() else "�" for char in text[: longest + 1])
    return text if len(text) <= longest else text[:longest] + "…"
