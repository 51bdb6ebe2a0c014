// @ts-check
import { say } from "../core/words.js";
import { CommentThreadElement } from "./comment-thread.js";

/** @import { Entry } from "./news.js" */

/**
 * Whether a click is meant for the page: no modifier key, which would open the link elsewhere.
 * @param {Event} event
 */
export function isPlain(event) {
  return event instanceof MouseEvent && !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
}

/**
 * "Show all replies" opens them in place, a hundred at a time. Without this, or when it fails, the link leads to the
 * conversation's own page.
 * @param {Event} event
 */
export function openReplies(event) {
  const link = event.target instanceof Element ? event.target.closest("[data-more] a") : null;
  const thread = link?.closest("comment-thread");
  if (!(link instanceof HTMLAnchorElement) || !(thread instanceof CommentThreadElement) || !isPlain(event)) return;
  event.preventDefault();
  void open(link, thread);
}

/**
 * @param {HTMLAnchorElement} link
 * @param {CommentThreadElement} thread
 */
async function open(link, thread) {
  if (link.ariaBusy) return;
  link.ariaBusy = "true";
  try {
    const page = Number(link.dataset["page"] ?? 1);
    const answer = await fetch(`${link.pathname}replies/?page=${page}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.statusText);
    /** @type {{ more: boolean, comments: Entry[] }} */ const { more, comments } = await answer.json();
    const [first] = thread.open(comments);
    for (const rest of link.closest("li")?.querySelectorAll(".more:not([data-more])") ?? []) rest.remove();
    first?.setAttribute("tabindex", "-1");
    first?.focus();
    link.dataset["page"] = String(page + 1);
    if (more) link.textContent = say("more_replies");
    else link.parentElement?.setAttribute("hidden", "");
    link.ariaBusy = null;
  } catch {
    location.assign(link.href);
  }
}
