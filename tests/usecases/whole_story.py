"""An incident in which everything happens that can happen here, in an order and with words that a seed decides."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from amends.narrative.suggestion import ModelDraft
from amends.narrative.suggestion_report import Adoption
from amends.promises.promise import Evidence
from amends.store import suggesting, timelines
from amends.timeline.versions import Version

if TYPE_CHECKING:
    from collections.abc import Callable

    from amends.testing import FixedClock
    from amends.usecases.facade import UseCases

WORDS = (
    "We broke checkout", "| a table | # no heading", "<script>alert(1)</script>", "Zahlungen für Köln — 4 212", "お詫び",
    "a 'quote' and \"two\"",
    "back\\slash", "e\u0301 combining", "#eval(1+1) $x$ *bold* _it_",
)  # fmt: skip
LOG = b"2026-03-04T10:40:00Z INFO v214 is live\n2026-03-04T10:42:07Z ERROR card service does not answer\n"
ROW = {
    "time": "2026-03-04T10:40:00.000000Z", "time_text": "2026-03-04T10:40:00Z", "zone": "stated", "source": "app.log", "sha256": "0" * 64,
    "line": 1, "offset": 0, "length": 39, "flags": [], "kind": "log", "level": "info", "actor": None, "text": "v214 is live", "count": 3,
    "last_time": None, "why": ["change"], "because": [],
}  # fmt: skip


class Teller:
    """Does one thing after the other, and lets the clock move between some of them only: what happens at once must keep its order."""

    def __init__(self, usecases: UseCases, clock: FixedClock, seed: int, *, by: str = "local") -> None:
        self.usecases = usecases
        self.clock = clock
        self.dice = Random(seed)
        self.by = by

    def words(self) -> str:
        return f"{self.dice.choice(WORDS)} {self.dice.randrange(1000)}"

    def tell(self, *, private: bool = False) -> str:
        """The id of the incident."""
        usecases, by = self.usecases, self.by
        before = usecases.incidents.open(self.words(), severity="SEV4", by=by)
        own = usecases.incidents.open(self.words(), severity="SEV2", private=private, by=by)
        usecases.incidents.follow(own.id, before.id, by=by)
        usecases.drafting.new("a draft of mine", incident_id=own.id, by=by)
        acts: list[Callable[[str], None]] = [
            self._record,
            self._people,
            self._messages,
            self._promises,
            self._actions,
            self._texts,
            self._timeline,
        ]
        tellings = [self._account, self._versions, self._suggestions, self._recurrence]
        self.dice.shuffle(acts)
        for act in acts:
            act(own.id)
            self._pause()
        for act in tellings:
            act(own.id)
            self._pause()
        usecases.incidents.change_severity(own.id, "SEV1", by=by)
        usecases.incidents.change_status(own.id, "monitoring", by=by)
        for act in (self._broken_trust, self._playbook, self._look_back):
            act(own.id)
            self._pause()
        return own.id

    def _pause(self) -> None:
        if self.dice.random() < 0.5:
            self.clock.advance(minutes=self.dice.randrange(1, 30))

    def _record(self, own: str) -> None:
        recording, by = self.usecases.recording, self.by
        fact = recording.fact(own, "impact", self.words(), by=by)
        recording.fact(own, "impact", self.words(), replaces=fact.id, by=by)
        recording.fact(own, "number", "payments failed", value="4,212", by=by)
        recording.milestone(own, "detected", value="others", by=by)
        recording.tick(own, "impact", text=self.words(), by=by)
        recording.commit(own, "hotfix", "4f2c1ab", self.words(), by=by)
        comment = recording.comment(own, self.words(), by=by)
        recording.withdraw(own, comment.id, by=by)

    def _people(self, own: str) -> None:
        involving, by = self.usecases.involving, self.by
        involving.hand_over(own, "lead", by, by=by)
        self._pause()
        involving.add_stakeholder(own, self.words(), kind="affected", audience="customers", size=42, address="a@b.example", by=by)
        link = involving.add_link(own, "repository", "https://git.example/x", title=self.words(), by=by)
        involving.remove_link(own, link.id, by=by)
        involving.add_link(own, "ticket", "OPS-1", by=by)

    def _messages(self, own: str) -> None:
        messaging, by = self.usecases.messaging, self.by
        listener = self.usecases.involving.add_stakeholder(own, "Support", kind="needs-to-know", audience="team", by=by)
        sent = messaging.record(f"{self.words()}. Next update in 30 min.", form="status-update", audience="team", incident_id=own, by=by)
        self.clock.advance(minutes=10)
        again = messaging.record(
            f"{self.words()}. The number was wrong.", audience="team", incident_id=own, corrects=sent.id, via="phone", by=by
        )
        for one in (sent, again):
            if self.usecases.telling.of(one.id, by=by).untold:
                self.usecases.telling.share(one.id, via="phone", by=by)
        self.usecases.telling.acknowledge(again.id, listener.id, by=by)

    def _promises(self, own: str) -> None:
        promising, by = self.usecases.promising, self.by
        due = self.clock.now() + timedelta(hours=2)
        first = promising.add(self.words(), due, incident_id=own, kind="fix", by=by).promise
        promising.move(first.id, due + timedelta(hours=1), why=self.words(), by=by)
        kept = promising.add(self.words(), due, incident_id=own, by=by).promise
        promising.keep(kept.id, evidence=Evidence("commit", "4f2c1ab"), by=by)
        promising.take_back(kept.id, None, by=by)
        promising.withdraw(kept.id, why=self.words(), by=by)
        promising.add("only mine", due, private=True, by=by)

    def _actions(self, own: str) -> None:
        acting, by = self.usecases.acting, self.by
        item = acting.propose(own, self.words(), kind="test", detail=self.words(), by=by).item
        acting.propose(own, self.words(), kind="alert", by=by)
        acting.accept(item.id, helps_when=self.words(), due=self.clock.now() + timedelta(days=3), by=by)
        acting.move(item.id, self.clock.now() + timedelta(days=5), why=self.words(), by=by)
        acting.done(item.id, evidence=Evidence("commit", "4f2c1ab"), by=by)
        acting.undo(item.id, by=by)
        acting.done(item.id, by=by)
        acting.verify(item.id, evidence=Evidence("measure", "0 of 212"), by=by)

    def _texts(self, own: str) -> None:
        documents, by = self.usecases.documents, self.by
        text = documents.new(own, self.words(), kind="review", text=f"# Review\n\n{self.words()}\n", by=by)
        documents.save(text.head.id, f"# Review\n\n{self.words()}\n\n- [x] one\n- [ ] two\n", 1, by=by)
        documents.new(own, self.words(), kind="note", text=self.words(), by=by)

    def _timeline(self, own: str) -> None:
        usecases, by = self.usecases, self.by
        handed = usecases.gathering.receive(own, "app log.txt", by=by)
        handed.write(LOG)
        evidence = handed.done()
        with usecases.store.writing() as connection:
            for number in (1, 2):
                rows = [ROW | {"id": f"{number}{place:03x}-0", "text": self.words(), "line": place + 1} for place in range(3)]
                document = {"evidence": [evidence.id], "zone": "UTC", "sources": [], "rates": [], "rows": rows, "problems": []}
                version = Version(own, number, self.clock.now(), by, None, len(rows), document)
                timelines.add_version(connection, version, salt=usecases.ids.new())
        usecases.timelines.pin(own, "2000-0", by=by)
        usecases.timelines.unpin(own, "2000-0", by=by)
        usecases.timelines.pin(own, "2000-0", by=by)
        usecases.timelines.comment(own, "1001-0", self.words(), by=by)
        usecases.timelines.correct(own, "2001-0", self.clock.now() - timedelta(hours=1), self.words(), by=by)
        added = usecases.timelines.add(own, self.clock.now(), self.words(), actor="Dana", by=by)
        usecases.timelines.hide(own, "2002-0", by=by)
        usecases.timelines.withdraw(own, added.id, by=by)

    def _account(self, own: str) -> None:
        """Of what was told before: entries, messages and action items are cited by it."""
        usecases, narrating, by = self.usecases, self.usecases.narrating, self.by
        narrating.choose(own, ["2000-0", "1001-0"], by=by)
        claim = narrating.state(own, "claim", self.words(), kind="number", value="258 of 831", at=self.clock.now(), by=by).point
        narrating.revise(own, claim.item, based_on=claim.id, value="4,212", by=by)
        sent = usecases.messaging.of_incident(own, by=by)[0]
        narrating.cite(own, claim.item, "message", ref=sent.id, by=by)
        against = narrating.cite(own, claim.item, "measure", text=self.words(), stance="contradicts", by=by).evidence[-1]
        narrating.uncite(own, against.id, by=by)
        split = narrating.state(own, "disagreement", self.words(), by=by)
        narrating.state(own, "position", self.words(), of=split.item, who=self.words(), by=by)
        badly = narrating.state(own, "badly", self.words(), by=by).point
        action = usecases.acting.of_incident(own, by=by)[0].item.id
        narrating.revise(own, badly.item, based_on=badly.id, answer=action, by=by)
        narrating.withdraw(own, narrating.state(own, "luck", self.words(), by=by).item, based_on=self._last(own), by=by)

    def _last(self, own: str) -> str:
        return self.usecases.narrating.get(own, by=self.by).points[-1].point.id

    def _versions(self, own: str) -> None:
        usecases, versions, by = self.usecases, self.usecases.versions, self.by
        text = versions.open(own, "leadership", by=by).head
        usecases.documents.save(text.id, f"{self.words()}.\n\nIt is over.", text.version, by=by)
        item = usecases.narrating.get(own, by=by).points[0].item
        versions.tie(text.id, "It is over.", item, by=by)
        versions.untie(text.id, "It is over.", item, by=by)
        versions.tie(text.id, "It is over.", item, by=by)
        until = self.clock.now() + timedelta(days=30)
        redaction = versions.redact(own, item, "customers", "legal", self.words(), lift_at=until, by=by)
        versions.lift(own, redaction.id, by=by)
        usecases.messaging.send(versions.begin_message(text.id, by=by).id, by=by)

    def _suggestions(self, own: str) -> None:
        usecases, by = self.usecases, self.by
        item = usecases.narrating.get(own, by=by).points[0].item
        text = next(one for one in usecases.documents.list(own, by=by) if one.audience == "leadership")
        answer = json.dumps({"sentences": [{"text": self.words(), "cites": [item]}]}, ensure_ascii=False)
        with usecases.store.writing() as connection:
            drafted = ModelDraft(usecases.ids.new(), own, "version", "leadership", "a model", "0" * 64, self.clock.now(), by, answer)
            suggesting.add_draft(connection, drafted, salt=usecases.ids.new())
            adopted = Adoption(usecases.ids.new(), own, drafted.id, text.id, text.version, self.clock.now(), by, (0,), ())
            suggesting.add_adoption(connection, adopted, salt=usecases.ids.new())

    def _recurrence(self, own: str) -> None:
        recurring, by = self.usecases.recurring, self.by
        recurring.declare(own, category="capacity", component=self.words(), condition=self.words(), by=by)
        before = self.usecases.incidents.get(own, by=by).follows
        assert before is not None, "the story begins with it"
        recurring.judge(own, before, "repeat", why=self.words(), by=by)
        action = self.usecases.acting.of_incident(own, by=by)[0].item.id
        told = recurring.tell_guardrail(
            own, "action", action, "would-have", evidence=Evidence("alert", self.words()), text=self.words(), by=by
        )
        recurring.undo_guardrail(next(one for one in told.guarded if one.events).events[0].id, by=by)

    def _broken_trust(self, own: str) -> None:
        """Repair begins when nothing hurts any more, so this comes after all the rest."""
        repairing, now, by = self.usecases.repairing, self.clock.now(), self.by
        broken = repairing.add_break(own, self.words(), whose=self.words(), by=by)
        placed = {"subject": "behaviour", "direction": "outward", "kind": "honesty", "fear": self.words(), "heard_from": self.words()}
        repairing.place(own, broken.item, **placed, by=by)  # type: ignore[arg-type]  # all of them text
        asked = repairing.not_asked(own, self.words(), by=by)
        repairing.place(own, asked.item, asked=self.words(), by=by)
        first, second = (one.item.id for one in self.usecases.acting.of_incident(own, by=by)[:2])
        check = now + timedelta(days=21)
        repairing.tie(
            own, first, kind="other", why_other=self.words(), breaks=[broken.item, asked.item], uncertainty=self.words(),
            visible=self.words(), check_at=check, by=by,
        )  # fmt: skip
        repairing.tie(own, second, kind="alert-gap", breaks=[broken.item], uncertainty=self.words(), by=by)
        repairing.withdraw(own, second, why=self.words(), by=by)

    def _playbook(self, own: str) -> None:
        usecases, playbooks, by = self.usecases, self.usecases.playbooks, self.by
        past = {gate: self.words() for gate in ("contained", "facts", "speak")}
        answers = {"lead": True, "optics": True, "speak": False}
        run = playbooks.start(own, "repair-trust", lead=self.words(), answers=answers, overrides=past, by=by).run.id
        action = usecases.acting.of_incident(own, by=by)[0].item.id
        playbooks.fill(run, "initial-repair-frame.operations", kind="action", ref=action, by=by)
        playbooks.fill(run, "initial-repair-frame.next-talk", kind="person", person=self.words(), text=self.words(), by=by)
        playbooks.undo(run, by=by)
        playbooks.stop(run, why=self.words(), by=by)

    def _look_back(self, own: str) -> None:
        """Before its time, which has to be agreed on; what is answered refers to what the story holds."""
        usecases, reviews, now, by = self.usecases, self.usecases.trust_reviews, self.clock.now(), self.by
        board = usecases.repairing.board(own, by=by)
        refs = {
            "worse": ("break", board.map.breaks[0].item), "ownership": ("action", board.repairs[0].action.action_id),
            "release": ("message", usecases.messaging.of_incident(own, by=by)[0].id),
            "architecture": ("review", reviews.get(own, "quarter", by=by).id),
            "onboarding": ("document", usecases.documents.list(own, by=by)[0].id),
        }  # fmt: skip
        reviews.move(own, "month", now + timedelta(days=2), why=self.words(), by=by)
        for question, (kind, ref) in refs.items():
            reviews.answer(own, "month", question, self.words(), kind=kind, ref=ref, by=by)
        reviews.answer(own, "month", "operating", self.words(), kind="unknown", asked=self.words(), asked_at=now, by=by)
        reviews.take_back(own, "month", by=by)
        reviews.answer(own, "month", "operating", self.words(), kind="person", ref=self.words(), asked_at=now, by=by)
        reviews.hold(own, "month", "change", why=self.words(), said=self.words(), by=by)
        reviews.reopen(own, "month", why=self.words(), by=by)
        reviews.hand_over(own, "quarter", self.words(), by=by)
