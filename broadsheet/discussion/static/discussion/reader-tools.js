// @ts-check
import { CommentThreadElement } from "./comment-thread.js";
import { framed, links, MARKER } from "../core/here.js";
import { say } from "../core/words.js";
import { elementOf, make } from "./fragment.js";
import { Keys } from "./keys.js";
import { followHere, People } from "./people.js";
import { choose } from "./post.js";
import { isPlain } from "./replies.js";
import { Respects } from "./respects.js";
import { Visit } from "./visit.js";

/** @import { CommentFormElement, Kind, Posted } from "./comment-form.js" */
/** @import { Since } from "./visit.js" */

/**
 * @typedef {Posted["own"]} Own one of this reader's comments: what only they may see and do
 * @typedef {object} Me what `/threads/N/me/` gives; nothing but `reader` to somebody signed out
 * @property {{ name: string, id: number } | null} reader
 * @property {string} csrf
 * @property {string | null} why_not
 * @property {Own[]} own
 * @property {string} box
 * @property {number[]} respected
 * @property {number[]} muted
 * @property {{ thread: boolean, people: number[] }} following
 * @property {Since} visit
 * @property {number} [unread] notices not read yet
 * @property {{ address: string, words: string, tools: string }} [desk] the moderators' desk, for those who work there
 */

/**
 * Adds what is a reader's own to a page that is the same for everyone: their name, their held comments, "Edit" and
 * "Withdraw" on their comments, forms in place of the links to write, respect and follows in place, marks on what is
 * new, and a line in place of what the muted wrote. Without it those links lead to plain pages.
 *
 * @attr src - address of what is this reader's own about the discussion around this element
 */
export class ReaderToolsElement extends HTMLElement {
  /** @type {Me | undefined} */ #me;
  /** @type {Map<number, Own>} */ #own = new Map();
  #listening = new AbortController();
  /** The modules of the box, fetched for those who may write, and before they are offline. */
  /** @type {typeof import("./box.js") | undefined} */ #writing;

  /** @type {{ dress(section: Element): void }[]} */ #parts = [];
  /** @type {Visit | undefined} */ #visit;
  /** @type {Promise<void> | undefined} until it is known what this reader may do, and the box is there */ #ready;

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const section = this.#section;
    section.addEventListener("click", (event) => this.#write(event), { signal });
    section.addEventListener("comment-thread:change", () => this.#dress(), { signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#noteVisit(), { signal });
    this.#ready = this.#ask().catch(() => {});
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
      document.cookie = `${MARKER}=; max-age=0; path=/${framed ? "; secure; samesite=none; partitioned" : ""}`;
      return;
    }
    const account = document.querySelector("[data-account]");
    if (account instanceof HTMLElement) account.title = account.textContent = me.reader.name; // a long one is cut
    for (const own of me.own) this.#own.set(own.id, own);
    if (!this.#parts.length) {
      this.#begin(me, me.reader.id);
      greet(account, me);
    }
    this.#dress();
    if (me.box) await this.#offerToWrite();
  }

  /**
   * @param {Me} me
   * @param {number} reader
   */
  #begin({ respected, muted, following, visit, desk }, reader) {
    const { signal } = this.#listening;
    const section = this.#section;
    /** @type {import("./post.js").Choose} */
    const send = (address, choice) => choose(address, choice, (fresh) => this.#token(fresh));
    const respects = new Respects(respected, reader, send);
    const people = new People({ muted, followed: following.people, reader }, send);
    const seen = (this.#visit = new Visit(section, this.#address("visit/"), visit));
    this.#parts = [respects, people, seen];
    section.addEventListener("click", (event) => void respects.press(event), { signal });
    section.addEventListener("click", (event) => people.press(event), { signal });
    section.addEventListener("keydown", (event) => people.leave(event), { signal });
    followHere(section, following.thread, send);
    new Keys(section, seen, signal);
    if (desk) void this.#bringDesk(desk);
    this.#noteVisit();
  }

  /**
   * The desk's acts in place; only moderators fetch them.
   * @param {{ tools: string }} desk
   */
  async #bringDesk(desk) {
    const { InPlace } = await import(desk.tools);
    this.#parts.push(new InPlace(desk));
    this.#dress();
  }

