// @ts-check
import { say } from "../core/words.js";

/** @typedef {{name: string, label: string, count: string, oldest: string}} Waiting */
/** @typedef {{headline: string, address: string, comments: string, waiting: string}} Busy */
/** @typedef {{waiting: Waiting[], busiest: Busy[], said: string}} Now what /moderation/overview/now/ answers */

const EVERY = 30_000; // milliseconds
const LONGEST = 300_000; // between two tries while it cannot be reached

/**
 * `<desk-overview src>`: what waits now, asked for every half minute, and not while nobody looks at the page. The tables
 * stand in the page already; only their numbers change. A change is told to those who listen once, in one sentence, and
 * a button stops it all.
 */
export class DeskOverviewElement extends HTMLElement {
  #etag = "";
  #said = "";
  #pause = EVERY;
  #stopped = false;
  /** @type {number | undefined} */ #timer;
  /** @type {HTMLButtonElement | undefined} */ #button;
  #seen = () => this.#look();

  connectedCallback() {
    if (!this.#button) this.#addButton();
    document.addEventListener("visibilitychange", this.#seen);
    this.#later();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#seen);
    clearTimeout(this.#timer);
  }

  #addButton() {
    this.#button = document.createElement("button");
    this.#button.type = "button";
    this.#button.addEventListener("click", () => this.#toggle());
    this.#name();
    this.querySelector(".overview-head")?.append(this.#button);
  }

  #name() {
    if (this.#button) this.#button.textContent = say(this.#stopped ? "refresh again" : "stop refreshing");
  }

  #toggle() {
    this.#stopped = !this.#stopped;
    this.#name();
    if (this.#stopped) clearTimeout(this.#timer);
    else this.#look();
  }

  #later() {
    clearTimeout(this.#timer);
    if (!this.#stopped && !document.hidden) this.#timer = setTimeout(() => this.#look(), this.#pause);
  }

  async #look() {
    clearTimeout(this.#timer);
    if (this.#stopped || document.hidden) return;
    try {
      const answer = await fetch(this.getAttribute("src") ?? "", {
        headers: { Accept: "application/json", ...(this.#etag && { "If-None-Match": this.#etag }) },
        cache: "no-store",
      });
      if (answer.status === 200) {
        this.#etag = answer.headers.get("ETag") ?? "";
        this.#show(/** @type {Now} */ (await answer.json()));
      }
      if (answer.ok || answer.status === 304) this.#asOf();
      this.#pause = answer.ok || answer.status === 304 ? EVERY : Math.min(this.#pause * 2, LONGEST);
    } catch {
      this.#pause = Math.min(this.#pause * 2, LONGEST);
    }
    this.#later();
  }

  /** @param {Now} now */
  #show(now) {
    for (const each of now.waiting) {
      const row = this.querySelector(`[data-queue="${CSS.escape(each.name)}"]`);
      put(row?.querySelector("[data-count]"), each.count);
      put(row?.querySelector("[data-oldest]"), each.oldest);
    }
    if (now.busiest.length) this.#showBusiest(now.busiest);
    if (this.#said && this.#said !== now.said) put(this.querySelector("[data-said]"), now.said);
    this.#said = now.said;
  }

  /** @param {Busy[]} stories */
  #showBusiest(stories) {
    const body = this.querySelector("[data-busiest]");
    if (!body || body.contains(document.activeElement)) return; // nobody loses the link they are on
    body.replaceChildren(...stories.map(row));
  }

  #asOf() {
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { timeStyle: "short", numberingSystem: "latn" });
    put(this.querySelector("[data-as-of]"), say("as of", { moment: time }));
  }
}

/** @param {Busy} story */
function row(story) {
  const line = document.createElement("tr");
  const head = document.createElement("th");
  head.scope = "row";
  const link = document.createElement("a");
  link.href = story.address;
  const name = document.createElement("bdi");
  name.textContent = story.headline;
  link.append(name);
  head.append(link);
  const cells = [story.comments, story.waiting].map((number) => {
    const cell = document.createElement("td");
    cell.textContent = number;
    return cell;
  });
  line.append(head, ...cells);
  return line;
}

/**
 * @param {Element | null | undefined} element
 * @param {string} words
 */
function put(element, words) {
  if (element && element.textContent !== words) element.textContent = words;
}
