// @ts-check
import { say } from "../core/words.js";
import { elementOf, make } from "../discussion/fragment.js";
import { keysOfDesk, meaning, press, showKeys } from "./desk-keys.js";
import { fetchCard, send } from "./sending.js";
import { countSoon } from "./tab-counts.js";

/** @import { State, Told } from "./sending.js" */

const OF_THE_PAGE = ["take", "calm", "help"];

/**
 * A queue worked without leaving its page: acts are sent in the background while the next card is read, and single keys
 * do everything that can be done with a card's own buttons and fields. Without JavaScript it is a list of plain forms.
 *
 * The screen runs ahead and the server has the last word: after an act whose button has `data-leaves` the card folds up
 * at once and the next one is read meanwhile; it comes back with the reason when a colleague was first.
 * Keys can be remapped and switched off (WCAG 2.2, 2.1.4) on the page "Your desk".
 *
 * @attr queue - the name of the queue; missing on a comment's own page
 */
export class ModerationQueueElement extends HTMLElement {
  #listening = new AbortController();
  #keys = keysOfDesk();
  #status = make("p", { role: "status", class: "unseen" });
  #sending = 0;
  /** @type {HTMLElement | undefined} where the last act can be taken back, wherever the focus is by now */ #undoing;
  /** @type {Promise<unknown>} acts reach the server one after the other, in the order in which they were taken */ #last = Promise.resolve();

  connectedCallback() {
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    document.addEventListener("keydown", (event) => this.#press(event), { signal });
    this.addEventListener("submit", (event) => void this.#submit(event), { signal });
    this.addEventListener("change", (event) => offerTexts(event.target), { signal });
    document.addEventListener("visibilitychange", () => !document.hidden && countSoon(), { signal });
    addEventListener("beforeunload", (event) => this.#sending && event.preventDefault(), { signal });
    this.append(this.#status);
    showKeys(document, this.#keys);
    for (const hidden of document.querySelectorAll("[data-needs-script]")) hidden.removeAttribute("hidden");
    this.#cards.find((card) => card.id === location.hash.slice(1))?.focus();
  }

  disconnectedCallback() {
    this.#listening.abort();
    this.#status.remove();
  }

  /** @returns {HTMLElement[]} the cards that still ask for something */
  get #cards() {
    return [...this.querySelectorAll("article.card")].filter((card) => card instanceof HTMLElement);
  }

  /** @returns {HTMLElement | undefined} the card in which the focus is */
  get #current() {
    return this.#cards.find((card) => card.contains(document.activeElement));
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const act = meaning(event, this.#keys);
    if (act && this.#act(act)) event.preventDefault();
  }

  /**
   * @param {string} act
   * @returns {boolean} whether it meant something here
   */
  #act(act) {
    if (act === "next") return this.#move(1);
    if (act === "previous") return this.#move(-1);
    const card = this.#current;
    if (/^[1-8]$/.test(act)) return card ? this.#choose(card, Number(act)) : false;
    if (act === "undo") return this.#sending > 0 || [this.#undoing, card].some((place) => place?.isConnected && press(place, "undo"));
    if (card && press(card, act)) return true;
    return OF_THE_PAGE.includes(act) && press(document.body, act);
  }

  /** @param {number} by */
  #move(by) {
    const cards = this.#cards;
    const here = this.#current ? cards.indexOf(this.#current) : by > 0 ? -1 : cards.length;
    this.#go(cards[here + by]);
    return true;
  }

  /** @param {HTMLElement | undefined} card */
  #go(card) {
    card?.focus({ preventScroll: true });
    card?.scrollIntoView({ block: "start" });
  }

  /**
   * Choose the reason and step onto the button: one more key, Enter, rejects. Nothing is rejected by a slip.
   * @param {HTMLElement} card
   * @param {number} place
   */
  #choose(card, place) {
    const reasons = card.querySelector("select[name=reason]");
    if (!(reasons instanceof HTMLSelectElement)) return false;
    reasons.selectedIndex = place;
    offerTexts(reasons);
    const button = reasons.form?.querySelector(".reject");
    if (button instanceof HTMLElement) button.focus();
    return button !== null;
  }

  /** @param {SubmitEvent} event */
  async #submit(event) {
    const form = event.target;
    const around = form instanceof HTMLFormElement && form.closest("article.card, .card-done");
    if (!(form instanceof HTMLFormElement) || !(around instanceof HTMLElement)) return;
    event.preventDefault();
    if (around.getAttribute("aria-busy") === "true") return; // a double click
    around.setAttribute("aria-busy", "true");
    const button = event.submitter;
    const address = around.dataset["card"] ?? "";
    const strip = button?.hasAttribute("data-leaves") ? this.#fold(around, address) : undefined;
    this.#sending += 1;
    const sent = this.#last.then(() => send(form, button));
    this.#last = sent;
    const told = await sent;
    this.#sending -= 1;
    if (!this.#sending) countSoon();
    around.removeAttribute("aria-busy");
    this.#status.textContent = told.done ?? "";
    if (told.refused) this.#refuse(around, strip, told);
    else if (told.card && this.#hasLeft(told.card)) this.#settle(around, strip ?? this.#fold(around, address), told);
    else await this.#renew(strip ?? around, address, told);
  }

  /** @param {State} state */
  #hasLeft({ queues, mine }) {
    const queue = this.getAttribute("queue");
    if (queue === "mine") return !mine;
    return Boolean(queue) && queue !== "talk" && queue !== "asked" && !queues.includes(queue ?? "");
  }

  /**
   * Take a card off the screen, lead the moderator to the next, and leave a strip where it was.
   * @param {HTMLElement} card
   * @param {string} address
   */
  #fold(card, address) {
    const cards = this.#cards;
    const here = cards.indexOf(card);
    const next = cards[here + 1] ?? cards[here - 1];
    const strip = make("div", { class: "card-done", tabindex: "-1", "data-card": address }, make("p", {}, say("sending")));
    card.replaceWith(strip);
    if (next) this.#go(next);
    else strip.focus({ preventScroll: true });
    return strip;
  }

