"""Many mutations in one program: each place holds both texts, and a number chooses at run time.

A mutation becomes `(mutant() == 7 ? (broken) : (true))`, or an `if` around whole statements. Where
no way compiles, it is compiled by itself (mutate.py).
"""

import dataclasses
import re

TOKEN = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])'|//[^\n]*|[A-Za-z_]\w*|\d[\w'.]*|\s+|.",
                   re.S)
OPEN, CLOSE = "([{", ")]}"
DECLARATION = re.compile(r"^(?:const |constexpr |static |auto\b|struct |(?!return\b|case\b|else\b|"
                         r"delete\b|goto\b)[A-Za-z_][\w:]*(?:<[^;=]*>)?[&*]? +[A-Za-z_]\w*[ ;({=])")
PRELUDE = "namespace twinsock_mutation { bool is(int number); }\n"


@dataclasses.dataclass
class Choice:
    """A span of the true text, and what stands there instead."""
    begin: int
    end: int
    instead: str
    whole: bool  # statements, not an expression

    def crosses(self, begin, end, whole):
        if (begin, end) == (self.begin, self.end):
            return whole != self.whole
        return begin < self.begin < end < self.end or self.begin < begin < self.end < end


def tokens_of(text):
    return [(match.group(), match.start()) for match in TOKEN.finditer(text)]


def balanced(text):
    depth = 0
    for token, _ in tokens_of(text):
        depth += (token in OPEN) - (token in CLOSE)
        if depth < 0:
            return False
    return depth == 0


def lists_several(text):
    depth = 0
    for token, _ in tokens_of(text):
        depth += (token in OPEN) - (token in CLOSE)
        if token == "," and depth == 0:
            return True
    return False


def after_block(text, at):
    """Behind the bracket that closes the one at `at`."""
    depth = 0
    for token, begin in tokens_of(text[at:]):
        depth += (token in OPEN) - (token in CLOSE)
        if depth == 0:
            return at + begin + len(token)
    raise ValueError("a bracket is not closed")


def skip_space(text, at):
    return at + re.match(r"(?:\s|//[^\n]*)*", text[at:]).end()


def statement_end(text, at):
    at = skip_space(text, at)
    word = re.match(r"[a-z]*", text[at:]).group()
    if text[at] == "{":
        return after_block(text, at)
    if word in ("if", "while", "for", "switch"):
        end = statement_end(text, after_block(text, text.index("(", at)))
        behind = skip_space(text, end)
        if word == "if" and re.match(r"else\b", text[behind:]):
            return statement_end(text, behind + 4)
        return end
    for token, begin in tokens_of(text[at:]):
        if at + begin >= at and token == ";":
            return at + begin + 1
        if token in OPEN:
            rest = after_block(text, at + begin)
            return statement_end_after(text, rest)
    raise ValueError("a statement does not end")


def statement_end_after(text, at):
    for token, begin in tokens_of(text[at:]):
        if token == ";":
            return at + begin + 1
        if token in OPEN:
            return statement_end_after(text, after_block(text, at + begin))
        if token in CLOSE:
            break
    raise ValueError("a statement does not end")


def declares(text):
    """Whether a name in it may be wanted behind it, or whether a label stands in it."""
    at = skip_space(text, 0)
    while at < len(text):
        if DECLARATION.match(text[at:]) or re.match(r"(?:case|default|else)\b", text[at:]):
            return True
        try:
            at = skip_space(text, statement_end(text, at))
        except (ValueError, IndexError):
            return True
    return False


def difference(text, begin, end, instead):
    """The smallest span of whole tokens that differs, and its replacement."""
    old, new = tokens_of(text[begin:end]), tokens_of(instead)
    old = [(token, at) for token, at in old if not token.isspace()]
    new = [(token, at) for token, at in new if not token.isspace()]
    front = 0
    while front < min(len(old), len(new)) and old[front][0] == new[front][0]:
        front += 1
    back = 0
    while back < min(len(old), len(new)) - front and old[-1 - back][0] == new[-1 - back][0]:
        back += 1
    left = begin + old[front][1] if front < len(old) else end
    right = begin + old[-back][1] if back else end
    new_left = new[front][1] if front < len(new) else len(instead)
    new_right = new[-back][1] if back else len(instead)
    return left, max(left, right), instead[new_left:max(new_left, new_right)]


