// Fingers, mouse and wheel on a part of the picture, as what they mean: point, pick, drag over a stretch, pan, zoom around a place.

const SLACK = 5;

/** Calls `to.point(x, y)` (null when away), `to.pick(x, y)`, `to.drag(x0, x1, done)`, `to.pan(pixels)`, `to.zoom(factor, x)`.

    A mouse drags over a stretch, with shift it pans; one finger pans, two zoom; up and down a finger scrolls the page. */
export function pointing(part, to) {
  const down = new Map();
  let moved = false;
  let apart = 0;
  const place = (event) => {
    const box = part.getBoundingClientRect();
    return {x: event.clientX - box.left, y: event.clientY - box.top};
  };

  part.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    part.setPointerCapture(event.pointerId);
    down.set(event.pointerId, {...place(event), began: place(event)});
    moved = down.size > 1;
    apart = 0;
  });

  part.addEventListener("pointermove", (event) => {
    const held = down.get(event.pointerId);
    const now = place(event);
    if (!held) {
      to.point(now.x, now.y);
      return;
    }
    const by = now.x - held.x;
    moved ||= Math.abs(now.x - held.began.x) > SLACK;
    Object.assign(held, now);
    if (!moved) return;
    if (down.size === 2) pinch();
    else if (event.pointerType === "mouse" && !event.shiftKey) to.drag(held.began.x, now.x, false);
    else to.pan(by);
  });

  const pinch = () => {
    const [one, other] = [...down.values()];
    const wide = Math.max(20, Math.hypot(one.x - other.x, one.y - other.y));
    if (apart) to.zoom(apart / wide, (one.x + other.x) / 2);
    apart = wide;
  };

  const up = (event) => {
    const held = down.get(event.pointerId);
    down.delete(event.pointerId);
    apart = 0;
    if (!held) return;
    if (event.type === "pointercancel") to.drag(0, 0, true);
    else if (!moved) to.pick(held.x, held.y, event.pointerType);
    else if (event.pointerType === "mouse" && !event.shiftKey) to.drag(held.began.x, held.x, true);
  };
  part.addEventListener("pointerup", up);
  part.addEventListener("pointercancel", up);
  part.addEventListener("pointerleave", () => to.point(null, null));

  part.addEventListener("wheel", (event) => {
    if (!to.takesWheel(event)) return;
    event.preventDefault();
    const steep = Math.max(-120, Math.min(120, event.deltaMode === 1 ? event.deltaY * 33 : event.deltaY));
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) to.pan(-(event.deltaX || event.deltaY));
    else to.zoom(2 ** (steep / 160), place(event).x);
  }, {passive: false});
}
