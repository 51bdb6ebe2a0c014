// @ts-check
import { CommentThreadElement } from "./comment-thread.js";
import { Contexts } from "./contexts.js";
import { openReplies } from "./replies.js";
import { share } from "./share.js";

const MARKER = "reader=1"; // set at sign-in, proves nothing: without it there is nothing personal to ask for

customElements.define("comment-thread", CommentThreadElement);
for (const section of document.querySelectorAll("section.discussion")) {
  section.addEventListener("click", openReplies);
  section.addEventListener("click", share);
  new Contexts(section);
}
if (document.cookie.split("; ").includes(MARKER)) void import("./signed-in.js");