  /**
   * What was done, and the way to take it back.
   * @param {HTMLElement} card
   * @param {HTMLElement} strip
   * @param {Told} told
   */
  #settle(card, strip, told) {
    this.#undoing = strip;
    this.#forgetKeys();
    strip.replaceChildren(make("p", {}, told.done ?? ""));
    const token = card.querySelector("input[name=csrfmiddlewaretoken]")?.cloneNode();
    if (told.card?.undo && token && card.dataset["undo"]) {
      const button = make("button", { type: "submit", name: "decision", value: String(told.card.undo), class: "button-quiet", "data-act": "undo" }, say("undo"));
      strip.append(make("form", { method: "post", action: card.dataset["undo"] }, token, button));
    }
    showKeys(strip, this.#keys);
    if (!this.#cards.length && !this.#sending) this.#goOn();
  }

  /** The key undoes the last act: what stands beside earlier ones is a button alone. */
  #forgetKeys() {
    for (const old of this.querySelectorAll(".card-done [data-act=undo]")) {
      old.removeAttribute("data-act");
      old.querySelector("kbd")?.remove();
    }
  }

  /**
   * @param {HTMLElement} card
   * @param {HTMLElement | undefined} strip
   * @param {Told} told
   */
  #refuse(card, strip, told) {
    strip?.replaceWith(card);
    card.querySelector(".card-refused")?.remove();
    const says = make("p", { class: "card-refused", role: "alert" }, told.refused ?? "", " ");
    const again = card.querySelector(".act-more a")?.getAttribute("href");
    if (told.sign_in) says.append(make("a", { href: told.sign_in }, say("sign in")));
    else if (again) says.append(make("a", { href: again }, say("look again")));
    card.prepend(says);
    this.#go(card);
  }

  /**
   * Put the card in its place as the server has it now.
   * @param {HTMLElement} old
   * @param {string} address
   * @param {Told} told
   */
  async #renew(old, address, told) {
    const html = address ? await fetchCard(address) : undefined;
    if (!html) return location.reload();
    const card = elementOf(html);
    const wasFocused = old.contains(document.activeElement) || document.activeElement === document.body;
    this.#undoing = card;
    this.#forgetKeys();
    old.replaceWith(card);
    card.prepend(make("p", { class: "card-told" }, told.done ?? ""));
    showKeys(card, this.#keys);
    if (wasFocused) this.#go(card);
  }

  /** Everything here is done: lead to what waits behind it, or has come in since. What was done can still be undone. */
  #goOn() {
    const next = document.querySelector("a[data-next]");
    if (!(next instanceof HTMLAnchorElement)) return;
    next.closest("[hidden]")?.removeAttribute("hidden");
    next.focus();
  }
}

/**
 * Offer the texts to the author that go with the reason that is chosen.
 * @param {EventTarget | null} chosen
 */
function offerTexts(chosen) {
  if (!(chosen instanceof HTMLSelectElement) || chosen.name !== "reason") return;
  for (const option of chosen.form?.querySelectorAll("select[name=canned] option[data-reason]") ?? []) {
    if (!(option instanceof HTMLOptionElement)) continue;
    const reason = option.dataset["reason"];
    option.hidden = Boolean(reason) && Boolean(chosen.value) && reason !== chosen.value;
    if (option.hidden) option.selected = false;
  }
}
