// @ts-check
import { say } from "../core/words.js";
import { make } from "./fragment.js";
import { buttonFor, complain, forgive } from "./post.js";

/** @import { Choose } from "./post.js" */

/**
 * Whom this reader follows and has muted: a "More" button at each comment, and a line in place of what the muted wrote.
 */
export class People {
  /** @type {Set<string>} */ #muted;
  /** @type {Set<string>} */ #followed;
  /** @type {Set<string>} */ #shown = new Set(); // comments of the muted that were asked for, on this page
  /** @type {string} */ #reader;
  /** @type {Choose} */ #choose;

  /**
   * @param {{ muted: number[], followed: number[], reader: number }} known
   * @param {Choose} choose
   */
  constructor({ muted, followed, reader }, choose) {
    [this.#muted, this.#followed] = [new Set(muted.map(String)), new Set(followed.map(String))];
    [this.#reader, this.#choose] = [String(reader), choose];
  }

  /** @param {Element} section */
  dress(section) {
    for (const article of section.querySelectorAll("article.comment")) {
      if (!(article instanceof HTMLElement)) continue;
      this.#fold(article);
      const foot = article.querySelector(".comment-foot");
      const others = article.dataset["by"] && article.dataset["by"] !== this.#reader;
      if (others && foot && !foot.querySelector("[data-act=more]")) {
        foot.append(" ", make("button", { type: "button", class: "link-button", "data-act": "more", "aria-expanded": "false" }, say("more")));
      }
    }
  }

  /** @param {HTMLElement} article */
  #fold(article) {
    const folded = this.#muted.has(article.dataset["by"] ?? "") && !this.#shown.has(article.id);
    const line = article.previousElementSibling?.matches(".comment-muted") ? article.previousElementSibling : null;
    article.hidden = folded;
    if (!folded) line?.remove();
    if (!folded || line) return;
    const show = make("button", { type: "button", class: "link-button" }, say("muted_show"));
    show.addEventListener("click", () => {
      this.#shown.add(article.id);
      const there = document.getElementById(article.id);
      if (!there) return;
      this.#fold(there);
      there.tabIndex = -1;
      there.focus();
    });
    article.before(make("p", { class: "comment-muted" }, say("muted"), " ", show));
  }

  /** @param {Event} event */
  press(event) {
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (button?.dataset["act"] === "more") this.#toggle(button);
    else if (button?.dataset["act"] === "follow-person" || button?.dataset["act"] === "mute") void this.#act(button);
  }

  /** @param {KeyboardEvent} event */
  leave(event) {
    const menu = event.target instanceof Element ? event.target.closest(".comment-foot")?.querySelector(".comment-menu") : null;
    const button = menu?.parentElement?.querySelector("[data-act=more]");
    if (event.key !== "Escape" || !(button instanceof HTMLButtonElement)) return;
    this.#toggle(button);
    button.focus();
  }

  /** @param {HTMLButtonElement} button */
  #toggle(button) {
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) return button.nextElementSibling?.remove();
    const by = button.closest("article")?.dataset["by"] ?? "";
    const name = button.closest("article")?.querySelector(".comment-author b")?.textContent ?? "";
    const follows = this.#followed.has(by);
    const muted = this.#muted.has(by);
    button.after(
      make(
        "span",
        { class: "comment-menu" },
        this.#choice("follow-person", `/readers/${by}/follow/`, !follows, say(follows ? "unfollow_person" : "follow_person", { name })),
        this.#choice("mute", `/readers/${by}/mute/`, !muted, say(muted ? "unmute_person" : "mute_person", { name })),
      ),
    );
  }

  /**
   * @param {string} act
   * @param {string} address
   * @param {boolean} choice
   * @param {string} words
   */
  #choice(act, address, choice, words) {
    const facts = { type: "button", class: "link-button", dir: "auto", "data-act": act, "data-address": address };
    return make("button", { ...facts, "data-choice": String(choice) }, words);
  }

  /** @param {HTMLButtonElement} button */
  async #act(button) {
    const foot = button.closest(".comment-foot");
    const article = button.closest("article");
    const by = article?.dataset["by"];
    if (!foot || !article || !by) return;
    forgive(foot);
    const told = await this.#choose(button.dataset["address"] ?? "", button.dataset["choice"] === "true");
    if (told.refused !== undefined) return complain(foot, told);
    const more = foot.querySelector("[data-act=more]");
    if (more instanceof HTMLButtonElement) {
      this.#toggle(more);
      more.focus();
    }
    if (told.follows !== undefined) keep(this.#followed, by, told.follows);
    if (told.muted !== undefined) keep(this.#muted, by, told.muted);
    if (told.muted ?? false) {
      this.#followed.delete(by);
      this.#shown.clear();
    } else if (told.follows ?? false) this.#muted.delete(by);
    const section = article.closest("section");
    if (section) this.dress(section);
    const line = article.previousElementSibling;
    if (article.hidden) line?.querySelector("button")?.focus();
  }
}

/**
 * "Follow this discussion" in place.
 * @param {Element} section
 * @param {boolean} follows
 * @param {Choose} choose
 */
export function followHere(section, follows, choose) {
  const link = section.querySelector("a[data-act=follow]");
  if (!(link instanceof HTMLAnchorElement)) return;
  const button = buttonFor(link);
  button.classList.add("comments-follow");
  button.setAttribute("aria-pressed", String(follows));
  button.addEventListener("click", async () => {
    const wanted = button.getAttribute("aria-pressed") !== "true";
    forgive(button);
    button.setAttribute("aria-pressed", String(wanted));
    const told = await choose(button.dataset["address"] ?? "", wanted);
    if (told.refused === undefined) return;
    button.setAttribute("aria-pressed", String(!wanted));
    complain(button, told);
  });
}

/**
 * @param {Set<string>} kept
 * @param {string} by
 * @param {boolean} is
 */
function keep(kept, by, is) {
  if (is) kept.add(by);
  else kept.delete(by);
}
