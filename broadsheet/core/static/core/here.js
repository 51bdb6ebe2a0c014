// @ts-check
// Where links lead on a page that stands in a frame on another site: the rule of embed/links.py, for what scripts bring.
// On every other page of ours nothing changes.

const FRAMED =
  /^\/(?:comments\/\d+\/(?:(?:reply|edit|withdraw|history|replies|context|respect|respects|report)\/)?|stories\/\d+\/comments\/(?:new|preview|search|follow|new-to-me)\/|reports\/[-\w]+\/|readers\/\d+\/(?:follow|mute)\/|me\/comments\/|threads\/\d+\/(?:changes|me|visit)\/)$/;
const STORY = /^\/stories\/(\d+)\/(?:[-\w]+\/)?$/;
const SIGN_IN = "/accounts/login/";
const ADDRESSES = ["href", "action", "src", "changes", "preview", "newest"];

/** Whether this page stands in a frame. */
export const framed = document.documentElement.hasAttribute("data-framed");
/** Whether that frame holds one comment: it has no room for another page, and all its links leave it. */
const isQuote = document.documentElement.dataset["framed"] === "quote";

/** The cookie that marks a browser in which somebody is signed in; it proves nothing. */
export const MARKER = framed ? "frame-reader" : "reader";

/** Nobody is signed in after all: nothing personal need be asked for. */
export function forgetReader() {
  document.cookie = `${MARKER}=; max-age=0; path=/${framed ? "; secure; samesite=none; partitioned" : ""}`;
}

/**
 * An address of ours as it is reached from this page: in a frame, the framed page of the same thing where there is one.
 * @param {string} address
 */
export function here(address) {
  return (framed && framedAddress(address)) || address;
}

/**
 * Let the links of a fragment lead where they should from this page, before it is put there.
 * @template {ParentNode} T
 * @param {T} fragment
 */
export function settle(fragment) {
  if (!framed) return fragment;
  for (const element of fragment.querySelectorAll("a, form, comment-form, comment-thread, reader-tools")) {
    for (const name of ADDRESSES) {
      const address = element.getAttribute(name);
      if (address) place(element, name, address);
    }
  }
  return fragment;
}

/**
 * Give an element an address; a link that leaves the frame opens in a tab of its own.
 * @param {Element} element
 * @param {string} name
 * @param {string} address
 */
export function place(element, name, address) {
  const found = here(address);
  element.setAttribute(name, found);
  if (!framed || element.localName !== "a" || /^(?:#|\?|\/embed\/)/.test(found)) return;
  element.setAttribute("target", "_blank");
  element.setAttribute("rel", [...new Set([...(element.getAttribute("rel") ?? "").split(" "), "noopener"])].join(" ").trim());
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
