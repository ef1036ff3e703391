// What every page with something live needs: the quiet line of news, printing, and where the focus goes.
// All of it only adds to pages that work without it.

const NEWS_AFTER = [500, 2500]; // milliseconds: the ledger hears of an event a moment after we do

let source;
let address;
let timers = [];

function lookForNews() {
  timers.forEach(clearTimeout);
  timers = NEWS_AFTER.map((wait) =>
    setTimeout(() => document.querySelector("#news")?.dispatchEvent(new Event("nqi-news")), wait),
  );
}

function concerns(news, place) {
  return !place.dataset.request || place.dataset.request === news.request_id;
}

function listen() {
  const place = document.querySelector("#news");
  if (!place?.dataset.events || place.dataset.events === address) return;
  source?.close();
  address = place.dataset.events;
  source = new EventSource(address);
  source.onopen = lookForNews; // something may have passed since the page was made, or while we were away
  source.onmessage = (message) => {
    const now = document.querySelector("#news");
    if (now && concerns(JSON.parse(message.data), now)) lookForNews();
  };
}

addEventListener("pagehide", () => {
  source?.close();
  timers.forEach(clearTimeout);
});
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    address = undefined;
    listen();
    lookForNews();
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "part") {
    document.querySelector("#part h1")?.focus({ preventScroll: true });
    listen();
  }
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

listen();
