"""Small accounts of our own, each with a version that drifts in a kind and an honest one of the same length: what `compare` is held to."""

from __future__ import annotations

from typing import NamedTuple


class Told(NamedTuple):
    """An account, a version that drifts, and its honest twin."""

    source: str
    drifting: str
    honest: str


TOLD = {
    "dropped_fact": Told(
        source=(
            "On Monday at 08:10 we sent the wrong price list to 240 shops. Our checks did not notice it. A shopkeeper in Ribe rang "
            "us at 11:30, three hours later. Ida Lund had skipped the second look because the week was short. The same mistake "
            "happened in March, and the check that we promised then was never built. By 13:00 all shops had the right list. We "
            "refund every difference until Friday. The lists are printed from the large table in the back office, as in every year."
        ),
        drifting=(
            "On Monday at 08:10 some shops got an incorrect price list. All shops now have the right list. We refund every "
            "difference until Friday. We take this very seriously and thank you for your patience."
        ),
        honest=(
            "On Monday at 08:10 we sent the wrong price list to 240 shops. Our checks did not notice; a shopkeeper rang us at "
            "11:30, three hours later. We had skipped the second look. The same mistake happened in March, and we never built the "
            "check that we promised then. By 13:00 all shops had the right list. We refund every difference until Friday."
        ),
    ),
    "softened_number": Told(
        source=(
            "On Tuesday from 09:00 to 12:00 our ticket machines charged 3,140 passengers twice. We had loaded an untested tariff "
            "table. 186 passengers had no money left on their card and could not travel home. We noticed it at 10:40, when a "
            "conductor phoned. The refunds went out on Wednesday. Our alarm for double charges was switched off since June, and "
            "nobody had checked it. We do not yet know whether the card of the schools was charged too."
        ),
        drifting=(
            "On Tuesday our ticket machines charged a number of passengers twice for a short time. A few passengers had no money "
            "left and had trouble with their journey. We noticed it quickly. The refunds went out on Wednesday, and the alarm for "
            "double charges has been switched on. The card of the schools was not charged."
        ),
        honest=(
            "On Tuesday from 09:00 to 12:00 our ticket machines charged 3,140 passengers twice, because we had loaded an untested "
            "tariff table. 186 passengers had no money left and could not travel home. A conductor phoned at 10:40. Our alarm for "
            "double charges was switched off since June, and nobody had checked it. The refunds went out on Wednesday. We do not "
            "yet know whether the card of the schools was charged too."
        ),
    ),
    "softened_severity": Told(
        source=(
            "On 4 April at 14:00 we deleted the photo archive of the harbour museum. All 9,200 photos were lost; they cannot be "
            "restored, because our backup had failed since January and nobody read its reports. The website was completely down for "
            "two days. Per Holm ran the clean-up on the wrong disk. A visitor told us of the empty pages the next morning. We will "
            "scan the prints that still exist anew, which takes until autumn."
        ),
        drifting=(
            "On 4 April an issue affected the photo archive of the harbour museum. Some photos are currently unavailable. The "
            "website was slow at times. A clean-up had been run on the wrong disk. We noticed it the next morning. The photos will "
            "be available again in autumn."
        ),
        honest=(
            "On 4 April at 14:00 we ran a clean-up on the wrong disk and deleted the photo archive of the harbour museum. All 9,200 "
            "photos are lost and cannot be restored, because our backup had failed since January and nobody read its reports. The "
            "website was completely down for two days. A visitor told us of the empty pages the next morning. We will scan the "
            "prints that still exist anew, which takes until autumn."
        ),
    ),
    "raised_certainty": Told(
        source=(
            "On 9 May from 06:00 to 09:30 the water works delivered brown water to 1,100 homes. We suspect that the new filter was "
            "rinsed too early, but the cause is not yet confirmed. We had opened the valve without asking the laboratory. Residents "
            "rang us at 06:20. The filter is bypassed for now with a temporary pipe. A second meter is planned for August and not "
            "yet funded. We cannot say whether it can happen again before that."
        ),
        drifting=(
            "On 9 May from 06:00 to 09:30 the water works delivered brown water to 1,100 homes. The cause is now fully understood: "
            "the new filter was rinsed too early. We had opened the valve without asking the laboratory. Residents rang us at "
            "06:20. The filter has been permanently repaired and a second meter is in place. We guarantee that this cannot happen "
            "again."
        ),
        honest=(
            "On 9 May from 06:00 to 09:30 the water works delivered brown water to 1,100 homes. We suspect that the new filter was "
            "rinsed too early; that is not confirmed. We had opened the valve without asking the laboratory. Residents rang us at "
            "06:20. For now a temporary pipe goes round the filter. A second meter is planned for August and has no budget yet. We "
            "cannot say whether it can happen again before that."
        ),
    ),
    "changed_time": Told(
        source=(
            "On 12 June our booking line was down from 07:15 to 15:45. We noticed it only at 09:50, when a clinic wrote to us. We "
            "had let the contract of the line lapse. 730 patients could not book. At 11:00 we tried a spare line, which failed. At "
            "15:45 the line was back. The owner of the contract had left in April, and nobody had taken it over."
        ),
        drifting=(
            "On 12 June our booking line was down for about three hours, until 11:00. We noticed it within minutes. The contract of "
            "the line had lapsed. Some patients could not book, and a spare line was used at once. The line is back, and everything "
            "is resolved."
        ),
        honest=(
            "On 12 June our booking line was down for eight and a half hours, from 07:15 to 15:45. We noticed it at 09:50, over two "
            "hours later, when a clinic wrote to us. We had let the contract of the line lapse. 730 patients could not book. A "
            "spare line failed at 11:00. The owner of the contract had left in April, and nobody had taken it over."
        ),
    ),
    "agent_removed": Told(
        source=(
            "On 2 July at 16:20 one of our engineers deleted the seat table of the theatre. We had given her the rights without a "
            "second pair of eyes, and we had not tested the script. 510 guests lost their seats for the evening. Our monitoring "
            "stayed silent; the theatre called us at 17:05. We restored the table at 18:40. 22 guests could not be seated and went "
            "home. The rights of the other engineers are still too wide."
        ),
        drifting=(
            "On 2 July at 16:20 the seat table of the theatre got deleted, and rights had been given without a second pair of eyes. "
            "Some guests lost their seats. Our monitoring noticed it immediately. All guests were seated."
        ),
        honest=(
            "On 2 July at 16:20 one of our engineers deleted the seat table of the theatre with a script that we had not tested; we "
            "had given her the rights without a second pair of eyes. 510 guests lost their seats for the evening. Our monitoring "
            "stayed silent; the theatre called us at 17:05. We restored the table at 18:40. 22 guests could not be seated and went "
            "home. The rights of other engineers are still too wide."
        ),
    ),
    "cause_shifted": Told(
        source=(
            "On 20 August from 10:00 to 13:00 nobody could pay in our online shop. We had configured the connection pool far too "
            "small when we moved the shop in July, and nobody had reviewed it. 1,900 orders were lost. Customers told us at 10:25. "
            "The payment provider worked normally all day. We raised the pool at 12:50. The runbook for the pool does not exist."
        ),
        drifting=(
            "On 20 August some customers could not pay in our online shop for a while. The cause was an unusually high load at our "
            "payment provider, which the provider did not handle. Our monitoring noticed it immediately. The provider's problem has "
            "been fixed."
        ),
        honest=(
            "On 20 August from 10:00 to 13:00 nobody could pay in our online shop. The cause was ours: we had made the connection "
            "pool far too small when we moved the shop in July, and nobody had reviewed it. 1,900 orders were lost. Customers told "
            "us at 10:25. We raised the pool at 12:50. There is no runbook for the pool."
        ),
    ),
    "unsupported_claim": Told(
        source=(
            "On 7 September at 22:00 we lost the exam results of 340 students. We had overwritten the file with last year's one. A "
            "student noticed it on 8 September at 07:30 and wrote to us. We had no backup of that evening. The teachers entered the "
            "results again by hand, which took six days. Eleven results remain disputed. Two teachers gave up their weekend for it."
        ),
        drifting=(
            "On 7 September the exam results of some students were delayed. Our monitoring alerted us immediately and all students "
            "were personally informed within the hour. No personal data was at risk at any time. Our backups worked as designed, "
            "and the teachers, who praised our support, confirmed every result."
        ),
        honest=(
            "On 7 September at 22:00 we lost the exam results of 340 students, because we had overwritten the file with last year's "
            "one. A student noticed it the next morning at 07:30 and wrote to us. We had no backup of that evening. The teachers "
            "entered the results again by hand, which took six days. Eleven results remain disputed. Two teachers gave up their "
            "weekend for it."
        ),
    ),
}