def expression_around(text, begin, end, instead):
    tokens = tokens_of(text)
    depth, left = 0, None
    for index in range(len(tokens) - 1, -1, -1):
        token, at = tokens[index]
        if at >= begin:
            continue
        if token in CLOSE:
            depth += 1
        elif token in OPEN and depth:
            depth -= 1
        elif depth == 0:
            is_set = token == "=" and text[at - 1] not in "=!<>" and text[at + 1] != "="
            if token in ("(", ",", "[", "return", ":") or is_set:
                if token == ":" and (text[at - 1] == ":" or text[at + 1] == ":"):
                    continue
                left = at + len(token)
                break
            if token in (";", "{", "}", "?"):
                return None
    depth, right = 0, None
    for token, at in tokens:
        if at < end:
            continue
        if token in OPEN:
            depth += 1
        elif token in CLOSE and depth:
            depth -= 1
        elif depth == 0 and token in (")", ",", "]", ";", "}"):
            right = at
            break
    if left is None or right is None:
        return None
    whole = text[left:begin] + instead + text[end:right]
    if not whole.strip() or ";" in text[left:right] + whole or not balanced(whole):
        return None
    if lists_several(whole) or lists_several(text[left:right]):
        return None  # (a, b) would be b
    return Choice(left, right, whole.strip(), False)


def statements_around(text, begin, end, instead):
    depth, left = 0, None
    for token, at in reversed(tokens_of(text[:begin])):
        if token in CLOSE and token != "}":
            depth += 1
        elif token in OPEN and depth:
            depth -= 1
        elif depth == 0 and token in (";", "{", "}"):
            left = at + 1
            break
    if left is None:
        return None
    left, right = skip_space(text, left), skip_space(text, left)
    while right < end:
        right = statement_end(text, right)
    whole = text[left:begin] + instead + text[end:right]
    if not balanced(whole) or declares(text[left:right]):
        return None
    return Choice(left, right, whole, True)


def choices(text, begin, end, instead):
    """The ways to hold a mutation beside the true text, the best first."""
    found = []
    try:
        small = difference(text, begin, end, instead)
        found.append(expression_around(text, *small))
        old = text[begin:end]
        if balanced(old) and balanced(instead) and old.rstrip()[-1] in ";}" and not declares(old):
            found.append(Choice(begin, end, instead, True))
        found.append(statements_around(text, *small))
    except (ValueError, IndexError):
        pass
    return [choice for choice in found if choice is not None]


class Schema:
    """One file with several mutations: {number: choices still to be tried}."""

    def __init__(self, text, mutations):
        self.text = text
        self.left = {}
        for number, (begin, end, instead) in mutations.items():
            self.left[number] = choices(text, begin, end, instead)
        self.lines = []  # of each line of the last rendering: the innermost number, or None

    def single(self, numbers):
        return sorted(set(numbers) - {n for n in self.left if self.left[n]})

    def render(self):
        """The file's text; overlapping mutations that cannot stay go to their next choice."""
        spans = {}
        for number in sorted(self.left):
            while self.left[number]:
                choice = self.left[number][0]
                crossing = any(choice.crosses(a, b, whole) for a, b, whole in spans)
                if not crossing:
                    spans.setdefault((choice.begin, choice.end, choice.whole), []).append(number)
                    break
                self.left[number].pop(0)
        ordered = sorted(spans, key=lambda span: (span[0], -span[1]))
        text = self.render_span(0, len(self.text), ordered, spans)
        text = PRELUDE + text
        self.note_lines(text)
        return re.sub(r"\x01\d+\x02|\x03", "", text)

    def render_span(self, begin, end, ordered, spans):
        out, at = [], begin
        for span in ordered:
            if span[0] < at or span[1] > end:
                continue
            inner = [s for s in ordered if s != span and s[0] >= span[0] and s[1] <= span[1]]
            true = self.render_span(span[0], span[1], inner, spans)
            for number in reversed(spans[span]):
                instead = self.left[number][0].instead
                is_it = f"twinsock_mutation::is({number})"
                if span[2]:
                    true = (f"\n\x01{number}\x02if ({is_it}) {{ {instead}\n }} else {{ {true}\n }}"
                            f"\x03\n")
                else:
                    true = f"\n\x01{number}\x02({is_it} ? ({instead}) : ({true}))\x03\n"
            out += [self.text[at:span[0]], true]
            at = span[1]
        out.append(self.text[at:end])
        return "".join(out)

    def note_lines(self, text):
        self.lines, open_ones = [], []
        for line in text.split("\n"):
            here = open_ones[-1] if open_ones else None
            for mark in re.finditer(r"\x01(\d+)\x02|\x03", line):
                if mark.group(1):
                    open_ones.append(int(mark.group(1)))
                    here = open_ones[-1]
                else:
                    open_ones.pop()
            self.lines.append(here)

    def drop(self, messages, file):
        """Moves those on whose lines the compiler found errors on; False: it can blame none."""
        blamed = set()
        for line in re.findall(re.escape(file) + r":(\d+):\d+: (?:fatal )?error", messages):
            at = int(line) - 1
            while at >= 0 and self.lines[at] is None:
                at -= 1  # a name that it hid: the last one before
            if at >= 0:
                blamed.add(self.lines[at])
        for number in blamed:
            if self.left.get(number):
                self.left[number].pop(0)
        return bool(blamed)
