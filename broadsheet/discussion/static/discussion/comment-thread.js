// @ts-check
import { say } from "../core/words.js";
import { elementOf, make, nodesOf } from "./fragment.js";
import { News } from "./news.js";

/** @import { Changes, Corrected, Entry } from "./news.js" */

const DEEPEST = 3; // DEPTH_SHOWN of discussion/models.py: replies deeper than this are listed at this level

/**
 * A list of comments that keeps itself up to date. Without JavaScript it is a plain list.
 *
 * What changes on a comment that is shown is changed at once. What is new waits behind a button, so that nothing
 * moves under a reader's eyes.
 *
 * @attr src - stream of changes          @attr changes - address to ask for changes where the stream can't be reached
 * @attr since - revision the page was made with
 * @attr order - the order of the page     @attr newest-end - present on the page where new comments stand
 * @attr newest - address of that page, on the others     @attr view - the view this is; new replies stay out of it
 * @attr conversation - number of the comment whose conversation this is; missing on a story's page
 * @fires comment-thread:change - after comments arrived or changed (detail: the elements)
 */
export class CommentThreadElement extends HTMLElement {
  /** @type {Map<number, Entry>} */ #waiting = new Map();
  /** @type {News | undefined} */ #news;
  #listening = new AbortController();
  /** @type {Corrected | null} */ #corrected = null;
  /** @type {[HTMLElement, string] | undefined} where the focus was in a comment that was replaced */ #focused;
  #button = make("button", { type: "button", class: "comments-news" });
  #status = make("div", { role: "status", class: "comments-status" });

