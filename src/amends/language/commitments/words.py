"""The words by which a clause shows that it promises, who promises, what, and how firmly.

Data only; `clauses` and the facade read it.
"""

from __future__ import annotations

from amends.language.times.words import CLOCKS, DAYS, MONTHS, PARTS, PERIOD_ENDS, RECURRENCES, UNITS, WEEKDAYS

# Who

SPEAKERS = frozenset({"i", "we", "i'm", "we're", "i'll", "we'll", "i've", "we've", "i'd", "we'd", "ill"})
OTHERS = frozenset(
    {"they", "he", "she", "they'll", "he'll", "she'll", "they're", "he's", "she's", "somebody", "someone", "nobody", "everyone"}
)
PARTNERS = frozenset(
    "vendor vendors provider providers carrier carriers supplier suppliers upstream partner partners contractor foundation registrar"
    " isp bank ops legal procurement facilities dba dbas hoster sysadmins landlord courier regulator insurer maintainer maintainers"
    " vendor's provider's carrier's"
    " supplier's partner's".split()
)
"""Roles whose plans are not the speaker's own."""
OWN_ROLES = frozenset(
    {
        "engineer",
        "engineers",
        "engineering",
        "team",
        "teams",
        "support",
        "staff",
        "on-call",
        "oncall",
        "manager",
        "crew",
        "department",
        "company",
        "colleague",
        "colleagues",
        "developers",
    }
)
ADDRESSEES = frozenset({"you", "you'll", "your", "you're"})
PRONOUNS = (
    SPEAKERS
    | OTHERS
    | {
        "you",
        "you'll",
        "it",
        "it'll",
        "this",
        "that",
        "that'll",
        "there",
        "there'll",
        "it's",
        "that's",
        "who",
        "which",
        "you're",
        "these",
        "those",
    }
)

# How

WILL = frozenset(
    {"will", "shall", "gonna", "i'll", "we'll", "you'll", "they'll", "he'll", "she'll", "it'll", "that'll", "there'll", "ill", "'ll"}
)
PLANS = frozenset(
    {
        "plan",
        "plans",
        "planning",
        "intend",
        "intends",
        "commit",
        "commits",
        "promise",
        "promises",
        "want",
        "wants",
        "undertake",
        "pledge",
        "about",
    }
)
FORECASTS = frozenset(
    "expect expects expecting hope hopes hoping aim aims aiming target targets targeting targetting anticipate anticipates estimate"
    " estimates estimating think believe hopefully should likely probably expected estimated anticipated projected estimation"
    " confident shooting".split()
)
"""Words that make of a promise a forecast: somebody expects it, nobody binds themselves."""
FUTURATE = frozenset({"scheduled", "planned", "booked", "due", "slated", "set", "targeted", "arranged", "reserved", "agreed", "promised"})
"""Participles that put a thing into the future even behind "is" or "has been"."""
NEGATIONS = frozenset(
    {
        "not",
        "never",
        "won't",
        "can't",
        "cannot",
        "couldn't",
        "don't",
        "doesn't",
        "didn't",
        "isn't",
        "aren't",
        "shouldn't",
        "wouldn't",
        "unable",
        "unlikely",
        "no",
        "nothing",
        "neither",
        "haven't",
        "hasn't",
        "shan't",
        "ain't",
    }
)
WEAK = frozenset({"may", "might", "could", "would", "can", "must", "needs", "need", "has", "ought", "i'd", "we'd"})
"""Verbs before which nothing is promised: possibility, wish, duty."""
CONDITIONS = frozenset(
    {
        "if",
        "once",
        "unless",
        "assuming",
        "provided",
        "providing",
        "barring",
        "pending",
        "subject",
        "when",
        "after",
        "whenever",
        "contingent",
        "depending",
    }
)
DROPPED = frozenset({"as", "while", "although", "though", "because", "since", "given", "even", "whereas", "for", "due", "despite"})
"""Words that open a clause which only accompanies the promise behind it."""
CONTENT_FREE = frozenset(
    {
        "more",
        "further",
        "additional",
        "one",
        "news",
        "something",
        "anything",
        "possible",
        "available",
        "ready",
        "can",
        "able",
        "practical",
        "progress",
        "progresses",
        "updates",
        "update",
        "know",
        "learn",
    }
)
"""Words that leave a condition without anything to check: "when we know more"."""

