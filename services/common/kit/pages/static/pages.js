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

// Something is being made: the page is loaded again until it is there, as long as somebody looks at it.
for (const waits of document.querySelectorAll("[data-again]")) {
  setInterval(() => document.hidden || location.reload(), 1000 * waits.dataset.again);
}

// A file may be dropped anywhere on the page.
for (const place of document.querySelectorAll("[data-drop]")) {
  const field = place.querySelector("input[type=file]");
  for (const kind of ["dragover", "drop"]) {
    addEventListener(kind, (event) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      place.classList.toggle("dropping", kind === "dragover");
      if (kind === "dragover" || event.dataTransfer.files.length !== 1) return;
      field.files = event.dataTransfer.files;
      field.focus();
    });
  }
  addEventListener("dragleave", (event) => event.relatedTarget || place.classList.remove("dropping"));
}

// Scans: one at a time, larger and turned.
for (const viewer of document.querySelectorAll("[data-viewer]")) {
  const papers = [...viewer.querySelectorAll(".paper")];
  const ways = [...viewer.querySelectorAll(".tabs a")];
  let shown = papers[0], size = 0, turns = 0;
  const draw = () => {
    for (const paper of papers) paper.hidden = paper !== shown;
    for (const way of ways) {
      if (way.hash === "#" + shown.id) way.setAttribute("aria-current", "true"); else way.removeAttribute("aria-current");
    }
    const frame = shown.querySelector(".frame");
    if (frame) frame.className = `frame size-${size} turn-${turns}`;
  };
  for (const way of ways) {
    way.addEventListener("click", (event) => {
      event.preventDefault();
      shown = papers.find((paper) => "#" + paper.id === way.hash) ?? shown;
      size = turns = 0;
      draw();
    });
  }
  for (const button of viewer.querySelectorAll("[data-zoom]")) {
    button.addEventListener("click", () => { size = Math.min(3, Math.max(0, size + Number(button.dataset.zoom))); draw(); });
  }
  viewer.querySelector("[data-turn]")?.addEventListener("click", () => { turns = (turns + 1) % 4; draw(); });
  viewer.querySelector(".tools")?.removeAttribute("hidden");
  draw();
}
