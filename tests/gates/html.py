"""What is wrong with a page's HTML: what a strict parser says, ids twice, inputs without a name."""

from collections import Counter
from typing import Any

import html5lib

# The parser knows HTML of 2014: what the standard allows since then is no fault.
ALLOWED = {"non-void-element-with-trailing-solidus"}
_SPOKEN_BY = ("aria-label", "aria-labelledby", "title")
_BLOCKS = {
    "address",
    "div",
    "dl",
    "fieldset",
    "form",
    "h1",
    "h2",
    "h3",
    "ol",
    "p",
    "section",
    "table",
    "ul",
}
_MUTE_KINDS = {"hidden", "submit", "button", "image", "reset"}


def faults_of(page: str) -> list[str]:
    """Return what is wrong, in words; an empty list for a sound page, or a sound part of one."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    is_whole = page.lstrip().lower().startswith("<!doctype")
    tree = parser.parse(page) if is_whole else parser.parseFragment(page)
    found = [
        f"line {at[0]}: {code} {facts}" for at, code, facts in parser.errors if code not in ALLOWED
    ]
    found += _twice(tree) + _unnamed(tree) + _without_words(tree) + _misplaced(tree)
    if is_whole:
        found += _dangling(tree)
        found += [] if tree.findtext("head/title", "").strip() else ["no title"]
    return found


def _twice(tree: Any) -> list[str]:
    counts = Counter(one.get("id") for one in tree.iter() if _is_element(one) and one.get("id"))
    return [f"the id {name!r} {count} times" for name, count in counts.items() if count > 1]


def _dangling(tree: Any) -> list[str]:
    """Return references to ids that are not there."""
    elements = [one for one in tree.iter() if _is_element(one)]
    known = {one.get("id") for one in elements}
    told = []
    for one in elements:
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            missing = [ref for ref in (one.get(name) or "").split() if ref not in known]
            told += [f"<{one.tag} {name}={ref!r}> leads to nothing" for ref in missing]
    return told


def _unnamed(tree: Any) -> list[str]:
    """Return inputs that nobody can tell apart by ear."""
    labelled = {one.get("for") for one in tree.iter("label")}
    inside = {id(below) for one in tree.iter("label") for below in one.iter()}
    told = []
    for kind in ("input", "select", "textarea"):
        for one in tree.iter(kind):
            is_mute = kind == "input" and one.get("type", "text") in _MUTE_KINDS
            is_named = (
                one.get("id") in labelled or id(one) in inside or any(map(one.get, _SPOKEN_BY))
            )
            if not is_mute and not is_named:
                told.append(f"<{kind} name={one.get('name')!r}> has no label")
    return told


def _without_words(tree: Any) -> list[str]:
    told = [
        f"<img src={one.get('src')!r}> has no alt"
        for one in tree.iter("img")
        if one.get("alt") is None
    ]
    for one in [*tree.iter("button"), *tree.iter("a")]:
        words = "".join(one.itertext()).strip()
        pictures = [below.get("alt") for below in one.iter("img")]
        if not words and not any(pictures) and not any(map(one.get, _SPOKEN_BY)):
            told.append(f"<{one.tag} href={one.get('href')!r}> says nothing")
    return told


def _misplaced(tree: Any) -> list[str]:
    """Return blocks inside what only holds words."""
    return [
        f"<{below.tag}> inside <{kind}>"
        for kind in ("span", "b", "i", "small", "label", "button", "h1", "h2", "h3")
        for one in tree.iter(kind)
        for below in one.iter()
        if below.tag in _BLOCKS and below is not one
    ]


def _is_element(one: Any) -> bool:
    return isinstance(one.tag, str)
