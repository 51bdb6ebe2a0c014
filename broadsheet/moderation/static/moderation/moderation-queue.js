// @ts-check
import { say } from "../core/words.js";

const SWITCH = "broadsheet-desk-keys";

/** @type {[string, string][]} the names in moderation/words.py of what the legend says; the acts are in `#keys` below */
const LEGEND = [
  ["j", "key next"],
  ["k", "key previous"],
  ["a", "key approve"],
  ["r", "key reject"],
  ["1–8", "key reason"],
  ["p", "key pick"],
  ["h", "key history"],
];

/**
 * A queue that can be worked by single keys. Without JavaScript it is a plain list of forms, and everything the keys
 * do can be done with its own buttons and fields.
 *
 * Single keys can be switched off, for people who dictate (WCAG 2.2, 2.1.4); this browser remembers it.
 */
export class ModerationQueueElement extends HTMLElement {
  #listening = new AbortController();

  connectedCallback() {
    this.#listening = new AbortController();
    this.prepend(this.#legend());
    document.addEventListener("keydown", (event) => this.#press(event), { signal: this.#listening.signal });
    this.#card(location.hash.slice(1))?.focus();
  }

  disconnectedCallback() {
    this.#listening.abort();
    this.querySelector(".keys")?.remove();
  }

  get #on() {
    return localStorage.getItem(SWITCH) !== "off";
  }

  /** @returns {HTMLElement[]} */
  get #cards() {
    return [...this.querySelectorAll("article")];
  }

  /** @returns {HTMLElement | undefined} the card in which the focus is */
  get #current() {
    return this.#cards.find((card) => card.contains(document.activeElement));
  }

  /** @param {string} id */
  #card(id) {
    return this.#cards.find((card) => card.id === id);
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const typing = event.target instanceof HTMLElement && event.target.closest("input, select, textarea");
    if (!this.#on || typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (this.#act(event.key.toLowerCase())) event.preventDefault();
  }

  /**
   * @param {string} key
   * @returns {boolean} whether the key meant something
   */
  #act(key) {
    if (key === "j") return this.#move(1);
    if (key === "k") return this.#move(-1);
    const card = this.#current;
    if (!card) return false;
    if (key === "a") return this.#click(card, ".approve");
    if (key === "p") return this.#click(card, ".pick");
    if (key === "h") return this.#click(card, ".act-more a");
    if (key === "r") return this.#focus(card, "select");
    return /^[1-8]$/.test(key) && this.#choose(card, Number(key));
  }

  /** @param {number} by */
  #move(by) {
    const cards = this.#cards;
    const here = this.#current ? cards.indexOf(this.#current) : by > 0 ? -1 : cards.length;
    const next = cards[here + by];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: "start" });
    return true;
  }

  /**
   * Choose the reason and step onto the button: one more key, Enter, rejects. Nothing is rejected by a slip.
   * @param {HTMLElement} card
   * @param {number} place
   */
  #choose(card, place) {
    const reasons = card.querySelector("select");
    if (!reasons) return false;
    reasons.selectedIndex = place;
    return this.#focus(card, ".reject");
  }

  /**
   * @param {HTMLElement} card
   * @param {string} what
   */
  #focus(card, what) {
    const found = card.querySelector(what);
    if (found instanceof HTMLElement) found.focus();
    return found !== null;
  }

  /**
   * @param {HTMLElement} card
   * @param {string} what
   */
  #click(card, what) {
    const found = card.querySelector(what);
    if (found instanceof HTMLElement) found.click();
    return found !== null;
  }

  #legend() {
    const legend = document.createElement("p");
    legend.className = "keys";
    for (const [key, meaning] of LEGEND) {
      const pair = document.createElement("span");
      const cap = document.createElement("kbd");
      cap.textContent = key;
      pair.append(cap, ` ${say(meaning)}`);
      legend.append(pair);
    }
    legend.append(this.#switch(legend));
    return legend;
  }

  /** @param {HTMLElement} legend */
  #switch(legend) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = this.#on;
    legend.classList.toggle("keys-off", !box.checked);
    box.addEventListener("change", () => {
      localStorage.setItem(SWITCH, box.checked ? "on" : "off");
      legend.classList.toggle("keys-off", !box.checked);
    });
    label.append(box, say("single keys"));
    return label;
  }
}