  connectedCallback() {
    this.#news = new News(
      { stream: this.#attribute("src"), address: this.#attribute("changes"), since: Number(this.#attribute("since")) },
      (changes) => this.#take(changes),
      () => this.#vanish(),
    );
    if (this.getAttribute("order") === "newest") this.prepend(this.#status);
    else this.append(this.#status);
    this.#button.addEventListener("click", () => this.showWaiting());
    this.#listen();
    this.#news.start();
  }

  disconnectedCallback() {
    this.#news?.stop();
    this.#listening.abort();
    this.#status.remove();
  }

  #listen() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const back = () => document.visibilityState === "visible" && void this.#news?.catchUp();
    document.addEventListener("visibilitychange", back, { signal });
    addEventListener("online", back, { signal });
    addEventListener("pagehide", () => this.#news?.stop(), { signal });
    addEventListener("pageshow", (event) => event.persisted && this.#news?.start(), { signal });
  }

  /**
   * Show a comment now: a reader's own, just posted.
   * @param {Entry} entry
   */
  show(entry) {
    this.#waiting.delete(entry.id);
    const shown = this.#replace(entry) ?? this.#insert(entry);
    this.#tellWaiting();
    if (shown) this.#announce([shown]);
    return shown;
  }

  /**
   * Put replies that were asked for in their places; gives those that were not there before.
   * @param {Entry[]} entries
   */
  open(entries) {
    const missing = entries.filter((entry) => !this.#article(entry.id));
    for (const entry of missing) this.#waiting.delete(entry.id);
    const shown = missing.map((entry) => this.#insert(entry)).filter((found) => found !== null);
    this.#tellWaiting();
    this.#announce(shown);
    return shown;
  }

  /** Show what waits behind the button, and lead the reader's focus to the first of it. */
  showWaiting() {
    const entries = [...this.#waiting.values()];
    const elsewhere = !this.hasAttribute("newest-end") && entries.some((entry) => entry.parent === null);
    if (elsewhere) return location.assign(this.#attribute("newest"));
    this.#waiting.clear();
    const shown = entries.map((entry) => this.#replace(entry) ?? this.#insert(entry)).filter((found) => found !== null);
    this.#mark();
    this.#tellWaiting();
    this.#announce(shown);
    const first = this.getAttribute("order") === "newest" ? shown.at(-1) : shown[0];
    first?.setAttribute("tabindex", "-1");
    first?.focus();
  }

  /** @param {Changes} changes */
  #take({ comments, summary, closed, unused, state, mode, corrected }) {
    const changed = comments.map((entry) => this.#change(entry)).filter((found) => found !== null);
    if (!this.hasAttribute("conversation")) this.#section?.querySelector(".comments-title")?.replaceChildren(nodesOf(summary));
    if (mode) this.#section?.querySelector(".comments-mode")?.replaceWith(nodesOf(mode));
    this.#section?.toggleAttribute("data-closed", closed);
    this.#section?.toggleAttribute("data-unused", unused);
    this.#tellState(state);
    this.#corrected = corrected;
    this.#mark();
    this.#tellWaiting();
    if (changed.length) this.#announce(changed);
  }

  /**
   * Say that the discussion has closed or opened, or what the desk's hours make of it; a form that is open stays, with
   * its words.
   * @param {string} html
   */
  #tellState(html) {
    const state = elementOf(html);
    if (this.hasAttribute("conversation")) state.querySelector(".comments-open, .comments-unopened")?.remove();
    const shown = this.#section?.querySelector(".comments-state");
    if (!shown?.isEqualNode(state)) shown?.replaceWith(state);
  }

  /** Mark what was written before a correction that has been published since the page was made. */
  #mark() {
    if (!this.#corrected) return;
    for (const body of this.querySelectorAll("[data-written] > .comment-body")) {
      const article = /** @type {HTMLElement} */ (body.parentElement);
      const older = Number(article.dataset["written"]) < this.#corrected.at;
      if (older && !article.querySelector(".comment-before")) body.before(nodesOf(this.#corrected.html));
    }
  }

  /** @param {Entry} entry */
  #change(entry) {
    const replaced = this.#replace(entry);
    this.#count(entry);
    if (replaced) this.#countReplies(replaced);
    if (replaced || (entry.gone && this.#waiting.delete(entry.id))) return replaced;
    if (!entry.gone && this.#belongs(entry)) this.#waiting.set(entry.id, entry);
    return null;
  }

  /**
   * Put a comment over its older self; null where that is not on the page. Where only the number of those who respect
   * it has changed, nothing else is touched: somebody may be selecting its words.
   * @param {Entry} entry
   */
  #replace(entry) {
    const old = this.#article(entry.id);
    if (!old) return null;
    const article = elementOf(entry.html);
    if (isSame(old, article)) {
      const [number, before] = [article.querySelector(".respects"), old.querySelector(".respects")];
      if (number && before) before.replaceWith(number);
      else if (number) old.querySelector("[data-act=respect]")?.after(" ", number);
      else before?.remove();
      return old;
    }
    if (old.hasAttribute("tabindex")) article.setAttribute("tabindex", "-1");
    const focused = document.activeElement;
    const within = old.contains(focused);
    old.replaceWith(article);
    if (within) {
      article.setAttribute("tabindex", "-1");
      article.focus();
      if (focused instanceof HTMLElement) this.#focused = [article, focused.dataset["act"] ?? ""];
    }
    return article;
  }

  /**
   * Put a new comment under its parent, or at the new end of the list; null where its parent is not here.
   * @param {Entry} entry
   */
  #insert(entry) {
    const list = entry.parent === null ? this.querySelector(".comments") : this.#repliesOf(entry.parent);
    if (!list) return null;
    const article = elementOf(entry.html);
    const branch = make("li", { class: "branch" }, article);
    if (list !== this.#article(entry.parent ?? 0)?.closest("li")?.querySelector(":scope > .fold > .replies")) this.#sayWhom(entry, branch);
    if (entry.parent === null && this.getAttribute("order") === "newest") list.prepend(branch);
    else list.append(branch);
    this.querySelector(".comments-none")?.remove();
    this.#countReplies(branch);
    return article;
  }

  /**
   * A reply that stands beside what it answers, for it is too deep to stand under it, says whom it answers.
   * @param {Entry} entry
   * @param {HTMLElement} branch
   */
  #sayWhom(entry, branch) {
    const answered = entry.parent === null ? null : this.#article(entry.parent);
    if (!answered) return;
    const name = answered.querySelector(".comment-author b")?.textContent;
    const words = name ? say("in_reply_to", { name }) : say("in_reply_to_gone");
    branch.prepend(make("p", { class: "comment-answers" }, make("a", { href: `/comments/${entry.parent}/`, dir: "auto" }, words)));
  }

  /**
   * Keep the number of replies over each list right: of those shown, and where the conversation has more, of how many.
   * @param {Element} place
   */
  #countReplies(place) {
    for (let fold = place.closest(".fold"); fold; fold = fold.parentElement?.closest(".fold") ?? null) {
      const summary = fold.querySelector("summary");
      const shown = fold.querySelectorAll(".replies .comment-body").length;
      const all = Number(fold.parentElement?.dataset["replies"] ?? 0);
      if (summary) summary.textContent = shown < all ? say("replies_of", { n: all, shown }) : say("replies", { n: shown });
    }
  }

  /**
   * The list of replies under a comment: its own, or from the deepest level on the one it stands in itself.
   * @param {number} parent
   */
  #repliesOf(parent) {
    const branch = this.#article(parent)?.closest("li");
    if (!branch) return null;
    if (this.#level(branch) >= DEEPEST) return branch.parentElement;
    const there = branch.querySelector(":scope > .fold > .replies");
    if (there) return there;
    const list = make("ol", { class: "replies" });
    this.#article(parent)?.after(make("details", { class: "fold", open: "" }, make("summary"), list));
    return list;
  }

  /** @param {Element} branch */
  #level(branch) {
    let level = 0;
    for (let above = branch.parentElement?.closest("li"); above && this.contains(above); level += 1) {
      above = above.parentElement?.closest("li");
    }
    return level;
  }

  /**
   * Whether this page shows a new comment, now or when asked to.
   * @param {Entry} entry
   */
  #belongs(entry) {
    const conversation = this.getAttribute("conversation");
    if (conversation) return String(entry.root) === conversation && this.hasAttribute("newest-end");
    if (entry.parent === null) return this.hasAttribute("newest-end") || this.hasAttribute("newest");
    if (this.hasAttribute("view")) return false;
    return entry.place !== null && entry.depth <= DEEPEST && (this.#waiting.has(entry.parent) || !!this.#article(entry.parent));
  }

  /**
   * Keep the number of a conversation's replies right, over them and in "Show all N replies".
   * @param {Entry} entry
   */
  #count(entry) {
    const branch = this.#article(entry.root ?? entry.id)?.closest("li");
    if (branch) branch.dataset["replies"] = String(entry.replies);
    const fold = branch?.querySelector(":scope > .fold");
    if (fold) this.#countReplies(fold);
    const more = branch?.querySelector(":scope > [data-more]");
    if (!more) return;
    const link = more.querySelector("a");
    if (link) link.textContent = say("show_replies", { n: entry.replies });
    const beyond = entry.parent !== null && (entry.place === null || entry.depth > DEEPEST);
    if (beyond && !entry.gone) more.removeAttribute("hidden");
  }

  #tellWaiting() {
    const many = this.#waiting.size;
    if (!many) return this.#status.replaceChildren();
    this.#button.textContent = say("new_comments", { n: many });
    if (!this.#button.isConnected) this.#status.append(this.#button);
  }

  /** @param {HTMLElement[]} comments */
  #announce(comments) {
    this.dispatchEvent(new CustomEvent("comment-thread:change", { detail: comments, bubbles: true }));
    const [article, act] = this.#focused ?? [];
    this.#focused = undefined;
    const same = act && article?.querySelector(`[data-act="${act}"]`);
    if (same instanceof HTMLElement) same.focus(); // the reader's own tools have made it anew by now
  }

  /** The story is not public any more: what readers wrote under it leaves every open page too. */
  #vanish() {
    this.#section?.replaceChildren(make("p", { role: "status", class: "comments-closed" }, say("not_public")));
  }

  get #section() {
    return this.closest(".discussion");
  }

  /** @param {number} id */
  #article(id) {
    const found = document.getElementById(`comment-${id}`);
    return found && this.contains(found) ? found : null;
  }

  /** @param {string} name */
  #attribute(name) {
    return this.getAttribute(name) ?? "";
  }
}

/**
 * Whether two fragments of a comment differ at most in their foot.
 * @param {HTMLElement} old
 * @param {HTMLElement} article
 */
function isSame(old, article) {
  const parts = [...article.children].filter((part) => !part.matches(".comment-foot"));
  const body = old.querySelector(".comment-foot") && article.querySelector(".comment-foot");
  return !!body && parts.every((part, place) => old.children[place]?.isEqualNode(part));
}
