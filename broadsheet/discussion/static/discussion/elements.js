// @ts-check
import { CommentFormElement } from "./comment-form.js";
import { CommentThreadElement } from "./comment-thread.js";
import { ReaderToolsElement } from "./reader-tools.js";

customElements.define("comment-form", CommentFormElement);
customElements.define("comment-thread", CommentThreadElement);
customElements.define("reader-tools", ReaderToolsElement);
