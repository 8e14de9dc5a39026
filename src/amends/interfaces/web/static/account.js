// The account: a form asks only for what its kind of claim has, and entries are chosen with few clicks. What stands open in a list stays
// open when others change it by a setting of htmx that the page carries (`morphSkip`).

/** Of a form that offers several kinds, only the fields that the chosen one has; what was typed into another stays where it is. */
function fit(form) {
  const kind = form.querySelector("[name=kind]").value;
  for (const part of form.querySelectorAll("[data-for]")) {
    const filled = [...part.querySelectorAll("input, textarea")].some((one) => one.value.trim());
    part.hidden = !filled && !part.dataset.for.split(" ").includes(kind);
  }
}

for (const form of document.querySelectorAll("form:has([data-for])")) {
  fit(form);
  form.addEventListener("change", () => fit(form));
}

// ---- choosing entries: how many are ticked, and all between two with Shift ------------------------------------------------

const choose = document.querySelector("#choose");
let last = null;

function count() {
  const ticked = choose.querySelectorAll("input:checked").length;
  document.querySelector("#ticked").textContent = ticked ? ` (${ticked})` : "";
}

choose?.addEventListener("click", (event) => {
  if (!event.target.matches("input[type=checkbox]")) return;
  const boxes = [...choose.querySelectorAll("input[type=checkbox]:not(:disabled)")];
  const [from, to] = [boxes.indexOf(last), boxes.indexOf(event.target)].sort((one, two) => one - two);
  if (event.shiftKey && from >= 0) for (const box of boxes.slice(from, to + 1)) box.checked = event.target.checked;
  last = event.target;
});
choose?.addEventListener("change", count);
if (choose) count();
