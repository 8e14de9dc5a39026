// What kinds and levels look like. A kind is a shape and a level is a shape of its own in lines of logs, so colour is never alone.

/** Paths in a box of ten by ten. */
const PATHS = {
  log: "M4 0h2v10h-2z",
  chat: "M1 1h8v6h-4l-2.500 2.500v-2.500h-1.500z",
  alert: "M5 0l5 9.500h-10z",
  deploy: "M5 0l5 5h-3v5h-4v-5h-3z",
  commit: "M5 0l5 5l-5 5l-5 -5z",
  ticket: "M0 1.500h10v7h-10z",
  status: "M5 0a5 5 0 1 0 0.010 0z",
  mail: "M0 1.500h10l-5 4.500zM0 3.500l5 4.500l5 -4.500v5.500h-10z",
  other: "M3 3h4v4h-4z",
  promise: "M1 0h1.500v1h7l-2 2.500l2 2.500h-7v4h-1.500z",
  clock: "M5 -0.500a5.500 5.500 0 1 0 0.010 0zM5 1a4 4 0 1 1 -0.010 0zM4.300 2.200h1.400v2.500l1.800 1.300l-0.800 1.100l-2.400 -1.700z",
  update: "M0 3h3l5 -3v10l-5 -3h-3z",
};

export const WARNING = 5;
export const ERROR = 6;
export const CRITICAL = 7;

/** The name of the colour (a token) of a level. */
export const tone = (level) => (level >= ERROR ? "missed" : level === WARNING ? "soon" : "quiet");

const shapes = new Map();

/** The shape of a kind for a canvas. */
export function shape(kind) {
  if (!shapes.has(kind)) shapes.set(kind, new Path2D(PATHS[kind] ?? PATHS.other));
  return shapes.get(kind);
}

const LEVEL_MARKS = {
  error: "M3 0h4l3 3v4l-3 3h-4l-3 -3v-4z",
  warning: "M5 0l5 10h-10z",
  quiet: "M5 2.500a2.500 2.500 0 1 0 0.010 0z",
};

/** A small picture for text: the kind, in the colour of the level; a log line has the mark of its level. */
export function icon(kind, level) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const levelPath = level >= ERROR ? LEVEL_MARKS.error : level === WARNING ? LEVEL_MARKS.warning : LEVEL_MARKS.quiet;
  path.setAttribute("d", kind === "log" ? levelPath : PATHS[kind] ?? PATHS.other);
  made.setAttribute("viewBox", "-1 -1 12 12");
  made.setAttribute("aria-hidden", "true");
  made.setAttribute("class", `tl-icon tl-tone-${tone(level)}`);
  made.append(path);
  return made;
}
