"use strict";

// Without this the page works too, by loading anew.
const EVERY = 1200;

function toTheEnd(chat) {
  chat.scrollTop = chat.scrollHeight;
}

async function refresh(chat) {
  let text;
  try {
    const answer = await fetch(chat.dataset.source);
    if (!answer.ok) return;
    text = await answer.text();
  } catch {
    return; // away for a moment
  }
  if (text === chat.shown) return;
  chat.shown = text;
  chat.innerHTML = text;
  toTheEnd(chat);
}

async function send(event) {
  const form = event.target;
  if (!form.matches(".say, .choices")) return;
  event.preventDefault();
  const data = new FormData(form, event.submitter);
  const chosen = document.querySelector(`input[name=reply_to][form="${form.id}"]:checked`);
  if (chosen) data.set("reply_to", chosen.value);
  form.reset();
  shown(form);
  const answer = await fetch(form.action, { method: "POST", body: data });
  const problem = new URL(answer.url).searchParams.get("problem");
  if (problem) window.alert(problem);
  refresh(form.closest(".phone").querySelector(".chat"));
}

function shown(form) {
  const files = form.querySelector("input[type=file]");
  const output = form.querySelector("output");
  if (files && output) output.value = [...files.files].map((file) => file.name).join(", ");
}

document.addEventListener("submit", send);
document.addEventListener("change", (event) => event.target.type === "file" && shown(event.target.form));
document.addEventListener("keydown", (event) => {
  if (event.target.matches("textarea") && event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});
for (const chat of document.querySelectorAll(".chat")) {
  toTheEnd(chat);
  setInterval(() => document.hidden || refresh(chat), EVERY);
}
