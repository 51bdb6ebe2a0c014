// @ts-check
import { say } from "../core/words.js";

const SPOKEN = [0, 10, 20, 50, 100, 200]; // characters left at which somebody who cannot see the number hears it
const PAUSE = 800; // milliseconds without a key before it is said
const LEFT_OUT = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g; // what core/text.py takes out

/**
 * The length of a comment as the server counts it: characters, not the halves in which scripts count, of the words
 * as they will be stored.
 * @param {string} words
 */
export function lengthOf(words) {
  const stored = words.replace(/\r\n?/g, "\n").replace(LEFT_OUT, "").normalize("NFC").trim();
  return [...stored].length;
}

/** Says under a box how many characters are left: always to the eye, near the end to the ear. */
export class Counter {
  /** @type {number} */ #longest;
  /** @type {HTMLElement} */ #shown;
  /** @type {HTMLElement} */ #spoken;
  #said = SPOKEN.length;
  /** @type {number | undefined} */ #timer;

  /**
   * @param {number} longest
   * @param {HTMLElement} shown
   * @param {HTMLElement} spoken a live region
   */
  constructor(longest, shown, spoken) {
    [this.#longest, this.#shown, this.#spoken] = [longest, shown, spoken];
  }

  /** @param {string} words */
  count(words) {
    const left = this.#longest - lengthOf(words);
    const sentence = left < 0 ? say("over", { n: -left }) : say("left", { n: left });
    this.#shown.textContent = sentence;
    this.#shown.classList.toggle("is-over", left < 0);
    const mark = left < 0 ? -1 : SPOKEN.findIndex((each) => left <= each);
    const step = mark === -1 && left >= 0 ? SPOKEN.length : mark;
    clearTimeout(this.#timer);
    if (step < this.#said) this.#timer = setTimeout(() => (this.#spoken.textContent = sentence), PAUSE);
    this.#said = step;
  }
}
