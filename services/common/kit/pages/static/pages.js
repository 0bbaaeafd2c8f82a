// What a page does besides, where scripts run. Without it every page works.
"use strict";

// Whoever listens to the page hears first what is wrong.
document.querySelector("[data-focus]")?.focus();

// A page that says what is wrong with a form is the answer to it: "back" and "again" would ask whether to send it once
// more. They go to where the form was instead, unless the form itself waits here for a sign-in.
const shownAt = document.querySelector(".wrong") && document.querySelector("input[name=dari]");
if (shownAt && !document.querySelector("input[name=isian]")) history.replaceState(null, "", shownAt.value);

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

// Something is being made: the page is loaded again until it is there, slower and slower, as long as somebody looks at
// it. What is stuck is not asked for without end: the page has a link for who wants to go on.
const TRIES = 20;

for (const waits of document.querySelectorAll("[data-again]")) {
  const tried = history.state?.tried ?? 0; // kept when the page is loaded again
  if (tried >= TRIES) break;
  const timer = setInterval(() => {
    if (document.hidden) return;
    clearInterval(timer);
    history.replaceState({ tried: tried + 1 }, "");
    location.reload();
  }, 1000 * waits.dataset.again * (1 + tried / 4));
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

// A photo: advice before it is sent, never in the way; sent with its progress, and again when the connection is lost.
// The server takes the same bytes as the same file, so that again does no harm.
const WAITS = [1, 2, 4, 8, 15].map((seconds) => seconds * 1000);

for (const form of document.querySelectorAll("form[data-upload]")) {
  const input = form.querySelector("input[type=file]");
  const [advice, news] = ["[data-advice]", "[data-news]"].map((name) => form.querySelector(name));
  const bar = form.querySelector("progress");
  const say = (text) => { news.textContent = text ?? ""; };

  input.addEventListener("change", async () => {
    say();
    document.querySelector(".wrong")?.remove();
    advice.textContent = "";
    const file = input.files[0];
    if (!file) return;
    const found = await looks(file).catch(() => null); // a PDF, or what this browser cannot read: nothing to say
    if (file === input.files[0] && found) advice.textContent = form.dataset[found] ?? "";
  });

  form.addEventListener("submit", async (event) => {
    if (!input.files[0]) return; // the server says what is missing
    event.preventDefault();
    const body = new FormData(form);
    for (let tried = 0; ; tried += 1) {
      say(form.dataset.sending);
      bar.hidden = false;
      const answer = await send(form.action, body, (part) => { bar.value = part; });
      bar.hidden = true;
      if (answer.status === 204) return location.assign(answer.to);
      if (answer.status === 401) return ended();
      if (answer.status && answer.status < 500 && answer.status !== 429) return refused(answer.text);
      if (tried === WAITS.length) break;
      say(form.dataset.lost);
      await rest(WAITS[tried]);
    }
    say(form.dataset.failed);
    dispatchEvent(new Event("pageshow")); // the form may be sent again
  });

  function ended() {
    const link = document.createElement("a");
    link.href = `/masuk?ke=${encodeURIComponent(location.pathname)}`;
    link.textContent = form.dataset.ended;
    news.replaceChildren(link);
  }

  function refused(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const wrong = page.querySelector(".wrong") ?? document.createElement("section");
    if (!wrong.className) { // a page that says no more than that it cannot be done
      Object.assign(wrong, { className: "wrong", tabIndex: -1, textContent: page.querySelector("main")?.textContent });
      wrong.setAttribute("role", "alert");
    }
    document.querySelector(".wrong")?.remove();
    say();
    input.value = "";
    advice.textContent = "";
    form.before(wrong);
    wrong.focus();
    dispatchEvent(new Event("pageshow"));
  }
}

// As long as that, or until there is a connection again.
function rest(milliseconds) {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
    addEventListener("online", resolve, { once: true });
  });
}

// {status, to, text}; status is 0 when nothing came back.
function send(address, body, progress) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("X-By-Script", "1");
    request.setRequestHeader("Accept", "text/html");
    request.upload.onprogress = (event) => progress(event.loaded / event.total);
    request.onloadend = () => resolve({
      status: request.status, to: request.getResponseHeader("Location"), text: request.responseText,
    });
    request.send(body);
  });
}

// "dark" or "blurred", of a photo made small: how bright it is, and how much neighbouring points differ.
async function looks(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, 640 / Math.max(picture.width, picture.height));
  const width = Math.round(picture.width * scale), height = Math.round(picture.height * scale);
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const drawing = canvas.getContext("2d");
  drawing.drawImage(picture, 0, 0, width, height);
  const { data } = drawing.getImageData(0, 0, width, height);
  const light = new Float32Array(width * height);
  for (let at = 0; at < light.length; at += 1) {
    light[at] = 0.299 * data[4 * at] + 0.587 * data[4 * at + 1] + 0.114 * data[4 * at + 2];
  }
  const mean = light.reduce((sum, one) => sum + one, 0) / light.length;
  let sum = 0, squares = 0, count = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const at = y * width + x;
      const edge = light[at - 1] + light[at + 1] + light[at - width] + light[at + width] - 4 * light[at];
      sum += edge;
      squares += edge * edge;
      count += 1;
    }
  }
  const sharpness = squares / count - (sum / count) ** 2;
  return mean < 45 ? "dark" : sharpness < 50 ? "blurred" : null;
}

// A secret behind the "#" of an address goes to no server: it is put into its field, and out of sight.
for (const field of document.querySelectorAll("[data-from-address]")) {
  if (location.hash.length < 2) continue;
  field.value = location.hash.slice(1);
  history.replaceState(null, "", location.pathname);
}
