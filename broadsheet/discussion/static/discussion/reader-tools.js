// @ts-check
import { CommentFormElement } from "./comment-form.js";
import { CommentThreadElement } from "./comment-thread.js";
import { elementOf, make } from "./fragment.js";

/** @import { Posted } from "./comment-form.js" */

/**
 * @typedef {Posted["own"]} Own one of this reader's comments: what only they may see and do
 * @typedef {{ reader: { name: string } | null, csrf?: string, why_not?: string | null, own?: Own[] }} Me
 */

const MARKER = "reader=1"; // set at sign-in, proves nothing: without it there is nothing personal to ask for

/**
 * Adds what is a reader's own to a page that is the same for everyone: their name, their held comments, "Edit" and
 * "Withdraw" on their comments, and forms in place of the links to write. Without it those links lead to plain pages.
 *
 * @attr src - address of what is this reader's own about the discussion around this element
 */
export class ReaderToolsElement extends HTMLElement {
  /** @type {Me | undefined} */ #me;
  /** @type {Map<number, Own>} */ #own = new Map();
  #listening = new AbortController();

  connectedCallback() {
    if (!document.cookie.split("; ").includes(MARKER)) return;
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const section = this.#section;
    section.addEventListener("click", (event) => this.#write(event), { signal });
    section.addEventListener("comment-thread:change", () => this.#dress(), { signal });
    void this.#ask();
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  async #ask() {
    const answer = await fetch(this.getAttribute("src") ?? "", { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    /** @type {Me} */ const me = await answer.json();
    this.#me = me;
    if (!me.reader) {
      document.cookie = "reader=; max-age=0; path=/";
      return;
    }
    const account = document.querySelector("[data-account]");
    if (account) account.textContent = me.reader.name;
    for (const own of me.own ?? []) this.#own.set(own.id, own);
    this.#dress();
  }

  /** Give this reader's comments their buttons, and show them their held ones; doing it twice does no harm. */
  #dress() {
    for (const own of [...this.#own.values()].reverse()) {
      const there = document.getElementById(`comment-${own.id}`);
      const isShown = there?.querySelector(".comment-body") && !there.classList.contains("comment-held");
      if (isShown) own.html = null; // an editor has published it meanwhile
      else if (own.html && !there?.classList.contains("comment-held")) this.#showHeld(own, there);
      const foot = document.getElementById(`comment-${own.id}`)?.querySelector(".comment-foot");
      if (foot && !foot.querySelector("[data-own]")) foot.append(...this.#buttons(own));
    }
  }

  /**
   * @param {Own} own
   * @param {HTMLElement | null} there
   */
  #showHeld(own, there) {
    const article = elementOf(own.html ?? "");
    if (there) return there.replaceWith(article);
    const parent = own.parent && document.getElementById(`comment-${own.parent}`)?.closest("li");
    if (own.parent && !parent) return;
    const list = parent ? (parent.querySelector(":scope > .replies") ?? parent.appendChild(make("ol", { class: "replies" }))) : this.#list;
    list?.append(make("li", { class: "branch" }, article));
  }

  /** @param {Own} own */
  #buttons(own) {
    const withdraw = make("a", { href: `/comments/${own.id}/withdraw/`, "data-own": "" }, "Withdraw");
    if (!own.edit_until || Date.now() >= Date.parse(own.edit_until)) return [" ", withdraw];
    const edit = make("a", { href: `/comments/${own.id}/edit/`, "data-own": "", "data-write": "edit" }, "Edit");
    setTimeout(() => edit.remove(), Math.min(Date.parse(own.edit_until) - Date.now(), 2 ** 31 - 1));
    return [" ", edit, " ", withdraw];
  }

  /**
   * A link to write opens a form in its place; with a modifier key, or where nothing may be written, it stays a link.
   * @param {MouseEvent} event
   */
  #write(event) {
    const link = event.target instanceof Element ? event.target.closest("a[data-write]") : null;
    const plain = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!(link instanceof HTMLAnchorElement) || plain || !this.#me?.reader || this.#me.why_not) return;
    event.preventDefault();
    const kind = link.dataset["write"];
    const article = link.closest("article");
    const home = article ?? link.closest(".comments-state") ?? link;
    const open = home.nextElementSibling;
    if (open instanceof CommentFormElement && open.getAttribute("action") === link.pathname) return open.querySelector("textarea")?.focus();
    const form = new CommentFormElement();
    form.setAttribute("action", link.pathname);
    if (kind === "edit") {
      form.setAttribute("button", "Save comment");
      form.value = this.#own.get(Number(article?.id.slice("comment-".length)))?.body ?? "";
    }
    form.token = (fresh) => this.#token(fresh);
    form.addEventListener("comment-form:close", () => this.#putAway(form, link));
    form.addEventListener("comment-form:posted", (said) => this.#posted(form, /** @type {CustomEvent<Posted>} */ (said).detail));
    home.after(form);
  }

  /** @param {boolean} fresh */
  async #token(fresh) {
    if (fresh) await this.#ask();
    return this.#me?.csrf ?? null;
  }

  /**
   * @param {CommentFormElement} form
   * @param {HTMLElement} link
   */
  #putAway(form, link) {
    form.remove();
    link.focus();
  }

  /**
   * @param {CommentFormElement} form
   * @param {Posted} said
   */
  #posted(form, { comment, own, address }) {
    form.remove();
    this.#own.set(own.id, own);
    const thread = this.#section.querySelector("comment-thread");
    const shown = comment && thread instanceof CommentThreadElement ? thread.show(comment) : null;
    this.#dress();
    const there = shown ?? document.getElementById(`comment-${own.id}`);
    if (!there) return location.assign(address); // it stands on another page
    there.setAttribute("tabindex", "-1");
    there.focus();
  }

  /** @returns {HTMLElement} */
  get #section() {
    return this.closest("section") ?? this;
  }

  /** @returns {HTMLElement | null} */
  get #list() {
    return this.#section.querySelector("comment-thread[newest-end] > .comments");
  }
}
