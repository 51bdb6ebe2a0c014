// @ts-check
import { say } from "../core/words.js";
import { CommentFormElement } from "./comment-form.js";
import { make } from "./fragment.js";

const QUOTABLE = ".story-body, .comment:not(.comment-held) .comment-body";
const PAUSE = 200; // milliseconds without a change before the selection counts as made

/**
 * Offers to quote what a reader has selected in the story or in a comment: a button by the end of the selection, the
 * next thing that Tab comes to. It writes into the box that is open, or opens the one that answers what is quoted.
 */
export class QuoteButton {
  #open;
  #button = make("button", { type: "button", class: "quote-offer" }, say("quote"));
  /** @type {{ passage: string, place: Element } | null} */ #chosen = null;
  /** @type {number | undefined} */ #timer;

  /** @param {(link: HTMLAnchorElement) => CommentFormElement | null} open gives the box for a link to write */
  constructor(open) {
    this.#open = open;
    this.#button.addEventListener("click", () => this.#quote());
    this.#button.addEventListener("pointerdown", (event) => event.preventDefault()); // keeps the selection
  }

  /** @param {AbortSignal} signal */
  start(signal) {
    const later = () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#look(), PAUSE);
    };
    document.addEventListener("selectionchange", later, { signal });
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
    later(); // somebody may have selected something before the script was there
  }

  /**
   * Tab leads to the button from wherever the browser believes the focus to be; Escape puts it away.
   * @param {KeyboardEvent} event
   */
  #key(event) {
    if (!this.#button.isConnected) return;
    const isHere = document.activeElement === this.#button;
    if (event.key === "Escape") this.#away();
    if (event.key !== "Tab" || event.shiftKey || isHere) return;
    event.preventDefault();
    this.#button.focus();
  }

  #look() {
    if (document.activeElement === this.#button) return;
    const selection = getSelection();
    const range = selection?.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0).cloneRange() : null;
    const place = range && quotable(range);
    const passage = selection?.toString().trim() ?? "";
    if (!range || !place || !passage) return this.#away();
    this.#chosen = { passage, place };
    if (!place.contains(range.endContainer)) range.setEnd(place, place.childNodes.length);
    this.#put(range, place);
  }

  /**
   * @param {Range} range
   * @param {Element} place
   */
  #put(range, place) {
    const end = range.endContainer instanceof Element ? range.endContainer : range.endContainer.parentElement;
    const block = end === place ? place.lastElementChild : end?.closest("p, li, h2, h3, blockquote, figcaption");
    if (!block || !place.contains(block)) place.append(this.#button);
    else if (block.localName === "li") block.append(this.#button);
    else block.after(this.#button);
    const around = (this.#button.offsetParent ?? document.documentElement).getBoundingClientRect();
    const last = [...range.getClientRects()].at(-1) ?? range.getBoundingClientRect();
    const width = this.#button.offsetWidth;
    const left = Math.min(Math.max(last.right - around.left - width / 2, 0), around.width - width);
    this.#button.style.top = `${last.bottom - around.top + 6}px`;
    this.#button.style.left = `${left}px`;
  }

  #away() {
    this.#chosen = null;
    this.#button.remove();
  }

  #quote() {
    if (!this.#chosen) return;
    const { passage, place } = this.#chosen;
    const article = place.closest("article.comment");
    const source = article?.querySelector(".comment-author bdi, .comment-author b")?.textContent ?? say("quote_story");
    const form = this.#formFor(article);
    this.#away();
    getSelection()?.removeAllRanges();
    form?.quote(passage, source);
  }

  /** @param {Element | null} article */
  #formFor(article) {
    const there = [...document.querySelectorAll("comment-form[action]")].at(-1);
    if (there instanceof CommentFormElement) return there;
    const link = (article ?? document).querySelector(article ? "a[data-write=reply]" : "a[data-write=comment]");
    return link instanceof HTMLAnchorElement ? this.#open(link) : null;
  }
}

/**
 * The one body that a selection lies in; null where it lies in none, or in several.
 * @param {Range} range
 */
function quotable(range) {
  const start = range.startContainer;
  const place = (start instanceof Element ? start : start.parentElement)?.closest(QUOTABLE);
  if (!place || place.contains(range.endContainer)) return place ?? null;
  const beyond = range.cloneRange(); // three clicks select a paragraph and the empty beginning of what follows it
  beyond.setStartAfter(place);
  return beyond.toString().trim() ? null : place;
}
