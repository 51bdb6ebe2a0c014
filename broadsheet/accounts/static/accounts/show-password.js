// @ts-check
import { say } from "../core/words.js";

/**
 * A button that shows what is typed into the password field before it, and hides it again. Without JavaScript the
 * field hides it, as browsers do.
 */
export class ShowPasswordElement extends HTMLElement {
  #button = document.createElement("button");

  connectedCallback() {
    const field = this.previousElementSibling;
    if (this.childElementCount || !(field instanceof HTMLInputElement)) return;
    this.#button.type = "button";
    this.#button.className = "button-quiet";
    this.#button.setAttribute("aria-controls", field.id);
    this.#button.addEventListener("click", () => this.#show(field, field.type === "password"));
    field.form?.addEventListener("submit", () => this.#show(field, false)); // so that no browser keeps it as text
    this.append(this.#button);
    this.#show(field, false);
  }

  /**
   * @param {HTMLInputElement} field
   * @param {boolean} shown
   */
  #show(field, shown) {
    field.type = shown ? "text" : "password";
    field.spellcheck = false; // some spelling checkers send what they read elsewhere
    this.#button.textContent = say(shown ? "hide_password" : "show_password");
  }
}
