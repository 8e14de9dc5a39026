// Instants are microseconds since 1970 in UTC. They are written in a zone, and the zone is always written with them.

export const SECOND = 1e6;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Outside of these years clocks had no zones, so UTC is written. In milliseconds. */
const KNOWN = [Date.UTC(1900, 0), Date.UTC(2200, 0)];
const QUARTER = 15 * 60e3;
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const WEEKDAYS = "Sun Mon Tue Wed Thu Fri Sat".split(" ");

export const own = () => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** Microseconds of an ISO time; null for null or for what is no time. */
export function microsOf(written) {
  const read = written ? Date.parse(written) : NaN;
  return Number.isNaN(read) ? null : read * 1000;
}

/** How a zone tells time: asked of the browser once for a quarter of an hour, as it takes long. */
export class Zone {
  #offsets = new Map();
  #parts;

  /** RangeError for a zone that the browser does not know. */
  constructor(name) {
    this.name = name;
    this.#parts = new Intl.DateTimeFormat("en-GB", {
      timeZone: name, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric",
      second: "numeric", timeZoneName: "short",
    });
  }

  /** Microseconds to add to UTC, and what the zone is called then. */
  at(micros) {
    const milliseconds = Math.floor(micros / 1000);
    if (this.name === "UTC" || milliseconds < KNOWN[0] || milliseconds > KNOWN[1]) return {shift: 0, label: "UTC"};
    const quarter = Math.floor(milliseconds / QUARTER);
    let found = this.#offsets.get(quarter);
    if (!found) {
      const part = Object.fromEntries(this.#parts.formatToParts(quarter * QUARTER).map(({type, value}) => [type, value]));
      const told = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
      found = {shift: (told - quarter * QUARTER) * 1000, label: part.timeZoneName};
      this.#offsets.set(quarter, found);
    }
    return found;
  }

  /** The pieces of a written time: date ("4 Mar 2026"), day ("Wed 4 Mar"), clock with all digits that are not zero, zone ("BST"). */
  tell(micros) {
    const {shift, label} = this.at(micros);
    const local = micros + shift;
    const date = new Date(Math.floor(local / 1000));
    const rest = ((local % SECOND) + SECOND) % SECOND;
    const day = `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
    const digits = rest === 0 ? "" : `.${String(Math.round(rest)).padStart(6, "0").replace(/000$/, "")}`;
    const clock = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map((part) => String(part).padStart(2, "0"));
    return {
      date: `${day} ${date.getUTCFullYear()}`, day: `${WEEKDAYS[date.getUTCDay()]} ${day}`, short: day,
      minute: `${clock[0]}:${clock[1]}`, second: clock.join(":"), clock: clock.join(":") + digits, zone: label,
    };
  }

  /** "4 Mar 2026 10:42:07.123 BST" */
  full(micros) {
    const told = this.tell(micros);
    return `${told.date} ${told.clock} ${told.zone}`;
  }
}

/** A span of time in words: "4 Mar 2026, 09:00:00–12:15:30 GMT". */
export function spanned(zone, from, to) {
  const first = zone.tell(from);
  const last = zone.tell(to);
  const digits = to - from < 10 * SECOND ? "clock" : "second";
  const named = first.zone === last.zone ? "" : ` ${first.zone}`;
  if (first.date === last.date) return `${first.date}, ${first[digits]}${named}–${last[digits]} ${last.zone}`;
  return `${first.date} ${first[digits]}${named} – ${last.date} ${last[digits]} ${last.zone}`;
}

/** How long, to two figures: "3 min 20 s". */
export function lasting(micros) {
  const units = [["d", DAY], ["h", HOUR], ["min", MINUTE], ["s", SECOND], ["ms", 1000], ["µs", 1]];
  const at = units.findIndex(([, size]) => micros >= size);
  if (at < 0) return "0 s";
  const [name, size] = units[at];
  const whole = Math.floor(micros / size);
  const next = units[at + 1];
  const rest = next ? Math.floor((micros - whole * size) / next[1]) : 0;
  return rest && at < 3 ? `${whole} ${name} ${rest} ${next[0]}` : `${whole} ${name}`;
}
