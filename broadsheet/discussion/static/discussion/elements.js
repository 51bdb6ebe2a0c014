// @ts-check
import { MARKER } from "../core/here.js";
import { CommentThreadElement } from "./comment-thread.js";
import { Contexts } from "./contexts.js";
import { openReplies } from "./replies.js";
import { share } from "./share.js";

customElements.define("comment-thread", CommentThreadElement);
for (const section of document.querySelectorAll("section.discussion")) {
  section.addEventListener("click", openReplies);
  section.addEventListener("click", share);
  new Contexts(section);
}
for (const kind of ["click", "keydown"]) document.addEventListener(kind, closeOrders);
if (document.cookie.split("; ").includes(`${MARKER}=1`)) void import("./signed-in.js");

/**
 * The list of orders lies over the comments: Escape and a click beside it put it away.
 * @param {Event} event
 */
function closeOrders(event) {
  const list = document.querySelector(".comments-order[open]");
  const stays = event instanceof KeyboardEvent ? event.key !== "Escape" : list?.contains(/** @type {Node} */ (event.target));
  if (!list || stays) return;
  if (list.contains(document.activeElement)) list.querySelector("summary")?.focus();
  list.removeAttribute("open");
}
