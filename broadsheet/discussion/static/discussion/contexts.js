// @ts-check
import { make } from "./fragment.js";
import { isPlain } from "./replies.js";

const LONGEST = 240; // characters: EXCERPT of discussion/orders.py
const LINGER = 200; // milliseconds: the way of the pointer from the link to what it shows

/**
 * Beside "In reply to": the first lines of what is replied to, on hover, on focus and on a first touch. They stay while
 * the pointer is on them, and Escape puts them away (WCAG 2.2, 1.4.13).
 */
export class Contexts {
  /** @type {HTMLElement | undefined} */ #shown;
  /** @type {number | undefined} */ #leaving;
  /** @type {Map<string, Promise<string>>} */ #asked = new Map();

  /** @param {Element} section */
  constructor(section) {
    for (const kind of ["pointerover", "focusin"]) section.addEventListener(kind, (event) => this.#enter(event));
    for (const kind of ["pointerout", "focusout"]) section.addEventListener(kind, () => this.#leave());
    section.addEventListener("click", (event) => this.#touch(event), true);
    document.addEventListener("keydown", ({ key }) => key === "Escape" && this.#hide());
  }

  /** @param {Event} event */
  #enter(event) {
    if (event instanceof PointerEvent && event.pointerType === "touch") return;
    if (this.#shown?.contains(/** @type {Node} */ (event.target))) return clearTimeout(this.#leaving);
    const link = linkOf(event);
    if (event instanceof FocusEvent && !link?.matches(":focus-visible")) return; // a finger or a click, which have their own way
    if (link) void this.#show(link);
  }

  #leave() {
    clearTimeout(this.#leaving);
    this.#leaving = setTimeout(() => this.#hide(), LINGER);
  }

  /**
   * The first touch shows, the second follows the link.
   * @param {Event} event
   */
  #touch(event) {
    const link = linkOf(event);
    const touched = event instanceof PointerEvent && event.pointerType === "touch";
    if (!link || !touched || !isPlain(event) || this.#shown?.parentElement === link.parentElement) return;
    event.preventDefault();
    void this.#show(link);
  }

  /** @param {HTMLAnchorElement} link */
  async #show(link) {
    clearTimeout(this.#leaving);
    if (this.#shown?.parentElement === link.parentElement) return;
    this.#hide();
    const place = make("span", { class: "comment-glimpse", id: "comment-glimpse", dir: "auto" });
    this.#shown = place;
    const words = await this.#wordsOf(link);
    if (this.#shown !== place || !words) return;
    place.textContent = words;
    link.after(place);
    link.setAttribute("aria-describedby", place.id);
  }

  #hide() {
    this.#shown?.parentElement?.querySelector("a")?.removeAttribute("aria-describedby");
    this.#shown?.remove();
    this.#shown = undefined;
  }

  /**
   * From the page where it is there, else from the server, which gives everybody the same.
   * @param {HTMLAnchorElement} link
   */
  async #wordsOf(link) {
    const there = document.getElementById(`comment-${/comments\/(\d+)\//.exec(link.pathname)?.[1]}`);
    if (there) {
      const words = there.querySelector(".comment-body")?.textContent?.trim().replace(/\s+/g, " ") ?? "";
      return words.length > LONGEST ? `${words.slice(0, LONGEST)} …` : words;
    }
    const asked = this.#asked.get(link.pathname) ?? fetch(`${link.pathname}context/`).then((answer) => (answer.ok ? answer.json() : { words: "" })).then(({ words }) => words, () => "");
    this.#asked.set(link.pathname, asked);
    return asked;
  }
}

/** @param {Event} event */
function linkOf(event) {
  const link = event.target instanceof Element ? event.target.closest(".comment-answers > a") : null;
  const stands = link?.parentElement?.nextElementSibling?.matches(".comment-context"); // the page quotes it already
  return link instanceof HTMLAnchorElement && !stands ? link : null;
}
