// @ts-check
import { links } from "../core/here.js";
import { say } from "../core/words.js";
import { isPlain } from "./replies.js";

const SHOWN = 3000; // milliseconds for which the link says that it is copied

/**
 * "Share" hands a comment's address to the device, or copies it. Without this the link is the address itself.
 * @param {Event} event
 */
export function share(event) {
  const link = event.target instanceof Element ? event.target.closest("a[data-act=share]") : null;
  if (!(link instanceof HTMLAnchorElement) || !isPlain(event) || !(navigator.share || navigator.clipboard)) return;
  event.preventDefault();
  void hand(link);
}

/** @param {HTMLAnchorElement} link */
async function hand(link) {
  const url = links.shared(link.href);
  try {
    if (navigator.share) return await navigator.share({ title: document.title, url });
    await navigator.clipboard.writeText(url);
  } catch (fault) {
    if (fault instanceof DOMException && fault.name === "AbortError") return; // they changed their mind
    return location.assign(link.href);
  }
  const words = link.textContent;
  link.setAttribute("role", "status");
  link.textContent = say("link_copied");
  setTimeout(() => {
    link.textContent = words;
    link.removeAttribute("role");
  }, SHOWN);
}
