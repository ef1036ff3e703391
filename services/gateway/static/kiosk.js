// The terminal looks after itself: it asks whether somebody is still there, starts afresh, and has keys for figures.
// Without scripts a page returns to the start after a while, and fields are filled in with the system's keyboard.

const there = document.querySelector("#there");
const { start, afresh, idle, grace } = there.dataset;
const AGAIN = 5000; // milliseconds until a station that did not answer is tried again
const RENEW = 10 * 60 * 1000; // the start page shows what holds now
const atStart = "atStart" in there.dataset;

let timer;

function empty() {
  for (const form of document.forms) form.reset();
  for (const field of document.querySelectorAll("input:not([type=hidden]), textarea")) field.value = "";
}

// Never leave the page for one that does not come: the browser's own error page knows no way back.
async function startAfresh() {
  empty();
  try {
    const answer = await fetch(start, { method: "HEAD", cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    location.replace(afresh);
  } catch {
    timer = setTimeout(startAfresh, AGAIN);
  }
}

function ask() {
  there.showModal();
  timer = setTimeout(startAfresh, grace * 1000);
}

function touched() {
  clearTimeout(timer);
  if (there.open) return;
  timer = atStart ? setTimeout(startAfresh, RENEW) : setTimeout(ask, idle * 1000);
}

for (const kind of ["pointerdown", "keydown", "input", "wheel"]) {
  document.addEventListener(kind, touched, { passive: true });
}
there.addEventListener("close", touched);
addEventListener("pageshow", (event) => {
  if (event.persisted) location.replace(afresh); // the way back does not lead to what somebody else typed
});
addEventListener("contextmenu", (event) => event.preventDefault());

const pad = document.querySelector("[data-pad]");
if (pad) {
  let field = document.getElementById(pad.dataset.pad);
  pad.hidden = false;
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("input.nqi-in")) field = event.target;
  });
  pad.addEventListener("click", (event) => {
    const key = event.target.closest("[data-key]")?.dataset.key;
    if (!key) return;
    if (key === "clear") field.value = "";
    else if (key === "back") field.value = field.value.slice(0, -1);
    else if (field.maxLength < 0 || field.value.length < field.maxLength) field.value += key;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

touched();
