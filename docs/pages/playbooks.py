"""Every playbook with its gates, steps and fields, and the names that a team's own can use; from the files and the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amends.playbooks.loading import load_folder
from amends.playbooks.sources import CONDITIONS, METRICS, PLACES, SIGNS, SOURCES
from pages.markdown import code, described, document, table

if TYPE_CHECKING:
    from amends.playbooks.playbook import Field, Playbook

ABOUT = """
A playbook is a procedure that is run for an incident: gates that must be open, steps that leave artifacts behind, and fields that cite what
the data hold. Each is one file in `src/amends/playbooks/procedures`, with examples that are its tests.
[How to write one](../how-to/write-a-playbook.md), [how to run one](../how-to/run-a-playbook.md).
"""


def page() -> str:
    """The page."""
    found = load_folder()
    overview = table(("playbook", "for", "steps"), ((f"[{one.id}](#{one.id})", one.situation, str(len(one.steps))) for one in found))
    return document("Playbooks", ABOUT, overview, *(section(one) for one in found), names())


def section(one: Playbook) -> str:
    """One playbook."""
    parts = [f"## {one.id}", f"**{one.title}.** {described(f'playbook {one.id}: goal', one.goal)}"]
    offered = [f"{row.text} ({code(row.condition)})" if row.condition else row.text for row in one.use_when]
    parts.append("Use it when:\n\n" + "\n".join(f"- {row}" for row in offered))
    if one.gates:
        rows = ((code(gate.id), gate.title, code(gate.condition or "") if gate.condition else "a person", gate.first) for gate in one.gates)
        parts.append(table(("gate", "must be so", "asked of", "else first"), rows))
    for step in one.steps:
        for artifact in one.artifacts:
            if artifact.id in step.outputs:
                rows = ((code(f"{artifact.id}.{row.id}"), row.title, filled_by(row)) for row in artifact.fields)
                parts.append(f"**{step.title}** leaves the {artifact.title.lower()}:\n\n" + table(("field", "", "filled by"), rows))
    ends = "\n".join(f"- {row.title}: {row.ends}{f' at {code(row.at)}' if row.at else ''}" for row in one.examples)
    parts.append(f"Examples:\n\n{ends}")
    return "\n\n".join(parts)


def filled_by(field: Field) -> str:
    """What fills a field, in a few words."""
    by = [code(name) for name in field.sources] + (["somebody's word"] if field.words else [])
    said = ("chosen from " if field.pick == "some" else "") + ", ".join(by)
    if field.most == 0:
        return f"nothing of {said}"
    count = f"{field.least} to {field.most} of " if field.most is not None else f"{field.least} of " if field.least > 1 else ""
    more = ", each whole" if field.whole else ""
    return f"{count}{said}{more}{'' if field.may_be_unknown else '; cannot stay unknown'}"


def names() -> str:
    """The names that files can use."""
    parts = ["## Names for files of your own", "Sources, which fields cite:"]
    parts.append(table(("source", "holds", "written at"), ((code(name), one.words, PLACES[one.place]) for name, one in SOURCES.items())))
    parts.append("Conditions, which gates ask and which offer a playbook:")
    parts.append(table(("condition", "holds when"), ((code(name), words) for name, words in CONDITIONS.items())))
    parts.append("Places, where a first step is taken: " + ", ".join(code(name) for name in PLACES) + ".")
    parts.append("Metrics: " + ", ".join(code(name) for name in METRICS) + ".")
    parts.append("Warning signs: " + ", ".join(code(name) for name in SIGNS) + ".")
    return "\n\n".join(parts)
