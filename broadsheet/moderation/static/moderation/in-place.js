// @ts-check
import { make, nodesOf } from "../discussion/fragment.js";
import { send } from "./sending.js";

/** @typedef {{ address: string, words: string, acts: string, act: string, not_done: string, tools: string, style: string }} Desk what moderation/extras.py tells moderators */

/**
 * The desk's acts on the page that readers see, for those who may: a button at the foot of each comment opens what the
 * card at the desk offers. The page itself follows by the stream, like everybody's.
 */
export class InPlace {
  /** @type {Desk} */ #desk;

  /** @param {Desk} desk */
  constructor(desk) {
    this.#desk = desk;
    document.head.append(make("link", { rel: "stylesheet", href: desk.style }));
  }

  /**
   * Give each comment its button; doing it twice does no harm.
   * @param {Element} section
   */
  dress(section) {
    for (const article of section.querySelectorAll("article.comment")) {
      if (article.querySelector("[data-desk]")) continue;
      const number = article.id.replace("comment-", "");
      const button = make("button", { type: "button", class: "link-button", "data-desk": number, "aria-expanded": "false" }, this.#desk.act);
      button.addEventListener("click", () => void this.#open(article, button));
      const foot = article.querySelector(".comment-foot");
      if (foot) foot.append(" ", button);
      else article.append(make("p", { class: "comment-foot" }, button));
    }
  }

  /**
   * @param {Element} article
   * @param {HTMLButtonElement} button
   */
  async #open(article, button) {
    const open = article.querySelector(".in-place");
    if (open) {
      open.remove();
      button.setAttribute("aria-expanded", "false");
      return button.focus();
    }
    const panel = make("div", { class: "in-place", role: "group", "aria-label": this.#desk.act, tabindex: "-1" });
    button.setAttribute("aria-expanded", "true");
    (article.querySelector(".comment-foot") ?? article).after(panel);
    panel.addEventListener("submit", (event) => void this.#submit(event, panel, button));
    panel.addEventListener("keydown", (event) => event.key === "Escape" && void this.#open(article, button));
    await this.#fill(panel, button);
    panel.focus();
  }

  /**
   * @param {HTMLElement} panel
   * @param {HTMLElement} button
   */
  async #fill(panel, button) {
    try {
      const answer = await fetch(this.#desk.acts.replace("/0/", `/${button.dataset["desk"]}/`), { headers: { Accept: "application/json" } });
      const told = await answer.json();
      panel.replaceChildren(answer.ok ? nodesOf(told.acts) : make("p", { role: "alert" }, told.refused));
    } catch {
      panel.replaceChildren(make("p", { role: "alert" }, this.#desk.not_done));
    }
  }

  /**
   * @param {SubmitEvent} event
   * @param {HTMLElement} panel
   * @param {HTMLElement} button
   */
  async #submit(event, panel, button) {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    event.preventDefault();
    const told = await send(form, event.submitter);
    const says = make("p", { role: told.refused ? "alert" : "status", class: "in-place-told" }, told.refused ?? told.done ?? "");
    await this.#fill(panel, button);
    panel.prepend(says);
    panel.focus();
  }
}
