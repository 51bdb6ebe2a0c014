// @ts-check
import { make } from "./fragment.js";

/** @import { Entry } from "./news.js" */

/**
 * @typedef {object} Posted what the server answers when it has taken the words
 * @property {Entry | null} comment the comment as everybody gets it; null where nobody does
 * @property {{ id: number, html: string | null, parent: number | null, edit_until: string | null, body: string | null, status: string }} own
 * @property {string} address
 */

/**
 * A form in place of a link: it posts without leaving the page, says a refusal beside the box, and loses no word: they
 * are kept in this tab until the server has them, and one intent is sent under one key however often it is tried.
 *
 * @attr action - where to post; the address of the plain page that does the same
 * @attr button - what the button says
 * @fires comment-form:posted - when the server has taken it (detail: Posted)
 * @fires comment-form:close - when the reader changes their mind
 */
export class CommentFormElement extends HTMLElement {
  /** Gives the token for a write, asked for anew when it is too old; null when the reader is signed out. */
  /** @type {(fresh: boolean) => Promise<string | null>} */ token = async () => null;

  #key = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  #box = make("textarea", { rows: "6", dir: "auto", required: "" });
  #says = make("p", { class: "form-wrong", role: "alert", hidden: "" });
  #send = make("button", { type: "submit" });

  /** What is in the box. */
  get value() {
    return this.#box.value;
  }

  set value(words) {
    this.#box.value = words;
  }

  connectedCallback() {
    if (this.childElementCount) return;
    const id = `write-${this.#key}`;
    this.#box.id = id;
    this.#says.id = `${id}-says`;
    this.#send.textContent = this.getAttribute("button") ?? "Post comment";
    const cancel = make("button", { type: "button", class: "button-quiet" }, "Cancel");
    cancel.addEventListener("click", () => this.#close());
    const form = make(
      "form",
      { class: "comment-form", novalidate: "" },
      this.#says,
      make("label", { for: id }, "Comment"),
      this.#box,
      make("p", { class: "form-acts" }, this.#send, cancel),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#post();
    });
    this.#box.value ||= sessionStorage.getItem(this.#draft) ?? "";
    this.#box.addEventListener("input", () => sessionStorage.setItem(this.#draft, this.#box.value));
    this.append(form);
    this.#box.focus();
  }

  async #post() {
    if (this.#send.disabled) return;
    this.#send.disabled = true;
    this.#says.hidden = true;
    try {
      const answer = await this.#sent(false);
      if (isOldToken(answer)) return this.#refuse("You are signed out. Your words are kept in this tab.", signInAddress());
      const told = await answer.json();
      if (!answer.ok) return this.#refuse(told.refused, told.sign_in);
      sessionStorage.removeItem(this.#draft);
      this.dispatchEvent(new CustomEvent("comment-form:posted", { detail: told, bubbles: true }));
    } catch {
      this.#refuse("That could not be sent just now. Your words are still here: please try again in a moment.");
    } finally {
      this.#send.disabled = false;
    }
  }

  /**
   * @param {boolean} again
   * @returns {Promise<Response>}
   */
  async #sent(again) {
    const answer = await fetch(this.#action, {
      method: "POST",
      headers: {
        Accept: "application/json",
        "Idempotency-Key": this.#key,
        "X-CSRFToken": (await this.token(again)) ?? "",
      },
      body: new URLSearchParams({ body: this.#box.value }),
    });
    return isOldToken(answer) && !again ? this.#sent(true) : answer;
  }

  /**
   * @param {string} sentence
   * @param {string} [signIn]
   */
  #refuse(sentence, signIn) {
    this.#says.replaceChildren(sentence);
    if (signIn) this.#says.append(" ", make("a", { href: signIn }, "Sign in"));
    this.#says.hidden = false;
    this.#box.setAttribute("aria-describedby", this.#says.id);
    this.#box.focus();
  }

  #close() {
    sessionStorage.removeItem(this.#draft);
    this.dispatchEvent(new CustomEvent("comment-form:close", { bubbles: true }));
  }

  get #action() {
    return this.getAttribute("action") ?? "";
  }

  get #draft() {
    return `draft:${this.#action}`;
  }
}

/**
 * The server refuses an old token with a page, and everything else with JSON.
 * @param {Response} answer
 */
function isOldToken(answer) {
  return answer.status === 403 && !answer.headers.get("Content-Type")?.startsWith("application/json");
}

function signInAddress() {
  return `/accounts/login/?next=${encodeURIComponent(location.pathname)}`;
}
