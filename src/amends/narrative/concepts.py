"""Words by what they mean: a retold text rarely says a thing with the words of its source, so words of one meaning count as one.

Small and about this field only. What is in no group is compared by its stem. Groups hold base forms; `stem` brings every form to one.
"""

from __future__ import annotations

from functools import lru_cache

REMEMBERED = 50_000
"""So many words are remembered with what is known of them; texts of others must not fill the memory."""
_GROUPS = """
detect notice spot discover find realise realize aware learn alert alarm page caught catch detection recognise recognize
fix repair restore recover resolve recovery restoration mitigate mitigation cure remedy correct patch reinstate heal rectify
rollback revert undo downgrade withdraw back-out roll-back
deploy release rollout ship deployment install publish push launch roll-out live merge
upgrade update migrate migration move switch change modify edit alter replace swap convert changeover cutover
cause lead trigger result reason because due since bring origin root responsible contribute condition factor
fail failure broke broken break crash fault malfunction die stop halt abort error errored exception 500 502 503 5xx
outage down downtime unavailable offline unreachable inaccessible interruption blackout dark dead disruption disrupt
slow latency delay lag sluggish degraded degrade degradation late timeout wait behind backlog queue overdue
customer user client people person subscriber member guest visitor patient student shopper buyer resident consumer household
colleague employee staff coworker worker team engineer developer operator admin technician maintainer volunteer crew us we our
delete remove erase wipe drop destroy purge lost lose loss gone discard clear clean overwrite missing vanish disappear
corrupt damage garble mangle scramble
leak expose exposure public publicly disclose reveal breach compromise stolen visible
test stage staging rehearse rehearsal trial verify check validate validation qa dry-run inspect tested untested stress-test
document documentation runbook instruction guide manual playbook procedure written undocumented docs handbook
monitor monitoring dashboard metric watch observe graph probe telemetry
config configuration setting misconfiguration misconfigure parameter flag option value default misconfigured
command script job task run execute execution ran query statement
server host machine node instance vm box worker replica pod container
database db table row record schema postgres mysql sql datastore
cluster fleet pool farm
disk storage volume filesystem space bucket
network connection connectivity link route routing dns packet
traffic load demand request call query volume peak surge
password credential key secret token certificate cert
account profile login sign-in signin authentication authenticate access log-in
email mail message letter notification notify notice inform tell told announce announcement contact write wrote warn warning
    communicate communication post posted
invoice bill billing charge overcharge payment pay paid payroll salary wage refund credit reimburse money fee price debit
order purchase sale transaction booking reservation shipment delivery parcel package
backup copy snapshot archive restore-point
limit cap maximum threshold quota ceiling
big large huge great high heavy increase grow grew rise rose spike raise more
small little low reduce decrease fall fell less shrink lower
begin began start started onset first open
end ended finish finished complete completed over close closed done stop
help support assist helpdesk
report complain complaint raise ticket flag escalate
repeat again recur recurrence previous previously earlier second another same already
unknown unclear uncertain unsure undetermined unconfirmed
plan planned will intend schedule propose future going upcoming
owner own ownership responsible responsibility owned nobody unowned
accident accidental accidentally mistake mistaken mistakenly inadvertent inadvertently wrong wrongly incorrect incorrectly error
    erroneous unintended unintentionally typo mistyped slip
forgot forget overlook overlooked miss missed skip skipped neglect omit omitted left-out
vendor supplier provider third-party contractor upstream partner carrier manufacturer
quick quickly fast immediately promptly prompt straight instantly soon swift swiftly rapid rapidly at-once
automatic automatically automated automation self
hand manual manually by-hand
guess suspect suspected believe assume likely probably presumably think hypothesis possible possibly might may could
confirm confirmed certain sure known establish established proven understood identify identified determine determined
train trained training onboarding brief briefing
review reviewed reviewer approve approval sign-off audit inspection
short brief briefly shortly little
weekend night overnight saturday sunday holiday
tired exhausted exhaustion fatigue overtime burnout sleep
trust confidence credibility faith
page site website app application web portal
shop store checkout cart basket
class course lesson lab lecture school teacher
hospital clinic ward nurse doctor lab
warehouse depot stock inventory
build ci pipeline compile
rule policy guideline standard
alone single one only sole
every all entire whole complete full total everyone everybody everything
none nobody nothing no zero never not neither nor
some several few handful subset portion part partial many various
"""

_ENDINGS = (
    "isations", "izations", "isation", "ization", "ations", "ation", "ments", "ment", "ances", "ance", "ingly", "edly", "ities",
    "ity", "ings", "ing", "ions", "ion", "ness", "ally", "ably", "ibly", "able", "ible", "ies", "ied", "ers", "er", "ors", "or",
    "ed", "es", "ly", "s", "al", "e", "y",
)  # fmt: skip

STOP = frozenset(
    "a an the this that these those it its he she they them their his her is are was were be been being am do does did has have had"
    " having of in on at to for from by with as and or but if then than so such into onto out up off over under about around between"
    " during within through per via which who whom whose what when where while how there here also too very just still even however"
    " although though because until after before once can could would should shall may might must will we our us i my me you your"
    " ourselves itself themselves not no nor s t ve re ll d m don doesn didn isn aren wasn weren hasn haven hadn couldn wouldn"
    " shouldn won each any both either some more most other own same only upon yet across along among against above below".split()
)
"""Words that carry no matter of their own."""

COMMON = frozenset(
    "time hour minute second day week month morning afternoon evening utc gmt cet pst pdt est edt bst cest issue problem incident"
    " event thing way work part number make made take took get got give gave go went come came put set use used keep kept need want"
    " system service impact affect cause action item step step next new old result due lead find found able back until since end"
    " start begin around about approximately roughly".split()
)
"""Words that every account of an incident is full of: that two sentences share one says little."""


@lru_cache(maxsize=REMEMBERED)
def stem(word: str) -> str:
    """A lower-case word without the ending that its form gave it; words of up to three letters stay."""
    if len(word) <= 3 or not word.isalpha():
        return word
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouls":
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word[-1] == "y" else word


def _meanings() -> dict[str, str]:
    found: dict[str, str] = {}
    for group in _GROUPS.strip().replace("\n    ", " ").splitlines():
        words = group.split()
        for word in words:
            found.setdefault(stem(word), words[0])
            found.setdefault(word, words[0])
    return found


_MEANING = _meanings()


@lru_cache(maxsize=REMEMBERED)
def concept(word: str) -> str:
    """What a lower-case word means here: the first word of its group, else its stem."""
    return _MEANING.get(word) or _MEANING.get(stem(word)) or stem(word)


@lru_cache(maxsize=REMEMBERED)
def weight(word: str) -> float:
    """How much it says that two sentences share a word: nothing for small words, most for names, codes and rare words."""
    if word in STOP:
        return 0.0
    if word in COMMON or stem(word) in _COMMON_STEMS:
        return 0.35
    return 0.7 if word in _MEANING or stem(word) in _MEANING else 1.0


_COMMON_STEMS = frozenset(stem(word) for word in COMMON)
