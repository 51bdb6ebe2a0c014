// @ts-check
// Fills the number of comments into a page of another site, wherever it names a story's address: docs/embedding.md.
// Where nothing is known of an address, what stands there stays.

const HOME = new URL(import.meta.url).origin;
const AT_ONCE = 100; // addresses to one question: MOST_ADDRESSES of embed/counts.py

/** @type {Map<string, HTMLElement[]>} */ const places = new Map();
for (const place of document.querySelectorAll("[data-broadsheet-count]")) {
  if (!(place instanceof HTMLElement)) continue;
  const url = new URL(place.dataset["broadsheetCount"] ?? "", location.href).href;
  places.set(url, [...(places.get(url) ?? []), place]);
}
const urls = [...places.keys()];
for (let start = 0; start < urls.length; start += AT_ONCE) void fill(urls.slice(start, start + AT_ONCE));

/** @param {string[]} asked */
async function fill(asked) {
  const question = new URLSearchParams(asked.map((url) => ["url", url]));
  const answer = await fetch(`${HOME}/embed/counts.json?${question}`, { credentials: "omit" });
  if (!answer.ok) return;
  const { counts } = await answer.json();
  for (const url of asked) {
    const number = counts[url];
    if (!Number.isInteger(number)) continue;
    for (const place of places.get(url) ?? []) place.textContent = number.toLocaleString(document.documentElement.lang || undefined);
  }
}

export {};
