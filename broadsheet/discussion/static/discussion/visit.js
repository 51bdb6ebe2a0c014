// @ts-check
import { framed } from "../core/here.js";
import { say } from "../core/words.js";
import { make } from "./fragment.js";

/** @typedef {{ at: string, new: number[] } | null} Since what is new since this reader's last visit */

/**
 * Marks what is new since a reader's last visit, leads from one to the next, and tells the server how far they have
 * come: when the page is opened, and when it is left.
 */
export class Visit {
  /** @type {Element} */ #section;
  /** @type {string} */ #address;
  /** @type {Set<number>} */ #new;
  /** @type {Set<Element>} */ #seen = new Set();
  #bar = make("p", { class: "comments-since" });
  #next = make("button", { type: "button", class: "comments-next" });
  #watch = new IntersectionObserver((entries) => this.#see(entries), { threshold: 0.4 });

  /**
   * @param {Element} section
   * @param {string} address
   * @param {Since} since
   */
  constructor(section, address, since) {
    [this.#section, this.#address, this.#new] = [section, address, new Set(since?.new)];
    this.#next.addEventListener("click", () => this.go(1));
    if (since && this.#new.size) this.#tell();
  }

  #tell() {
    const thread = this.#section.querySelector("comment-thread");
    this.#bar.append(say("since_visit", { n: this.#new.size }));
    const newest = thread?.getAttribute("newest");
    if (newest) this.#bar.append(" ", make("a", { href: newest }, say("see_newest")));
    thread?.before(this.#bar);
    this.#section.append(make("div", { class: "comments-ahead" }, this.#next));
  }

  /** Mark what is on the page; doing it twice does no harm. */
  dress() {
    for (const number of this.#new) {
      const article = document.getElementById(`comment-${number}`);
      const foot = article?.querySelector(".comment-foot");
      if (!article || !foot || foot.querySelector(".comment-new")) continue;
      article.classList.add("comment-unread");
      foot.prepend(make("span", { class: "comment-new" }, say("new")), " ");
      this.#watch.observe(article);
    }
    this.#count();
  }

  /**
   * Lead the focus to the next new comment, or the one before; gives whether there is one.
   * @param {1 | -1} by
   */
  go(by) {
    const marked = [...this.#section.querySelectorAll(".comment-unread")].filter((one) => one.checkVisibility());
    return step(marked, by);
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #see(entries) {
    for (const { isIntersecting, target } of entries) if (isIntersecting) this.#seen.add(target);
    this.#count();
  }

  #count() {
    const left = [...this.#section.querySelectorAll(".comment-unread:not([hidden])")].filter((one) => !this.#seen.has(one)).length;
    this.#next.textContent = say("next_new", { n: left });
    this.#next.hidden = !left;
  }

  /**
   * Tell the server. The token goes in the form, so that it can be sent while the page is left.
   * @param {string | undefined} token
   * @param {number} revision
   */
  note(token, revision) {
    if (!token) return;
    navigator.sendBeacon(this.#address, new URLSearchParams({ csrfmiddlewaretoken: token, revision: String(revision) }));
  }
}

/**
 * Lead the focus to the next of these after where the reader is, or to the one before.
 * @param {Element[]} comments
 * @param {1 | -1} by
 */
export function step(comments, by) {
  const edge = framed ? 0 : innerHeight / 4; // a frame is as high as its page: where the reader is in it, the host knows
  const focused = comments.findIndex((one) => one.contains(document.activeElement));
  const below = comments.findIndex((one) => one.getBoundingClientRect().top > edge);
  const here = below < 0 ? comments.length : below;
  const wanted = focused >= 0 ? focused + by : by > 0 ? here : here - 1;
  const next = comments[wanted] ?? (by > 0 ? comments[0] : comments.at(-1));
  if (!(next instanceof HTMLElement)) return false;
  for (let fold = next.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
  next.tabIndex = -1;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "start" });
  return true;
}
