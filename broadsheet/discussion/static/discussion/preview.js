// @ts-check
import { say } from "../core/words.js";
import { make, nodesOf } from "./fragment.js";

const PAUSE = 500; // milliseconds without a key before the server is asked

/** A comment as it will look, made by the server's own cleaner while one types; asked for only while it is shown. */
export class Preview {
  /** @type {string} */ #address;
  /** @type {() => Promise<string | null>} */ #token;
  #shown = "";
  #asked = new AbortController();
  /** @type {number | undefined} */ #timer;
  #body = make("div", { class: "comment-body", dir: "auto" });
  /** The place on the page. */
  place = make("section", { class: "preview", hidden: "" }, make("h3", {}, say("preview")), this.#body);

  /**
   * @param {string} address
   * @param {() => Promise<string | null>} token
   */
  constructor(address, token) {
    [this.#address, this.#token] = [address, token];
    this.place.setAttribute("aria-label", say("preview"));
  }

  /**
   * Show it, or put it away.
   * @param {HTMLElement} button
   * @param {string} words
   */
  toggle(button, words) {
    this.place.hidden = !this.place.hidden;
    button.setAttribute("aria-expanded", String(!this.place.hidden));
    if (!this.place.hidden) void this.#ask(words);
  }

  /** @param {string} words */
  changed(words) {
    clearTimeout(this.#timer);
    if (!this.place.hidden) this.#timer = setTimeout(() => this.#ask(words), PAUSE);
  }

  /** @param {string} words */
  async #ask(words) {
    if (!words.trim()) return this.#say(say("preview_hint"));
    if (words === this.#shown) return;
    this.#asked.abort();
    const { signal } = (this.#asked = new AbortController());
    try {
      const answer = await fetch(this.#address, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": (await this.#token()) ?? "" },
        body: new URLSearchParams({ body: words }),
        signal,
      });
      const told = await answer.json();
      if (!answer.ok) return this.#wait(answer, told.refused, words);
      this.#shown = words;
      this.#body.replaceChildren(nodesOf(told.html));
    } catch {
      if (!signal.aborted) this.#say(say("preview_failed"));
    }
  }

  /**
   * @param {Response} answer
   * @param {string} refused
   * @param {string} words
   */
  #wait(answer, refused, words) {
    this.#say(refused);
    const wait = Number(answer.headers.get("Retry-After"));
    if (wait) this.#timer = setTimeout(() => this.#ask(words), wait * 1000);
  }

  /** @param {string} sentence */
  #say(sentence) {
    this.#shown = "";
    this.#body.replaceChildren(make("p", { class: "hint" }, sentence));
  }
}
