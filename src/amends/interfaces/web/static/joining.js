// Joins texts that were written in two places.

/** Where two texts differ: one replacement that turns `before` into `after`. */
export function difference(before, after) {
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) start += 1;
  let tail = 0;
  while (tail < shortest - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return {from: start, to: before.length - tail, insert: after.slice(start, after.length - tail)};
}

/** What two people made of the same `base`, in one text; null where they touched the same words. */
export function joined(base, theirs, mine) {
  const one = difference(base, theirs);
  const two = difference(base, mine);
  const [first, second] = one.from <= two.from ? [one, two] : [two, one];
  if (theirs === base || mine === base) return theirs === base ? mine : theirs;
  if (first.to > second.from || first.from === second.from) return null;
  return base.slice(0, first.from) + first.insert + base.slice(first.to, second.from) + second.insert + base.slice(second.to);
}

/** A text as sentences, each with the space behind it. */
function sentences(text) {
  return text.match(/[^\n]*?(?:[.!?]["”)\]]*(?=\s|$)[ \t]*\n*|\n+|$)/g).filter(Boolean);
}

const MOST = 2000;

/** Both texts in one: what they share once, and where they differ `theirs` before `mine`. Texts that share nothing follow each other. */
export function both(theirs, mine) {
  const apart = `${theirs.trimEnd()}\n\n${mine}`;
  const [one, two] = [sentences(theirs), sentences(mine)];
  if (one.length > MOST || two.length > MOST) return apart;
  const same = (i, j) => one[i].trim() === two[j].trim();
  const shared = Array.from({length: one.length + 1}, () => new Uint16Array(two.length + 1));
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = two.length - 1; j >= 0; j -= 1) {
      shared[i][j] = same(i, j) ? shared[i + 1][j + 1] + 1 : Math.max(shared[i + 1][j], shared[i][j + 1]);
    }
  }
  if (!shared[0][0]) return apart;
  const parts = [];
  let [i, j] = [0, 0];
  while (i < one.length || j < two.length) {
    if (i < one.length && j < two.length && same(i, j)) {
      parts.push(two[j]);
      [i, j] = [i + 1, j + 1];
    } else if (i < one.length && (j === two.length || shared[i + 1][j] >= shared[i][j + 1])) {
      parts.push(one[i]);
      i += 1;
    } else {
      parts.push(two[j]);
      j += 1;
    }
  }
  return parts.reduce((text, part) => text + (/\S$/.test(text) && /^\S/.test(part) ? " " : "") + part, "");
}
