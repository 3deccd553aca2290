"""The word lists and frames of tools/zoo/behaviour-templates, read from the files beside this one."""

import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SLOT = re.compile(r"\{([a-z]+[+-]?)\}")
# "(a|b|)": one of these, at random. "<a~b>": a in the text, b in its twin, which has the other label.
CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
TWIN = re.compile(r"<([^<>~]*)~([^<>~]*)>")
OPPOSITE = {"+": "-", "-": "+"}
LABELS = {"+": "positive", "-": "negative"}


def fail(message):
    sys.exit(f"behaviour-templates: {message}")


def mirrored(text):
    """`text` with every slot of one polarity turned into that of the other."""
    return SLOT.sub(lambda m: "{" + m[1][:-1] + OPPOSITE[m[1][-1]] + "}" if m[1][-1] in "+-" else m[0], text)


def inflected(entry):
    """The four forms of a verb: "slam/slams/slammed/slamming", or a regular one, of whose words the first changes."""
    if "/" in entry:
        return entry.split("/")
    verb, space, rest = entry.partition(" ")
    consonant_y = re.search(r"[^aeiou]y$", verb)
    present = verb[:-1] + "ies" if consonant_y else verb + ("es" if re.search(r"(s|x|z|ch|sh)$", verb) else "s")
    past = verb[:-1] + "ied" if consonant_y else verb + ("d" if verb.endswith("e") else "ed")
    going = re.sub(r"e$", "", verb) + "ing"
    return [form + space + rest for form in (verb, present, past, going)]


def lines_of(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            line = line.rstrip("\n")
            if line and not line.startswith("# "):
                yield f"{name}:{number}", line


def sections(name, separator):
    """Section name to its entries, in order; `separator` divides the entries of a line, None for one a line."""
    found, current = {}, None
    for place, line in lines_of(name):
        if line.startswith("["):
            current = found.setdefault(line[1:-1], [])
        elif current is None:
            fail(f"{place}: an entry before the first [section]; add one")
        else:
            current.extend(entry.strip() for entry in (line.split(separator) if separator else [line]))
    return found


class Frame:
    """A text with slots, and its label, '+' or '-'."""

    def __init__(self, text, label):
        self.text = text
        self.label = label


class Grammar:
    """`common`: slot name to entries that fit anything. `domains`: domain to slot name to entries. `frames`: capability to
    frames. An entry of `say`, `sum` and the like may hold slots itself."""

    def __init__(self):
        self.common = {}
        self.domains = {}
        self.frames = {}
        for name, entries in sections("opinions.txt", ", ").items():
            self.common[name] = [entry.rstrip(",") for entry in entries]
        for polarity in "+-":
            # What people do to a thing, and what it does.
            for name, forms in (("verb", ("do", "does", "did", "doing")), ("act", ("act", "acts", "acted", "acting"))):
                verbs = [inflected(entry) for entry in self.common.pop(name + polarity)]
                self.common |= {form + polarity: list(words) for form, words in zip(forms, zip(*verbs))}
            self.common["sup" + polarity] = [entry[:-1] + "st" for entry in self.common["comp" + polarity]]
        self.common.update(sections("words.txt", "; "))
        self.read_sentences()
        self.read_domains()
        for file in sorted(os.listdir(os.path.join(HERE, "frames"))):
            self.frames[file.removesuffix(".txt")] = list(self.read_frames("frames/" + file))

    def read_sentences(self):
        found = sections("sentences.txt", None)
        for name in [name for name in found if " " not in name]:
            if "+}" not in "".join(found[name]):
                self.common[name] = found[name]
                continue
            for polarity in "+-":
                texts = found[name] if polarity == "+" else [mirrored(text) for text in found[name]]
                self.common[name + polarity] = texts + found.get(f"{name}{polarity} only", [])

    def read_domains(self):
        current = None
        for place, line in lines_of("domains.txt"):
            if line.startswith("[domain "):
                current = self.domains.setdefault(line[8:-1], {})
                continue
            name, _, entries = line.partition(": ")
            if current is None or not entries:
                fail(f"{place}: expected [domain NAME] or SLOT: entries")
            current.setdefault(name, []).extend(entries.split("; " if name.startswith("clause") else ", "))
        for polarity in "+-":
            # People are judged as those who serve.
            self.common["who" + polarity] = self.domains["service"]["adj" + polarity]

    def read_frames(self, name):
        for place, line in lines_of(name):
            match = re.match(r"([+-])(~?) (.+)$", line)
            if not match:
                fail(f"{place}: a frame starts with +, -, +~ or -~ and a space")
            for slot in SLOT.findall(match[3]):
                if not all(map(self.entries, (slot, mirrored("{%s}" % slot)[1:-1]))):
                    fail(f"{place}: there is no word list for the slot {{{slot}}}")
            yield Frame(match[3], match[1])
            if match[2]:
                yield Frame(mirrored(match[3]), OPPOSITE[match[1]])

    def entries(self, slot):
        """Everything that may fill a slot, in any domain."""
        found = list(self.common.get(slot, []))
        for domain in self.domains.values():
            found += domain.get(slot, [])
        return found

    def slots(self):
        return dict.fromkeys(slot for lists in (self.common, *self.domains.values()) for slot in lists)