SUPERSEDED = frozenset({"was", "not", "instead", "were", "originally", "previously", "formerly", "rather", "missed"})
"""Words before a time that no longer holds."""
BILLS = frozenset({"invoice", "invoices", "payment", "payments", "rent", "bill", "bills", "fee", "fees", "tax", "taxes"})
"""Things that are due to be paid by the reader."""
SETTING = frozenset(
    "aim aiming target targeting move moved moving moves date slot window plan planning eta set postponed schedule deadline shooting"
    " meeting".split()
)
"""Words before "for Friday" that make it the time of something."""
RESULTS = frozenset(
    "raised fixed deployed merged restored added patched finished completed published sent closed tested shipped updated reviewed"
    " rolled switched moved rotated cleared drained reverted refilled replaced renewed rebuilt".split()
)
"""Participles of a result: with "by" and a time to come they are to be reached."""

VAGUE_TIMES = (
    ("soon",),
    ("shortly",),
    ("asap",),
    ("a.s.a.p",),
    ("momentarily",),
    ("eventually",),
    ("imminently",),
    ("presently",),
    ("sometime",),
    ("someday",),
    ("promptly",),
    ("as", "soon", "as", "possible"),
    ("as", "soon", "as", "practical"),
    ("as", "soon", "as", "practicable"),
    ("as", "soon", "as", "we", "can"),
    ("as", "soon", "as", "i", "can"),
    ("as", "quickly", "as", "possible"),
    ("as", "fast", "as", "possible"),
    ("as", "quickly", "as", "we", "can"),
    ("as", "quickly", "as", "i", "can"),
    ("as", "fast", "as", "we", "can"),
    ("as", "fast", "as", "i", "can"),
    ("in", "due", "course"),
    ("in", "the", "near", "future"),
    ("in", "near", "future"),
    ("in", "a", "bit"),
    ("in", "a", "while"),
    ("in", "a", "moment"),
    ("in", "a", "sec"),
    ("at", "some", "point"),
    ("at", "a", "later", "date"),
    ("at", "a", "later", "time"),
    ("at", "the", "earliest", "opportunity"),
    ("in", "the", "coming", "days"),
    ("in", "the", "coming", "weeks"),
    ("in", "the", "coming", "months"),
    ("over", "the", "coming", "days"),
    ("over", "the", "coming", "weeks"),
    ("over", "the", "coming", "months"),
    ("in", "the", "next", "days"),
    ("in", "the", "next", "weeks"),
    ("down", "the", "line"),
    ("down", "the", "road"),
    ("when", "possible"),
    ("when", "i", "can"),
    ("when", "we", "can"),
    ("some", "time"),
    ("later", "on"),
    ("in", "time"),
    ("until", "further", "notice"),
    ("after", "standup"),
    ("next", "time"),
)
"""Times that bind nobody to anything, longest first where they begin alike."""

ANNOUNCING = frozenset({"now", "follow", "follows", "come", "comes", "coming"})
"""Words by which a clause without a time and without a verb that leads ahead may still promise: "More to follow"."""
AHEAD = WILL | PLANS | FORECASTS | ANNOUNCING | {"going"}
"""Words of which a clause without a time has one, if it promises anything."""

# What

UPDATES = frozenset(
    "update updates updated status news details information info word post posts note ping respond reply replies answer answers hear"
    " follow-up posted informed apprised communicate communication communications announcement announce bulletin summary confirm"
    " confirmation intimated checkpoint message messages".split()
)
FOLLOWING = frozenset(
    {
        "next",
        "another",
        "further",
        "more",
        "additional",
        "new",
        "following",
        "regular",
        "periodic",
        "hourly",
        "again",
        "future",
        "subsequent",
        "continued",
        "status",
    }
)

