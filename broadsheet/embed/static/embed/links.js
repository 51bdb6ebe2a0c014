// @ts-check
// Where links lead on a page that stands in a frame on another site: the rule of embed/links.py, for what scripts bring.
import { links } from "../core/here.js";

const FRAMED =
  /^\/(?:comments\/\d+\/(?:(?:reply|edit|withdraw|history|replies|context|respect|respects|report)\/)?|stories\/\d+\/comments\/(?:new|preview|search|follow|new-to-me)\/|reports\/[-\w]+\/|readers\/\d+\/(?:follow|mute)\/|me\/comments\/|threads\/\d+\/(?:changes|me|visit)\/)$/;
const STORY = /^\/stories\/(\d+)\/(?:[-\w]+\/)?$/;
const SIGN_IN = "/accounts/login/";
const ADDRESSES = ["href", "action", "src", "changes", "preview", "newest"];
const BEARERS = "a, form, comment-form, comment-thread, reader-tools";

/** Whether the frame holds one comment: it has no room for another page, and all its links leave it. */
const isQuote = document.documentElement.dataset["framed"] === "quote";

/** Let scripts go by this rule. */
export function begin() {
  Object.assign(links, { here, shared, settle });
}

/**
 * The framed page of the same thing, where there is one.
 * @param {string} address
 */
function here(address) {
  return framedAddress(address) ?? address;
}

/**
 * In the host's page, which leads to the comment there.
 * @param {string} address
 */
function shared(address) {
  const own = new URL(address, location.origin);
  const comment = /\/comments\/(\d+)\//.exec(own.pathname)?.[1];
  const host = document.documentElement.dataset["host"];
  if (host && comment) return `${host}#comment-${comment}`;
  return own.href.replace("/embed/comments/", "/comments/");
}

/** @param {ParentNode} made */
function settle(made) {
  const own = made instanceof Element && made.matches(BEARERS) ? [made] : [];
  for (const element of [...own, ...made.querySelectorAll(BEARERS)]) {
    for (const name of ADDRESSES) {
      const address = element.getAttribute(name);
      if (address) element.setAttribute(name, here(address));
    }
    const leads = element.localName === "a" ? element.getAttribute("href") : null;
    if (leads && !/^(?:#|\?|\/embed\/)/.test(leads)) openInATab(element);
  }
}

/** @param {Element} link */
function openInATab(link) {
  link.setAttribute("target", "_blank");
  link.setAttribute("rel", [...new Set(`${link.getAttribute("rel") ?? ""} noopener`.trim().split(/\s+/))].join(" "));
}

/** @param {string} address */
function framedAddress(address) {
  if (isQuote || !address.startsWith("/") || address.startsWith("//")) return null;
  const { pathname, search, hash } = new URL(address, location.origin);
  if (pathname.startsWith("/embed/")) return address;
  if (pathname === SIGN_IN) return `/embed/session/${search}`;
  const story = STORY.exec(pathname);
  if (story) return hash.startsWith("#comment") ? `/embed/stories/${story[1]}/${search}${hash}` : null;
  return FRAMED.test(pathname) ? `/embed${address}` : null;
}