  #noteVisit() {
    this.#visit?.note(this.#me?.csrf, Number(this.#section.querySelector("comment-thread")?.getAttribute("since")));
  }

  /**
   * Another address of this discussion's own.
   * @param {string} name
   */
  #address(name) {
    return (this.getAttribute("src") ?? "").replace(/me\/$/, name);
  }

  async #offerToWrite() {
    if (this.#writing) return;
    const { QuoteButton } = (this.#writing = await import("./box.js"));
    new QuoteButton((link) => this.#open(link)).start(this.#listening.signal);
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
    for (const part of this.#parts) part.dress(this.#section);
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
    const list = parent ? (parent.querySelector(":scope > .fold > .replies, :scope > .replies") ?? parent.appendChild(make("ol", { class: "replies" }))) : this.#list;
    list?.append(make("li", { class: "branch" }, article));
  }

  /** @param {Own} own */
  #buttons(own) {
    const withdraw = make("a", { href: `/comments/${own.id}/withdraw/`, "data-own": "" }, say("withdraw"));
    if (!own.edit_until || Date.now() >= Date.parse(own.edit_until)) return [" ", withdraw];
    const edit = make("a", { href: `/comments/${own.id}/edit/`, "data-own": "", "data-write": "edit" }, say("edit"));
    setTimeout(() => edit.remove(), Math.min(Date.parse(own.edit_until) - Date.now(), 2 ** 31 - 1));
    return [" ", edit, " ", withdraw];
  }

  /**
   * A link to write opens a form in its place; with a modifier key, or where nothing may be written, it stays a link.
   * @param {MouseEvent} event
   */
  #write(event) {
    const link = event.target instanceof Element ? event.target.closest("a[data-write]") : null;
    if (!(link instanceof HTMLAnchorElement) || !isPlain(event)) return;
    if (this.#me && (this.#writing || !this.#me.box)) {
      if (this.#open(link)) event.preventDefault();
      return;
    }
    event.preventDefault(); // they were quicker than the box: it opens when it is there
    void this.#ready?.then(() => this.#open(link) ?? location.assign(link.href));
  }

  /**
   * The box for a link to write, opened or open already; null where nothing can be written, and the link stays one.
   * @param {HTMLAnchorElement} link
   */
  #open(link) {
    const html = this.#me?.box;
    if (!html || !this.#writing) return null;
    const article = link.closest("article");
    const home = article ?? link.closest(".comments-state") ?? link;
    const open = this.#section.querySelector(`comment-form[action="${link.pathname}"]`);
    if (open) {
      open.querySelector("textarea")?.focus();
      return /** @type {CommentFormElement} */ (open);
    }
    const form = this.#writing.formFor(html, this.#what(link, article));
    form.token = (fresh) => this.#token(fresh);
    form.answered = () => answered(article);
    form.addEventListener("comment-form:close", () => this.#putAway(form, link));
    form.addEventListener("comment-form:posted", (said) => this.#posted(form, /** @type {CustomEvent<Posted>} */ (said).detail));
    home.after(form);
    return form;
  }

  /**
   * What is written behind a link, for the box.
   * @param {HTMLAnchorElement} link
   * @param {HTMLElement | null} article
   */
  #what(link, article) {
    const action = link.pathname;
    const asked = link.dataset["write"];
    const kind = /** @type {Kind} */ (asked === "comment" ? "new" : asked);
    const own = kind === "edit" ? this.#own.get(Number(article?.id.slice("comment-".length))) : undefined;
    return { action, kind, words: own?.body ?? "", until: own?.edit_until ?? null, rating: own?.rating ?? null };
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
    if (!there) return location.assign(links.here(address)); // it stands on another page
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

/**
 * What the masthead has for this reader: how many notices they have not read, and the way to the desk.
 * @param {Element | null} account
 * @param {Me} me
 */
function greet(account, { unread, desk }) {
  const named = { href: "/me/notifications/", class: "unread", "aria-label": say("unread", { n: unread ?? 0 }) };
  if (unread) account?.after(make("a", named, unread > 99 ? "99+" : String(unread)));
  if (desk) document.querySelector(".sections ul")?.append(make("li", {}, make("a", { href: desk.address }, desk.words)));
}

/**
 * The words of a comment that is replied to, and whose they are.
 * @param {HTMLElement | null} article
 */
function answered(article) {
  const words = article?.querySelector(".comment-body");
  const by = article?.querySelector(".comment-author b, .comment-author bdi")?.textContent ?? "";
  return words instanceof HTMLElement ? { words, by } : null;
}
