// @ts-check
import { CommentFormElement } from "./comment-form.js";

customElements.define("comment-form", CommentFormElement);

export { formFor } from "./comment-form.js";
export { QuoteButton } from "./quoting.js";
