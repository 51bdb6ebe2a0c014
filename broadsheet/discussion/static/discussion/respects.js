// @ts-check
import { say } from "../core/words.js";
import { make } from "./fragment.js";
import { buttonFor, complain, forgive } from "./post.js";

/** @import { Choose } from "./post.js" */

/**
 * Respect in place: a button in place of the link, pressed where this reader respects the comment. It shows at once,
 * and is taken back with the reason when the server refuses.
 */
export class Respects {
  /** @type {Set<number>} */ #given = new Set();
  /** @type {number} */ #reader;
  /** @type {Choose} */ #choose;

  /**
   * @param {number[]} given numbers of the comments respected
   * @param {number} reader
   * @param {Choose} choose
   */
  constructor(given, reader, choose) {
    [this.#given, this.#reader, this.#choose] = [new Set(given), reader, choose];
  }

  /** @param {Element} section */
  dress(section) {
    for (const link of section.querySelectorAll("a[data-act=respect]")) {
      const article = link.closest("article");
      if (!(link instanceof HTMLAnchorElement) || !article) continue;
      if (article.dataset["by"] === String(this.#reader)) link.remove();
      else buttonFor(link);
    }
    for (const button of section.querySelectorAll("button[data-act=respect]")) {
      button.setAttribute("aria-pressed", String(this.#given.has(numberOf(button))));
    }
  }

  /** @param {Event} event */
  async press(event) {
    const button = event.target instanceof Element ? event.target.closest("button[data-act=respect]") : null;
    if (!(button instanceof HTMLButtonElement) || button.ariaBusy) return;
    const foot = /** @type {Element} */ (button.parentElement);
    const number = numberOf(button);
    const gives = !this.#given.has(number);
    const before = countIn(foot);
    button.ariaBusy = "true";
    forgive(foot);
    this.#set(button, number, gives, before + (gives ? 1 : -1));
    const told = await this.#choose(button.dataset["address"] ?? "", gives);
    const now = document.querySelector(`#comment-${number} button[data-act=respect]`) ?? button;
    button.ariaBusy = null;
    if (told.refused === undefined) return this.#set(now, number, gives, told.respects ?? before);
    this.#set(now, number, !gives, before);
    complain(now.parentElement ?? foot, told);
  }

  /**
   * @param {Element} button
   * @param {number} number
   * @param {boolean} gives
   * @param {number} count
   */
  #set(button, number, gives, count) {
    if (gives) this.#given.add(number);
    else this.#given.delete(number);
    button.setAttribute("aria-pressed", String(gives));
    const there = button.parentElement?.querySelector(".respects");
    if (count <= 0) return there?.remove();
    const words = [String(count), make("span", { class: "unseen" }, ` ${say("respects_in_all")}`)];
    if (there) there.replaceChildren(...words);
    else button.after(" ", make("a", { class: "respects", href: `/comments/${number}/respects/`, rel: "nofollow" }, ...words));
  }
}

/** @param {Element} button */
function numberOf(button) {
  return Number(button.closest("article")?.id.slice("comment-".length));
}

/** @param {Element} foot */
function countIn(foot) {
  return Number.parseInt(foot.querySelector(".respects")?.textContent ?? "0", 10) || 0;
}
