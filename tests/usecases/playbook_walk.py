"""Somebody who runs “repair trust” for the sample incident by doing what it says should be done now, until it is finished.

What is written elsewhere (the account, the trust board, the looks back) goes through its own use case; what is done in the run itself goes
through `Face`, so that the same walk tries the use cases, the command line and the pages.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from amends.promises.promise import Evidence
from amends.trust.review import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.core.incident import Incident
    from amends.playbooks.state import Next, RunState
    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

MEASURE = Evidence("measure", "two of three failures were heard of within five minutes")


class Face(Protocol):
    """What is done in a run, through whatever face."""

    def answer(self, gate: str) -> None: ...
    def choose(self, field: str, kind: str, ref: str) -> None: ...
    def word(self, field: str, person: str, text: str) -> None: ...
    def unknown(self, field: str, asked: str) -> None: ...
    def decide(self, decision: str, text: str) -> None: ...
    def finish(self) -> None: ...


class ByUseCase:
    """The acts of a run through the use cases."""

    def __init__(self, usecases: UseCases, run_id: str) -> None:
        self._playbooks = usecases.playbooks
        self._run = run_id

    def answer(self, gate: str) -> None:
        self._playbooks.answer_gate(self._run, gate, yes=True, person="Mara")

    def choose(self, field: str, kind: str, ref: str) -> None:
        self._playbooks.fill(self._run, field, kind=kind, ref=ref)

    def word(self, field: str, person: str, text: str) -> None:
        self._playbooks.fill(self._run, field, kind="person", person=person, text=text)

    def unknown(self, field: str, asked: str) -> None:
        self._playbooks.unknown(self._run, field, asked=asked)

    def decide(self, decision: str, text: str) -> None:
        self._playbooks.decide(self._run, decision, text)

    def finish(self) -> None:
        self._playbooks.finish(self._run)


class OnceEach:
    """Does each sort of act once through a face, and from then on through the use cases, which is quicker."""

    def __init__(self, face: Face, usecases: UseCases, run_id: str) -> None:
        self._face = face
        self._quicker = ByUseCase(usecases, run_id)
        self._done: set[str] = set()

    def __getattr__(self, act: str) -> Callable[..., None]:
        through = self._quicker if act in self._done else self._face
        self._done.add(act)
        found: Callable[..., None] = getattr(through, act)
        return found


class Walk:
    """One run on its way; `did` are the things that were to be done, in their order."""

    def __init__(self, usecases: UseCases, clock: FixedClock, incident: Incident, run_id: str, face: Face) -> None:
        self._u = usecases
        self._clock = clock
        self._incident = incident
        self._run = run_id
        self._face = face
        self.did: list[str] = []

    @property
    def now(self) -> RunState:
        return self._u.playbooks.state(self._run)

    def to_the_end(self, most: int = 60) -> RunState:
        """Do what is to be done, until nothing is."""
        for _ in range(most):
            now = self.now
            if not now.is_open:
                return now
            self.did.append(now.next.about or now.next.what)
            self._do(now, now.next)
        raise AssertionError(f"it does not end: {self.did[-5:]}")

    def until(self, about: str, most: int = 60) -> None:
        """Do what is to be done, until something of this name is."""
        for _ in range(most):
            now = self.now
            if now.next.about == about:
                return
            self.did.append(now.next.about or now.next.what)
            self._do(now, now.next)
        raise AssertionError(f"{about} is never to be done: {self.did[-5:]}")

    def _do(self, now: RunState, to_do: Next) -> None:
        about = to_do.about or ""
        if to_do.what == "ask":
            self._face.answer(about)
        elif to_do.what == "decide":
            decision = now.playbook.decision(about)
            self._face.decide(about, decision.options[0] if decision is not None and decision.options else "the status page")
        elif to_do.what == "finish":
            self._face.finish()
        elif about in self._elsewhere:
            self._elsewhere[about]()
        else:
            self._fill(now, about)

    def _fill(self, now: RunState, about: str) -> None:
        field = now.field(about)
        assert field is not None
        if field.offered and field.field.pick == "some":
            self._face.choose(about, field.offered[0].kind, field.offered[0].id)
        elif field.field.words:
            self._face.word(about, "Ines", "That is what I would say too.")
        else:
            self._face.unknown(about, "Bo of Finance")

    @property
    def _elsewhere(self) -> dict[str, Callable[[], None]]:
        return {
            "shared-incident-account.moments": self._moments,
            "trust-break-map.breaks": self._place,
            "trust-break-map.fears": self._ask_groups,
            "repair-action-set.repairs": self._repair,
            "repair-action-set.honesty": self._repair,
            "trust-recovery-review.month": lambda: self._look_back("month"),
            "trust-recovery-review.quarter": lambda: self._look_back("quarter"),
            "trust-recovery-review.helped": self._helped,
        }

    def _moments(self) -> None:
        at = self._incident.started_at
        notes = [
            self._u.timelines.add(self._incident.id, at + timedelta(minutes=number), words)
            for number, words in enumerate(("the alert rang", "the flag went off", "the rollback was through"))
        ]
        self._u.narrating.choose(self._incident.id, [one.id for one in notes])

    def _place(self) -> None:
        for one in self._u.repairing.board(self._incident.id).map.breaks:
            self._u.repairing.place(
                self._incident.id, one.item, whose=one.whose or "Finance", subject="behaviour", direction="upward", kind="honesty",
                fear="That a charge has no order again, and nobody tells us.", heard_from="Bo of Finance",
            )  # fmt: skip

    def _ask_groups(self) -> None:
        for group in self._u.repairing.board(self._incident.id).map.groups:
            if group.name != "Finance":
                one = self._u.repairing.not_asked(self._incident.id, group.name)
                self._u.repairing.place(self._incident.id, one.item, asked=f"somebody of {group.name}")

    def _repair(self) -> None:
        broken = [one.item for one in self._u.repairing.board(self._incident.id).map.breaks]
        for title in ("Publish the failed share", "Page the owner at 80 %", "Roll back in one command"):
            made = self._u.repairing.propose(
                self._incident.id, title, item_kind="monitoring", kind="alert-gap", breaks=broken,
                uncertainty="You will know within 5 minutes if payments fail", visible="on the public status page",
                check_at=self._clock.now() + timedelta(days=21),
            )  # fmt: skip
            self._u.acting.accept(
                made.action.action_id, helps_when="no failure that others find first", due=self._clock.now() + timedelta(days=7)
            )

    def _look_back(self, which: str) -> None:
        due = self._u.trust_reviews.get(self._incident.id, which).due_at
        if self._clock.now() < due:
            self._clock.advance(seconds=(due - self._clock.now()).total_seconds() + 60)
        for question in QUESTIONS:
            kind = {"kind": "link", "ref": f"https://wiki.example/{question}", "text": f"the page on {question}"}
            self._u.trust_reviews.answer(self._incident.id, which, question, **kind)
        self._u.trust_reviews.hold(self._incident.id, which, "continue", why="Two of the three repairs have fired.")

    def _helped(self) -> None:
        action = self._u.repairing.board(self._incident.id).repairs[0].action.action_id
        if self._u.acting.get(action).done_at is None:
            self._u.acting.done(action)
        self._u.acting.verify(action, MEASURE)
