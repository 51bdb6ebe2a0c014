// @ts-check
// Puts a discussion into a page of another site: a frame in place of the link that stands there. docs/embedding.md.
// Sent as it is from an address that stays the same, so it names no other file; it leaves no name and no cookie behind.

const WORDS = /* words */ { title: "Comments", silent: "The comments could not be shown here. The link above leads to them." } /* end */;
const HOME = new URL(import.meta.url).origin;
const PATIENCE = 10_000; // milliseconds for the frame to answer before it is said in words that it does not
const NEAR = "800px"; // how far from being seen it begins to load
const SANDBOX = "allow-scripts allow-same-origin allow-forms allow-popups allow-popups-to-escape-sandbox";

for (const place of document.querySelectorAll("[data-broadsheet-discussion], [data-broadsheet-comment]")) {
  if (place instanceof HTMLElement) begin(place);
}

/** @param {HTMLElement} place */
function begin(place) {
  const comment = /^#comment-(\d+)$/.exec(location.hash)?.[1];
  if (comment) return load(place, comment);
  const watch = new IntersectionObserver(
    (seen) => {
      if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
      watch.disconnect();
      load(place, "");
    },
    { rootMargin: NEAR },
  );
  watch.observe(place);
}

/**
 * @param {HTMLElement} place
 * @param {string} comment the number of one to lead to
 */
function load(place, comment) {
  const link = [...place.childNodes];
  const says = document.createElement("p");
  const frame = document.createElement("iframe");
  frame.title = WORDS.title;
  frame.setAttribute("sandbox", SANDBOX);
  frame.allow = "clipboard-write";
  frame.src = address(place, comment);
  // Set one by one: a host that forbids styles in its HTML allows this.
  Object.assign(frame.style, { display: "block", width: "100%", height: "0", border: "0", visibility: "hidden" });
  let isReady = false;
  let isDue = false;
  /** Tell the frame, once for each picture of the screen, how much of it lies above and below what the reader sees. */
  const tellSight = () => {
    if (isDue || !isReady || place.dataset["broadsheetComment"]) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      const { top, bottom } = frame.getBoundingClientRect();
      const hidden = { above: Math.max(0, -top), below: Math.max(0, bottom - innerHeight) };
      frame.contentWindow?.postMessage({ broadsheet: "sight", ...hidden }, HOME);
    });
  };
  addEventListener("scroll", tellSight, { passive: true, capture: true });
  addEventListener("resize", tellSight);
  const silent = setTimeout(() => place.append(says), PATIENCE);
  says.setAttribute("role", "status");
  says.textContent = WORDS.silent;
  frame.addEventListener("load", () => {
    const { scheme, accent } = place.dataset;
    const page = location.href.replace(/#.*/, "");
    frame.contentWindow?.postMessage({ broadsheet: "hello", scheme, accent, page }, HOME);
  });
  addEventListener("message", ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== HOME) return;
    const { broadsheet: kind, height, show, count } = Object(data);
    if (kind === "ready" || kind === "waits") {
      clearTimeout(silent);
      for (const node of [...link, says]) node.remove();
      frame.style.visibility = "";
      if (isReady && frame.getBoundingClientRect().top < 0) frame.scrollIntoView(); // another page of the frame
      isReady = true;
    }
    if (Number.isFinite(height) && height > 0) frame.style.height = `${height}px`;
    tellSight();
    if (Number.isFinite(show)) scrollTo({ top: frame.getBoundingClientRect().top + scrollY + show });
    if (kind === "ready" || kind === "count" || kind === "posted") {
      const detail = Number.isInteger(count) ? { count } : {};
      place.dispatchEvent(new CustomEvent(`broadsheet:${kind}`, { bubbles: true, detail }));
    }
  });
  place.append(frame);
}

/**
 * @param {HTMLElement} place
 * @param {string} comment
 */
function address({ dataset }, comment) {
  const { broadsheetComment: quoted } = dataset;
  if (quoted) return `${HOME}/embed/comments/${encodeURIComponent(quoted)}/quote/`;
  const found = new URL("/embed/at/", HOME);
  found.searchParams.set("url", dataset["url"] ?? location.href.replace(/#.*/, ""));
  if (comment) found.searchParams.set("comment", comment);
  return found.href;
}
