// What a page does besides, where scripts run. Without it every page works.
"use strict";

// Whoever listens to the page hears first what is wrong.
document.querySelector("[data-focus]")?.focus();

// A second tap does nothing; the server would do nothing twice either.
for (const form of document.forms) {
  let sent = false;
  form.addEventListener("submit", (event) => {
    if (sent) return event.preventDefault();
    sent = true;
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-disabled", "true");
  });
  // Back to the page from where it went: the form may be sent again.
  addEventListener("pageshow", () => {
    sent = false;
    for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
  });
}

// A secret behind the "#" of an address goes to no server: it is put into its field, and out of sight.
for (const field of document.querySelectorAll("[data-from-address]")) {
  if (location.hash.length < 2) continue;
  field.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}
