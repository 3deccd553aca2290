"""Whether the templates and a behaviour suite are disjoint.

Three rules, each over all texts and variants of the suite, lower case, without punctuation and emoji ("an" counts as "a"):

1. No five words in a row of a suite text, and no whole text of fewer words, can be made by any frame, whatever fills its slots.
   Frames are compared as one automaton in which every use of a word list shares that list, so that it also accepts some word
   sequences that no frame makes: the rule is stricter than needed, never laxer.
2. No word of the opinion lists (OPINIONS) occurs in a suite text, in any inflection that `stem` knows, except
   the words of `plain.txt`, which carry no opinion by themselves.
3. No frame and no other list holds a word of `reserved.txt`, the words on which the suite's opinions hang; and each of these occurs in the suite.

Emoji and emoticons are a closed list and are shared. Misspelling and capitals are put on texts after these rules.
"""

import json
import os
import re

from grammar import CHOICE, SLOT, TWIN, lines_of

WORD = re.compile(r"[^\W_]+(?:'(?!s\b)[a-z]+)?|'s")
LENGTH = 5
OPINIONS = ("adj", "who", "comp", "sup", "adv", "noun", "mass", "mood", "clause")
OPINIONS += ("do", "does", "did", "doing", "act", "acts", "acted", "acting")
# Lists that rule 3 leaves out: what is judged, degrees ("awfully"), and marks.
UNJUDGED = ("thing", "part", "very", "slightly", "emoji")
ENDINGS = ("ingly", "edly", "ings", "ing", "ied", "ies", "ed", "ly", "es", "er", "est", "s", "e", "y")


def words(text):
    found = WORD.findall(text.lower().replace("’", "'"))
    return ["a" if word == "an" else word for word in found]


def stem(word):
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def suite_texts(directory):
    """(place, text) of every text and variant."""
    for name in sorted(os.listdir(directory)):
        if not name.endswith(".jsonl"):
            continue
        with open(os.path.join(directory, name), encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                case = json.loads(line)
                for text in [case["text"], *case.get("variants", []), *filter(None, [case.get("variant")])]:
                    yield f"{name}:{number}", text


class Automaton:
    """Word sequences that the frames can make, and some more: see rule 1."""

    def __init__(self, grammar):
        self.grammar = grammar
        self.edges = {}
        self.empty = {}
        self.count = 0
        self.symbols = {}
        self.closures = {}
        start, end = self.node(), self.node()
        for text in dict.fromkeys(frame.text for frames in grammar.frames.values() for frame in frames):
            self.add(text, start, end)
        # A neutral remark may come before any frame and after it.
        self.add("{neutral}", end, start)

    def node(self):
        self.count += 1
        return self.count

    def add(self, text, start, end):
        """Ways from `start` to `end`: choices and twins divide, slots lead through their list."""
        match = TWIN.search(text) or CHOICE.search(text) or SLOT.search(text)
        if not match:
            for word in words(text):
                after = self.node()
                self.edges.setdefault(word, {}).setdefault(start, []).append(after)
                start = after
            self.empty.setdefault(start, []).append(end)
            return
        left, right = self.node(), self.node()
        self.add(text[: match.start()], start, left)
        if match.re is SLOT:
            entry, leave = self.symbol(match[1])
            self.empty.setdefault(left, []).append(entry)
            self.empty.setdefault(leave, []).append(right)
        else:
            for option in match.groups() if match.re is TWIN else match[1].split("|"):
                self.add(option, left, right)
        self.add(text[match.end() :], right, end)

    def symbol(self, slot):
        if slot not in self.symbols:
            self.symbols[slot] = (self.node(), self.node())
            for entry in self.grammar.entries(slot):
                self.add(entry, *self.symbols[slot])
        return self.symbols[slot]

    def closure(self, node):
        if node not in self.closures:
            found, waiting = {node}, [node]
            while waiting:
                for after in self.empty.get(waiting.pop(), ()):
                    if after not in found:
                        found.add(after)
                        waiting.append(after)
            self.closures[node] = frozenset(found)
        return self.closures[node]

    def makes(self, sequence):
        """Whether the words can stand in a row."""
        places = None
        for word in sequence:
            edges = self.edges.get(word, {})
            if places is None:
                ends = {after for afters in edges.values() for after in afters}
            else:
                ends = {after for place in places if place in edges for after in edges[place]}
            if not ends:
                return False
            places = set().union(*(self.closure(end) for end in ends))
        return True


def violations(grammar, directory):
    """A line for each breach of a rule."""
    texts = list(suite_texts(directory))
    stems = {}
    for place, text in texts:
        for word in words(text):
            stems.setdefault(stem(word), f"{place} ({word})")
    yield from shared_sequences(Automaton(grammar), texts)
    yield from shared_words(grammar, stems)
    yield from reserved_words(grammar, stems)


def shared_sequences(automaton, texts):
    seen = set()
    for place, text in texts:
        found = words(text)
        for start in range(max(1, len(found) - LENGTH + 1)) if found else ():
            sequence = tuple(found[start : start + LENGTH])
            if sequence in seen:
                continue
            seen.add(sequence)
            if automaton.makes(sequence):
                yield f"{place}: frames can make \"{' '.join(sequence)}\""


def shared_words(grammar, stems):
    plain = {stem(word) for _, line in lines_of("plain.txt") for word in words(line)}
    for slot in OPINIONS:
        for polarity in "+-":
            for entry in grammar.entries(slot + polarity):
                for word in words(entry):
                    if stem(word) in stems and stem(word) not in plain:
                        yield f"{slot}{polarity} \"{entry}\": the suite has \"{word}\", {stems[stem(word)]}"


def reserved_words(grammar, stems):
    reserved = {}
    for place, line in lines_of("reserved.txt"):
        for word in words(line):
            reserved[stem(word)] = word
            if stem(word) not in stems:
                yield f"{place}: \"{word}\" does not occur in the suite"
    texts = [frame.text for frames in grammar.frames.values() for frame in frames]
    texts += [text for slot in grammar.slots() if slot.rstrip("+-") not in OPINIONS + UNJUDGED for text in grammar.entries(slot)]
    for text in dict.fromkeys(texts):
        for word in words(SLOT.sub(" ", text)):
            if stem(word) in reserved:
                yield f"frame \"{text}\": holds the suite's opinion word \"{word}\""