REPAIRS = frozenset(
    "re fix fixes fixed fixing hotfix patch patches patched patching repair repaired restore restores restored restoring resolve"
    " resolves resolved resolving resolution recover recovers recovered recovering recovery revert reverts reverting reverted rollback"
    " rolling mitigate mitigated mitigation mitigating re-enable reenable reopen reopens restart restarts restarting drain drained"
    " backfill backfilled rebuild rebuilding rebuilt reindex rerun replay remedied remedy sorted green normal unblock failover"
    " restoration re-run shards wrap wrapped correct corrected rebook rebooked unlock unlocked refill refilled resume resumes resumed"
    " clear clears cleared clearing reinstate reinstated replace replaced replacing redo reset resubmit reseal reprogram refinish"
    " reconnect recalibrate reverse reversed installed treat treated freed".split()
)
SAFEGUARDS = frozenset(
    "prevent prevents preventing prevention recur recurs recurrence recurring guardrail guardrails alert alerts alerting monitor"
    " monitors monitoring test tests check checks validation validate limit limits limiter safeguard safeguards runbook runbooks gate"
    " gates paging checklist checklists regression"
    " refuse block blocks improve improvement improvements audit audited review reviews training automate automation hardening"
    " observability never strengthen resilience protect ensure process processes retry rule lint tested canary".split()
)
DELIVERIES = frozenset(
    "send sends sent publish publishes published publishing share shares shared deliver delivers delivered write written call calls"
    " calling phone email mail draft report reports rca postmortem post-mortem analysis refund refunds refunded credit credits"
    " credited issue issued release releases ship ships launch launches timeline numbers list lists answer summary invoice invoices"
    " document documents documentation statement findings feature notify contact account follow-up receive receives hand settle link"
    " note touch desk text ring parcel payslip replacement replacements public forms copy copies resend transfer transferred"
    " shipping label pay paid repay".split()
)
PASSIVE_DELIVERIES = frozenset(
    "provided shared sent published posted issued applied notified credited refunded contacted marked communicated delivered restored"
    " resolved fixed deployed completed remedied announced given".split()
)
"""Participles by which a thing is promised without a person and without a time ("Details will be shared")."""

ACTIONS = frozenset(
    "add answer apply ask audit bring build call check circle clean clear close come commit compile complete confirm contact copy"
    " create credit cut deliver deploy disable document double draft drain drop email enable ensure escalate explain extend file"
    " finish fix flip flush follow get give go handle have hand increase inform introduce investigate issue keep land launch let list"
    " look lower mail make merge migrate monitor move notify open own page patch pause phone ping plan post prepare present prioritise"
    " prioritize provide publish pull push put raise re-enable read rebuild reach refund reindex release remove reopen repair replace"
    " replay reply report repost rerun resend reset resolve respond restart restore resume retest return revert review revisit rewrite"
    " ring roll rollback rotate run scale schedule send settle set share ship show shut sit start stop submit switch take talk tell"
    " test text try turn undo unblock update upgrade upload verify visit walk work wrap write".split()
)
"""What a speaker can do, in its plain form: "we switch over at 08:40" promises, "we need it at 08:40" does not."""

FUTURE_PRESENTS = frozenset(
    "goes lands ships starts begins kicks finishes completes follows gets reaches rolls resumes returns launches slips moves shifts"
    " happens reruns runs receives takes posts merges reopens brings arrives drops deploys publishes switches comes answers go land ship"
    " start begin finish complete follow get resume return launch run reach live post arrive reopen".split()
)
"""Present forms that announce: "The fix goes out tonight"."""
UNPROMISED = frozenset(
    "see sees need needs experience experiences expire expires lapse lapses fail fails remain remains lose loses miss misses know"
    " knows like depend depends mean means cost costs hear notice suffer suffers want time timeout change changes happen affect"
    " affects apply applies include includes allow allows require requires remember forget admit".split()
)
"""What a thing or a third party will do, or what happens to the speaker, promises nothing by itself."""
STATES = frozenset(
    "in out away off on at late there here busy happy glad sorry honest around offline available unavailable down interested grateful"
    " travelling traveling asleep ill sick".split()
)
""" "I will be …" tells where somebody is, not what they will do."""
DONE = frozenset(
    "done fixed live back up ready complete completed deployed out merged finished sorted resolved restored green available over"
    " through online closed published sent shipped added patched in".split()
)
"""Fragments such as "done by 18:30"."""

