// @ts-check
import { say } from "../core/words.js";
import { make } from "./fragment.js";
import { step } from "./visit.js";

/** @import { Visit } from "./visit.js" */

const SWITCH = "broadsheet-reading-keys";
const KEYS = ["j", "k", "n", "p", "?"];

/**
 * Single keys to read by, listed in a small help that "?" or its button opens. They can be switched off there, for
 * people who dictate (WCAG 2.2, 2.1.4); this browser remembers it. They mean nothing while somebody writes.
 */
export class Keys {
  /** @type {Element} */ #section;
  /** @type {Visit} */ #visit;
  #off = false;
  #help = make("dialog", { class: "keys-help", "aria-labelledby": "keys-title" });

  /**
   * @param {Element} section
   * @param {Visit} visit
   * @param {AbortSignal} signal
   */
  constructor(section, visit, signal) {
    [this.#section, this.#visit] = [section, visit];
    document.addEventListener("keydown", (event) => this.#press(event), { signal });
    const button = make("button", { type: "button", class: "link-button comments-keys" }, say("keys"));
    button.addEventListener("click", () => this.#open());
    section.querySelector(".comment-search")?.before(button);
    section.append(this.#help);
  }

  /** A browser may forbid its store, as some do in frames: then the keys are on, and off for as long as the page is open. */
  get #on() {
    try {
      return localStorage.getItem(SWITCH) !== "off";
    } catch {
      return !this.#off;
    }
  }

  /** @param {boolean} on */
  #turn(on) {
    this.#off = !on;
    try {
      localStorage.setItem(SWITCH, on ? "on" : "off");
    } catch {
      // It holds for this page.
    }
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const busy = event.target instanceof Element && event.target.closest("input, select, textarea, dialog, [contenteditable]");
    if (!this.#on || busy || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (this.#act(event.key.toLowerCase())) event.preventDefault();
  }

  /**
   * @param {string} key
   * @returns {boolean} whether the key meant something
   */
  #act(key) {
    if (key === "?") return this.#open();
    if (key === "n") return this.#visit.go(1);
    if (key === "p") return this.#visit.go(-1);
    if (key !== "j" && key !== "k") return false;
    const comments = [...this.#section.querySelectorAll("article.comment")].filter((one) => one.checkVisibility());
    return step(comments, key === "j" ? 1 : -1);
  }

  #open() {
    const off = make("input", { type: "checkbox", id: "keys-on" });
    off.checked = this.#on;
    off.addEventListener("change", () => this.#turn(off.checked));
    const list = make("dl");
    for (const key of KEYS) list.append(make("dt", {}, make("kbd", {}, key)), make("dd", {}, say(`key_${key === "?" ? "help" : key}`)));
    const close = make("button", { type: "button", class: "button-quiet" }, say("close"));
    close.addEventListener("click", () => this.#help.close());
    this.#help.replaceChildren(
      make("h2", { id: "keys-title" }, say("keys")),
      list,
      make("p", { class: "field-check" }, off, make("label", { for: "keys-on" }, say("keys_on"))),
      make("p", { class: "form-acts" }, close),
    );
    this.#help.showModal();
    return true;
  }
}
