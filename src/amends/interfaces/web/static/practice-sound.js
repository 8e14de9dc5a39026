// What can be known of a recording without understanding it: how long it is, and where nobody speaks. Frames of 20 ms, their loudness,
// and a floor made of the recording itself; nothing leaves this page.

export const FRAME_S = 0.02;
export const LONG_S = 2;
const QUIET_SHARE = 0.15;
const ABOVE_FLOOR = 3;
const LEAST = 0.004;
const SHORTEST_S = 0.1;

/** The loudness of each frame of samples. */
export function frames(samples, rate) {
  const size = Math.max(1, Math.round(rate * FRAME_S));
  const found = [];
  for (let at = 0; at + size <= samples.length; at += size) {
    let sum = 0;
    for (let place = at; place < at + size; place += 1) sum += samples[place] * samples[place];
    found.push(Math.sqrt(sum / size));
  }
  return found;
}

/** The stretches of speech as [from, to] in seconds. What is shorter than a syllable is a click, and gaps that short are none. */
export function speech(loudness) {
  if (!loudness.length) return [];
  const sorted = [...loudness].sort((one, other) => one - other);
  const floor = sorted[Math.floor(sorted.length * QUIET_SHARE)];
  const top = sorted[Math.floor(sorted.length * 0.95)];
  const limit = Math.max(LEAST, Math.min(floor * ABOVE_FLOOR, top / 4));
  const runs = [];
  let from = -1;
  for (let at = 0; at <= loudness.length; at += 1) {
    const loud = at < loudness.length && loudness[at] > limit;
    if (loud && from < 0) from = at;
    if (loud || from < 0) continue;
    const last = runs.at(-1);
    if (last && (from - last[1]) * FRAME_S < SHORTEST_S) last[1] = at;
    else runs.push([from, at]);
    from = -1;
  }
  return runs.filter(([start, end]) => (end - start) * FRAME_S >= SHORTEST_S).map((run) => run.map((at) => at * FRAME_S));
}

/** The second at which a share (0 to 1) of the speaking is over. */
export function secondAt(runs, share) {
  const all = runs.reduce((sum, [from, to]) => sum + to - from, 0);
  let left = all * share;
  for (const [from, to] of runs) {
    if (left < to - from) return from + left;
    left -= to - from;
  }
  return runs.length ? runs.at(-1)[1] : 0;
}

/** The pauses as [at, seconds] between stretches of speech; what comes before the first word counts, too. */
export function pauses(runs) {
  const found = [];
  let at = 0;
  for (const [from, to] of runs) {
    if (from > at) found.push([at, from - at]);
    at = to;
  }
  return found;
}

const FILLERS = /\b(?:u+h*m+|u+h+|e+r+m*|a+h+m*|h+m+|you know|i mean|sort of|kind of|basically|like,)(?![\w'])/gi;

/** Sounds and words that fill a gap, as they were written down. */
export function fillers(text) {
  return (text.match(FILLERS) ?? []).length;
}

/** How a turn was spoken, in the words that the server keeps. `owned` is where the sentence that owns it begins in `text`, or null. */
export function told(runs, text, owned) {
  const seconds = runs.length ? runs.at(-1)[1] : 0;
  const words = (part) => part.split(/\s+/).filter(Boolean).length;
  const at = owned === null || !words(text) ? null : secondAt(runs, words(text.slice(0, owned)) / words(text));
  const long = pauses(runs).filter(([from, length]) => length > LONG_S && (at === null || from < at));
  const longest = Math.max(0, ...pauses(runs).map(([, length]) => length));
  const round = (value) => Math.round(value * 10) / 10;
  return {
    seconds: round(seconds), pauses: long.length, longest_pause: round(longest), fillers: fillers(text),
    ownership_at: at === null ? null : round(at), pace: seconds >= 1 ? Math.round((60 * words(text)) / seconds) : null,
  };
}