IMPERATIVES = frozenset(
    "bring pay leave wait hold"
    " send give call submit rotate review read see check refer visit contact join use create restart open update reply respond fill"
    " sign register let tell ask make shop save note click follow try stop please kindly remember complete confirm approve".split()
)

# When it was

IRREGULAR_PASTS = frozenset(
    "was were had did been broke went took began saw found lost came sent made said got gave ran led felt kept left told threw built"
    " caught sold spent wrote knew stood froze rose fell drove held brought thought paid became chose meant stuck shot won understood"
    " drew grew forgot overran withdrew started ended failed lasted wasn't weren't hadn't woke shipped rang missed heard met spoke"
    " read cut hit put shut fought slept taught wore bent stole swept sank shook".split()
)
ADJECTIVAL_BEFORE = frozenset(
    "the a an all each every any both some more our your their my its his her of to for with by be is are being get gets in on as am"
    " these those this no most least than no-longer not re and or until once i'm we're they're it's been".split()
)
"""Words after which a form in -ed describes or completes, and does not tell what happened."""
PAST_LABELS = frozenset(
    "when who impact context cause timeline started start detected contained began what happened summary current status background"
    " trigger duration".split()
)
PROMISING_LABELS = frozenset(
    {
        "eta",
        "update",
        "updates",
        "date",
        "due",
        "deadline",
        "launch",
        "maintenance",
        "work",
        "window",
        "delivery",
        "release",
        "recovery",
        "fix",
        "next",
        "migration",
        "upgrade",
        "rollback",
        "deploy",
    }
)
"""Label words that belong to the promise behind them ("Next update: 14:30")."""

# Which sentences are worth reading

COURSES_OF_THINGS = frozenset(
    "opens open close closes last lasts cover covers leave leaves depart departs appear appears stop stops work works".split()
)
"""What things do by themselves or by their timetable: "Doors open at 5"."""
STATIVES = frozenset(
    "am are is have need know think see want like love leave fly travel depart live sleep understand believe remember own lack use"
    " rely depend host sell support offer hold keep get run handle serve expect hope realise realize regret apologise apologize"
    " appreciate value care hear feel".split()
)
"""What a speaker does without promising anything: "we have a check at 08:40", "I leave for the airport at 3"."""
UNCONTROLLED = frozenset(
    "weather rain snow wind storm storms heat temperature temperatures traffic demand prices crowds queues tide tides sun".split()
)
"""What nobody can promise anything about: a time beside it is a forecast of the world."""
HABITS = frozenset({"usually", "normally", "typically", "generally", "always", "often", "sometimes", "ordinarily"})
"""Words by which a present form tells what happens again and again, and not what will."""
DATED_NOUNS = frozenset(
    "date deadline checkpoint update review meeting call window launch slot target session release delivery cutover maintenance"
    " migration upgrade demo deploy rollout retro sync readout appointment".split()
)
"""Things whose time is told by a bare "is": "The new date is 10 April"."""
PAST_NOUNS = frozenset(
    {
        "outage",
        "outages",
        "duration",
        "timeframe",
        "timeframes",
        "downtime",
        "disruption",
        "impact",
        "incident",
        "incidents",
        "loss",
        "errors",
        "spike",
        "latency",
        "failures",
    }
)
"""Nouns of what happened: a time beside them, without a verb, is when it did."""
TRIGGERS = frozenset(
    {
        *WILL,
        *PLANS,
        *FORECASTS,
        *(phrase[0] for phrase in VAGUE_TIMES if len(phrase) == 1),
        *CLOCKS,
        *DAYS,
        *(f"{day}'s" for day in DAYS),
        *MONTHS,
        *PARTS,
        *PERIOD_ENDS,
        *RECURRENCES,
        *(unit for unit in UNITS if len(unit) > 1),
        *WEEKDAYS,
        *(f"mid-{name}" for name in (*MONTHS, *PARTS, "week", "month")),
        *(
            "going",
            "follow",
            "follows",
            "come",
            "now",
            "half",
            "ten",
            "quarter",
            "five",
            "twenty",
            "weekend",
            "release",
            "eta",
            "brb",
            "noon",
            "twelve",
            "three",
            "four",
        ),
    }
)
"""Words of which a sentence without figures has one, if it holds a promise or a time."""
