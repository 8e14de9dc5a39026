// Whoever deletes everything deletes what this browser kept of it, too.

document.querySelector('form[action="/practice/forget"]')?.addEventListener("submit", () => {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith("amends-practice:")) localStorage.removeItem(name);
  } catch {
    // a browser that keeps nothing
  }
});
