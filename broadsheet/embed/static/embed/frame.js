// @ts-check
// The talk between a framed page and the host's page, which `loader.js` leads there. Both sides say whom they mean.
import { MARKER } from "../core/here.js";
import { Colours } from "./host-colours.js";
import { begin } from "./links.js";
import { Sight } from "./sight.js";
import { SignIn } from "./sign-in.js";

begin();
const sites = document.querySelector("meta[name=embed-sites]")?.getAttribute("content")?.split(" ") ?? [];
const colours = new Colours();
const sight = new Sight();
let host = ""; // the origin of the page that holds this one, once it has spoken
let told = -1;

addEventListener("message", ({ source, origin, data }) => {
  if (source !== parent || !sites.includes(origin)) return;
  if (data?.broadsheet === "hello") greet(origin, data);
  if (data?.broadsheet === "sight" && origin === host) sight.take(data);
});

/**
 * @param {string} origin
 * @param {{ scheme?: unknown, accent?: unknown, page?: unknown }} data
 */
function greet(origin, data) {
  host = origin;
  colours.take(data);
  if (typeof data.page === "string" && data.page.startsWith(`${host}/`)) document.documentElement.dataset["host"] = data.page;
  document.documentElement.dataset["fits"] = "";
  if (document.querySelector("[data-waits]")) return tell("waits", { height: height() });
  tell("ready", { height: height(), show: place(), count: (told = count()) });
}

new ResizeObserver(() => tell("height", { height: height() })).observe(document.documentElement);
addEventListener("hashchange", () => tell("show", { show: place() }));
document.addEventListener("comment-form:posted", () => tell("posted", {}));
for (const title of document.querySelectorAll(".comments-title")) {
  new MutationObserver(tellCount).observe(title, { childList: true, subtree: true });
}
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element ? event.target.closest("a[data-sign-in]") : null;
  if (!(link instanceof HTMLAnchorElement) || document.cookie.split("; ").includes(`${MARKER}=1`)) return;
  if (new SignIn(link.dataset["following"] ?? "").open()) event.preventDefault();
});

/**
 * @param {string} kind
 * @param {Record<string, number | null>} facts numbers alone: no word of a reader's leaves the frame
 */
function tell(kind, facts) {
  if (host) parent.postMessage({ broadsheet: kind, ...facts }, host);
}

function tellCount() {
  const now = count();
  if (now !== told) tell("count", { count: (told = now) });
}

function height() {
  return Math.ceil(document.documentElement.getBoundingClientRect().height);
}

/** How far down stands what the address means; null where it means nothing on this page. */
function place() {
  const meant = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  return meant ? Math.round(meant.getBoundingClientRect().top + scrollY) : null;
}

/** How many comments the discussion has, as it stands in its title. */
function count() {
  return Number(document.querySelector(".comments-title data")?.getAttribute("value") ?? 0);
}
