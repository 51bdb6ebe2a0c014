// @ts-check
import { send } from "./sending.js";

/**
 * The switch of calm mode, around its form: with a script the page changes where one is, and the choice is kept.
 * Without it the form leads back to the first queue.
 */
export class CalmSwitchElement extends HTMLElement {
  #listening = new AbortController();

  connectedCallback() {
    this.#listening = new AbortController();
    this.addEventListener("submit", (event) => void this.#switch(event), { signal: this.#listening.signal });
  }

  disconnectedCallback() {
    this.#listening.abort();
  }

  /** @param {SubmitEvent} event */
  async #switch(event) {
    const button = event.submitter;
    if (!(event.target instanceof HTMLFormElement) || !(button instanceof HTMLButtonElement)) return;
    event.preventDefault();
    const calm = button.value === "yes";
    document.body.classList.toggle("calm", calm);
    button.setAttribute("aria-pressed", String(calm));
    const told = await send(event.target, button);
    button.value = calm ? "no" : "yes";
    if (told.refused) document.body.classList.toggle("calm", !calm);
  }
}
