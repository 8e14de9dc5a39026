"""Reads the data files of the engine (rules, forms, lexicons) strictly; used when the package is built and for team files.

What is wrong in a file is named with the file, the line and the field.
"""

from __future__ import annotations

import os
import re
from typing import Any

from amends.core.errors import InputError
from amends.core.files import load_strict, read_toml
from amends.core.people import AUDIENCES
from amends.language.detectors import DETECTORS
from amends.language.detectors.words import SHARED
from amends.language.features import FEATURES
from amends.language.forms import Form, FormMove
from amends.language.labels import FLAWS, MOVES, SEVERITIES
from amends.language.rules import Rule

_LEVEL = (*SEVERITIES, "off")
_MESSAGE = {"text": str, "form?": str, "audience?": str, "at?": str, "tz?": str, "finds?": [str]}
_RULE: dict[str, object] = {
    "id": str,
    "title": str,
    "severity": SEVERITIES,
    "message": str,
    "why": str,
    "source": str,
    "flaw?": FLAWS,
    "move?": MOVES,
    "confidence?": float,
    "weight?": int,
    "suggest?": [str],
    "edits?": [{"label": str, "replace": str}],
    "audiences?": [AUDIENCES],
    "forms?": [str],
    "severity_for?": {"*": _LEVEL},
    "switch?": str,
    "detector?": tuple(DETECTORS),
    "pattern?": str,
    "anchors?": [str],
    "phrases?": [str],
    "unless?": [str],
    "mark?": [str],
    "hits": [(str, _MESSAGE)],
    "misses": [(str, _MESSAGE)],
}
_MOVE = {
    "move": MOVES,
    "need": (*SEVERITIES, "optional"),
    "question": str,
    "stub": str,
    "prompt": str,
    "condition?": ("next-update", "timed"),
    "counts?": [str],
    "empty?": [str],
}
_EXAMPLE = {"text": str, "audience?": str, "at?": str, "tz?": str, "findings?": [str]}
_FORM: dict[str, object] = {
    "id": str,
    "title": str,
    "purpose": str,
    "source": str,
    "audience": AUDIENCES,
    "person?": ("i", "we", "either"),
    "ordered?": _LEVEL,
    "moves": [_MOVE],
    "limits?": [{"what": str, "most": int, "severity": SEVERITIES}],
    "off?": [str],
    "severities?": {"*": _LEVEL},
    "template": str,
    "signs?": [{"weight": float, "phrases": [str]}],
    "labels?": {"*": float},
    "good": [_EXAMPLE],
    "bad": [_EXAMPLE],
}
_CUE = {"name": str, "weight": float, "phrases": [str], "also?": {"*": float}}
_LEXICON: dict[str, object] = {"move": MOVES, "bias": float, "labels?": {"*": float}, "features?": {"*": float}, "cues?": [_CUE]}


def read_rule(path: str) -> tuple[Rule, list[str], list[str]]:
    """A rule, its phrases, and the phrases that excuse it.

    Raises:
        InputError: the file is not a rule; names the line and the field.
    """
    data: dict[str, Any] = load_strict(path, _RULE)
    _require_own_name(path, data["id"])
    phrases, unless = data.pop("phrases", []), data.pop("unless", [])
    if sum(bool(way) for way in (phrases, data.get("pattern"), data.get("detector"))) == 0:
        raise InputError("a rule needs phrases, a pattern or a detector", hint="add one of them", path=path, field="phrases")
    if data.get("pattern") and not data.get("anchors"):
        raise InputError(
            "a pattern needs anchors, the words without which it is not tried", hint='add anchors = ["…"]', path=path, field="anchors"
        )
    rule = Rule(
        **{
            **data,
            "edits": tuple((edit["label"], edit["replace"]) for edit in data.get("edits", ())),
            "severity_for": tuple(sorted(data.get("severity_for", {}).items())),
            **{name: tuple(data.get(name, ())) for name in ("suggest", "audiences", "forms", "anchors", "mark", "hits", "misses")},
            "path": path,
        }
    )
    return rule, phrases, unless


def read_form(path: str) -> tuple[Form, list[tuple[float, list[str]]], dict[str, float], list[dict[str, Any]], list[dict[str, Any]]]:
    """A form, its signs as (weight, phrases), its labels, its good messages and its bad ones.

    Raises:
        InputError: the file is not a form; names the line and the field.
    """
    data: dict[str, Any] = load_strict(path, _FORM)
    _require_own_name(path, data["id"])
    signs = [(sign["weight"], sign["phrases"]) for sign in data.pop("signs", [])]
    labels, good, bad = data.pop("labels", {}), data.pop("good"), data.pop("bad")
    form = Form(
        **{
            **data,
            "moves": tuple(FormMove(**{**move, **_evidence(move, path)}) for move in data["moves"]),
            "limits": tuple((limit["what"], limit["most"], limit["severity"]) for limit in data.get("limits", ())),
            "off": tuple(data.get("off", ())),
            "severities": tuple(sorted(data.get("severities", {}).items())),
            "path": path,
        }
    )
    return form, signs, labels, good, bad


def _require_own_name(path: str, name: str) -> None:
    """A rule or form is named like its file, so that two of one name cannot stand side by side."""
    if os.path.basename(path) != f"{name}.toml":
        raise InputError(f"the id {name!r} is not the name of the file", hint=f"rename the file to {name}.toml", path=path, field="id")


def _evidence(move: dict[str, Any], path: str) -> dict[str, str]:
    """The patterns of a form's move, each list as one pattern with the shared ones in their places."""
    found: dict[str, str] = {}
    for name in ("counts", "empty"):
        if name in move:
            try:
                found[name] = "|".join(re.sub(r"\{([a-z-]+)\}", lambda place: SHARED[place[1]], one) for one in move[name])
                re.compile(found[name])
            except (KeyError, re.error) as error:
                hint = f"shared patterns: {', '.join(SHARED)}"
                raise InputError(
                    f"a pattern of {move['move']} cannot be read: {error}", hint=hint, path=path, field=f"moves.{name}"
                ) from error
    return found


def read_lexicon(path: str) -> dict[str, Any]:
    """The evidence for one move: bias, labels, features and cues with what each is believed to be worth in log-odds.

    Raises:
        InputError: the file is not a move lexicon, or names a feature that no sentence has.
    """
    data: dict[str, Any] = load_strict(path, _LEXICON)
    for name in data.get("features", {}):
        if name not in FEATURES:
            raise InputError(
                f"no sentence has a feature {name!r}", hint=f"known: {', '.join(FEATURES)}", path=path, field=f"features.{name}"
            )
    for cue in data.get("cues", ()):
        for name in cue.get("also", {}):
            if name not in MOVES:
                raise InputError(f"unknown move {name!r}", hint=f"known: {', '.join(MOVES)}", path=path, field="cues.also")
    return data


def read_classes(path: str) -> dict[str, list[str]]:
    """The word classes, each a list of words.

    Raises:
        InputError: the file is not TOML, or a class is no text of words.
    """
    data, _ = read_toml(path)
    classes = data.get("classes")
    if not isinstance(classes, dict) or not all(isinstance(words, str) for words in classes.values()):
        raise InputError("expected a table [classes] of texts", path=path, field="classes")
    return {name: words.split() for name, words in classes.items()}
