// The workbench by keyboard: J and K or the arrows move through the queue, I opens the candidates, / searches, ? lists the keys.
// Letters work only outside fields, and can be switched off; everything can be done with Tab as well.

const OFF = "nqi-keys-off";
const help = document.querySelector("#keys-help");
const choice = help.querySelector("[data-keys]");

const lettersWork = () => localStorage.getItem(OFF) === null;

choice.checked = lettersWork();
choice.addEventListener("change", () => {
  if (choice.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "1");
});

function move(by) {
  const rows = [...document.querySelectorAll(".nqi-row-item, .nqi-slot")].filter((row) => row.offsetParent);
  if (!rows.length) return false;
  const focused = rows.indexOf(document.activeElement);
  const at = focused >= 0 ? focused : rows.findIndex((row) => row.ariaCurrent === "true");
  const next = at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by));
  rows[next].focus();
  return true;
}

function search() {
  const field = document.querySelector("#search");
  if (!field?.offsetParent) return false;
  field.focus();
  field.select();
  return true;
}

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  i: () => {
    const candidates = document.querySelector("[data-invite]");
    if (!candidates?.offsetParent) return false;
    candidates.click();
    return true;
  },
  "/": search,
  "?": () => {
    help.showModal();
    return true;
  },
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
  const place = event.target;
  if (place.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(place.tagName)) return;
  const arrow = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const onRow = place.matches(".nqi-row-item, .nqi-slot");
  const done = arrow ? onRow && move(arrow) : lettersWork() && KEYS[event.key.toLowerCase()]?.();
  if (done) event.preventDefault();
});

// Choosing from the list of all items takes back the suggestion, and the other way round: one of them counts.
document.addEventListener(
  "change",
  (event) => {
    const form = document.querySelector("#assess");
    if (!form) return;
    if (event.target === form.elements.other && event.target.value) {
      for (const radio of form.querySelectorAll("[name=pick]")) radio.checked = false;
    } else if (event.target.name === "pick") {
      form.elements.other.value = "";
    }
  },
  true,
);
