// What pages with forms share: fields for a time take the reader's zone, and a second click waits for the first.

const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
const two = (number) => String(number).padStart(2, "0");

function asField(at, exactly) {
  const minute = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
  const part = at.getMilliseconds() ? `.${String(at.getMilliseconds()).padStart(3, "0")}` : "";
  return exactly ? `${minute}:${two(at.getSeconds())}${part}` : minute;
}

/** What was typed before in another zone stays in that zone; everything else is in the reader's. */
export function takeZone(part) {
  for (const form of part.querySelectorAll("form:has([data-tz])")) {
    const field = form.querySelector("[data-tz]");
    if (field.value) continue;
    field.value = ZONE;
    for (const name of form.querySelectorAll("[data-zone]")) name.textContent = ZONE;
    for (const time of form.querySelectorAll("[data-at]")) time.value = asField(new Date(time.dataset.at), time.hasAttribute("step"));
  }
}

/** A form is sent once, until its page is shown again. */
export function once(forms) {
  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  }
  addEventListener("pageshow", () => forms.forEach((form) => delete form.dataset.sent));
}
