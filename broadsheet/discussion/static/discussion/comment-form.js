// @ts-check
import { links } from "../core/here.js";
import { say } from "../core/words.js";
import { Countdown } from "./countdown.js";
import { Counter } from "./counter.js";
import { ago, Draft } from "./draft.js";
import { elementOf, make } from "./fragment.js";
import { Preview } from "./preview.js";
import { quotation } from "./quotation.js";

/** @import { Entry } from "./news.js" */

/**
 * @typedef {object} Posted what the server answers when it has taken the words
 * @property {Entry | null} comment the comment as everybody gets it; null where nobody does
 * @property {{ id: number, html: string | null, parent: number | null, edit_until: string | null, body: string | null, status: string, rating: number | null }} own
 * @property {string} address
 * @property {number} wait seconds until its writer may post again
 *
 * @typedef {"new" | "reply" | "edit"} Kind
 */

const PATIENCE = 30_000; // milliseconds before a post counts as lost; sent again it makes no second comment
const HEARD = 150; // milliseconds after which a live region that is new on the page is listened to
let opened = 0;
let restsUntil = 0; // when this reader may post again, as the last answer to any box on this page said

/**
 * The box in which a comment is written. The form inside it works by itself; this posts without leaving the page, says
 * a refusal beside the box, previews, counts, and loses no word: they are kept in this browser until the server has
 * them, and one intent is sent under one key however often it is tried.
 *
 * @attr action - where to post; without it the page's own address, and then the answer's page is gone to
 * @attr kind - "new", "reply" or "edit"
 * @attr preview - where to ask for a preview       @attr longest - characters a comment may have
 * @attr reader - number of the account, whose drafts are kept; missing for a guest
 * @attr wait - seconds until a comment is taken    @attr until - moment until which an edit is taken
 * @fires comment-form:posted - when the server has taken it (detail: Posted)
 * @fires comment-form:close - when the reader changes their mind
 */
export class CommentFormElement extends HTMLElement {
  /** Gives the token for a write, asked for anew when it is too old; null when the reader is signed out. */
  /** @type {(fresh: boolean) => Promise<string | null>} */ token = async () => this.#field("csrfmiddlewaretoken")?.value ?? null;
  /** Gives what a reply answers: the element with its words, and whose they are. */
  /** @type {() => { words: HTMLElement, by: string } | null} */ answered = () => this.#quotedOnPage();

  /** @type {HTMLFormElement | null} */ #form = null;
  /** @type {string} */ #key = crypto.randomUUID?.() ?? String(Math.random()).slice(2);
  #before = ""; // what was in the box when it was opened
  #busy = false;
  #draft = new Draft("", "");
  #says = make("p", { class: "form-wrong", role: "alert", hidden: "" });
  #status = make("p", { class: "unseen", role: "status" });
  #asks = make("div", { class: "box-ask", hidden: "" });
  #left = make("p", { class: "box-left" });
  /** @type {Counter | undefined} */ #counter;
  /** @type {Preview | undefined} */ #preview;
  #rest = new Countdown((time) => this.#tellRest(time), () => this.#endRest());
  #time = new Countdown((time) => this.#tellTime(say("edit_left", { time })), () => this.#tellTime(say("edit_over")));

  /** What is in the box. */
  get value() {
    return this.#box.value;
  }

  set value(words) {
    this.#box.value = words;
  }

  connectedCallback() {
    const form = this.querySelector("form");
    if (!form || this.#form) return;
    this.#form = form;
    form.noValidate = true; // the server's sentences say more
    this.#key = this.#field("key")?.value || this.#key;
    this.#says.id = `${this.#box.id}-says`;
    form.prepend(this.#says);
    this.#box.after(this.#left, this.#status);
    this.#counter = new Counter(Number(this.getAttribute("longest")), this.#left, this.#status);
    this.#preview = new Preview(this.getAttribute("preview") ?? "", () => this.token(false));
    this.#acts.before(this.#preview.place, this.#asks);
    form.addEventListener("submit", (event) => this.#act(event));
    form.querySelector("[name=cancel]")?.addEventListener("click", () => this.#close());
    this.#box.addEventListener("input", () => this.#changed());
    this.#before = this.#box.value;
    this.#restore();
    this.#counter.count(this.value);
    this.#startClocks();
    if (this.hasAttribute("action")) this.#box.focus();
  }

  disconnectedCallback() {
    this.#rest.stop();
    this.#time.stop();
  }

  /**
   * Put a passage into the box as a quotation, where the cursor is.
   * @param {string} passage
   * @param {string} source
   */
  quote(passage, source) {
    const box = this.#box;
    const before = box.value.slice(0, box.selectionStart);
    const gap = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
    box.setRangeText(gap + quotation(passage, source), box.selectionStart, box.selectionEnd, "end");
    this.#changed();
    box.focus();
    box.scrollIntoView({ block: "nearest" });
  }

  /** @param {SubmitEvent} event */
  #act(event) {
    event.preventDefault();
    const button = event.submitter;
    const name = button?.getAttribute("name");
    if (button && name === "preview") return this.#preview?.toggle(button, this.value);
    if (name === "quote") return this.#quoteAnswered();
    void this.#post();
  }

  async #post() {
    if (this.#busy) return;
    if (this.#rest.runs) return this.#refuse(this.#waits?.textContent ?? "");
    this.#setBusy(true);
    this.#says.hidden = true;
    this.#status.textContent = say("sending");
    try {
      const answer = await this.#sent(false);
      if (isOldToken(answer)) return this.#refuse(say("signed_out"), signInAddress());
      const told = await answer.json();
      if (answer.status === 429) this.#restFor(Number(answer.headers.get("Retry-After")));
      if (told.nudge) return this.#ask(told.nudge);
      if (!answer.ok) return this.#refuse(told.refused ?? say("not_sent"), told.sign_in);
      this.#draft.drop();
      this.#restFor(told.wait);
      this.#leave(told);
    } catch {
      this.#refuse(say("not_sent"));
    } finally {
      this.#setBusy(false);
    }
  }

  /** @param {Posted} told */
  #leave(told) {
    if (!this.hasAttribute("action")) return location.assign(links.here(told.address));
    this.dispatchEvent(new CustomEvent("comment-form:posted", { detail: told, bubbles: true }));
  }

  /**
   * @param {boolean} again
   * @returns {Promise<Response>}
   */
  async #sent(again) {
    const body = new URLSearchParams({ body: this.value });
    const rating = this.querySelector("[name=rating]:checked");
    if (rating instanceof HTMLInputElement) body.set("rating", rating.value);
    for (const name of ["name", "reader", "nudged"]) {
      const field = this.#field(name);
      if (field) body.set(name, field.value);
    }
    const answer = await fetch(this.getAttribute("action") ?? location.pathname, {
      method: "POST",
      headers: {
        Accept: "application/json",
        "Idempotency-Key": this.#key,
        "X-CSRFToken": (await this.token(again)) ?? "",
      },
      body,
      signal: AbortSignal.timeout(PATIENCE),
    });
    return isOldToken(answer) && !again ? this.#sent(true) : answer;
  }

  /**
   * @param {string} sentence
   * @param {string} [signIn]
   */
  #refuse(sentence, signIn) {
    this.#says.replaceChildren(sentence);
    if (signIn) this.#says.append(" ", make("a", { href: signIn }, say("sign_in")));
    this.#says.hidden = false;
    const described = new Set(this.#box.getAttribute("aria-describedby")?.split(" "));
    this.#box.setAttribute("aria-describedby", [...described.add(this.#says.id)].join(" "));
    this.#box.focus();
  }

  /**
   * What the server asks before it takes the words; with the token in it, the next attempt is taken.
   * @param {string} html
   */
  #ask(html) {
    this.querySelector(".nudge")?.remove();
    const asks = elementOf(html);
    asks.querySelector("a")?.addEventListener("click", (event) => {
      event.preventDefault();
      this.#box.focus();
    });
    this.#acts.before(asks);
    asks.focus();
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    this.#busy = busy;
    if (!busy) this.#status.textContent = "";
    this.#send.setAttribute("aria-disabled", String(busy || this.#rest.runs));
  }

  #changed() {
    this.#draft.keep(this.value === this.#before ? "" : this.value, this.#key);
    this.#counter?.count(this.value);
    this.#preview?.changed(this.value);
  }

  /** Bring back what was written here before, and say so; what the server has put into the box is newer. */
  #restore() {
    this.#draft = new Draft(this.getAttribute("reader") ?? "", this.getAttribute("action") ?? location.pathname);
    const kept = this.#draft.find();
    if (!kept || kept.words === this.value || (this.value && this.getAttribute("kind") !== "edit")) return;
    this.value = kept.words;
    this.#key = kept.key;
    const note = make("p", { class: "box-draft" }, say("draft_back", { ago: ago(kept.at) }), " ");
    const discard = make("button", { type: "button", class: "button-quiet" }, say("draft_discard"));
    discard.addEventListener("click", () => {
      this.value = this.#before;
      this.#changed();
      note.remove();
      this.#box.focus();
    });
    note.append(discard);
    this.#form?.prepend(note);
    setTimeout(() => (this.#status.textContent = note.firstChild?.textContent ?? ""), HEARD);
  }

  /** Close, and where something was written ask what is to become of it. */
  #close() {
    if (!this.value.trim() || this.value === this.#before) return this.#shut();
    const keep = make("button", { type: "button" }, say("draft_keep"));
    const discard = make("button", { type: "button", class: "button-quiet" }, say("draft_discard"));
    keep.addEventListener("click", () => this.#shut());
    discard.addEventListener("click", () => {
      this.#draft.drop();
      this.#shut();
    });
    this.#asks.replaceChildren(make("p", {}, say("draft_close")), make("p", { class: "form-acts" }, keep, discard));
    this.#asks.hidden = false;
    keep.focus();
  }

  #shut() {
    this.dispatchEvent(new CustomEvent("comment-form:close", { bubbles: true }));
  }

  #quoteAnswered() {
    const found = this.answered();
    if (!found) return;
    const chosen = getSelection();
    const within = chosen && !chosen.isCollapsed && found.words.contains(chosen.anchorNode) ? chosen.toString() : "";
    this.quote(within || ownWords(found.words), found.by);
  }

  #quotedOnPage() {
    const figure = document.querySelector("figure.quoted");
    const words = figure?.querySelector("blockquote");
    return words instanceof HTMLElement ? { words, by: figure?.getAttribute("data-by") ?? "" } : null;
  }

  /** @param {number} seconds */
  #restFor(seconds) {
    if (!seconds) return;
    restsUntil = Date.now() + seconds * 1000;
    this.#rest.start(restsUntil);
  }

  #startClocks() {
    if (this.getAttribute("kind") !== "edit") {
      this.#rest.start(Math.max(restsUntil, Date.now() + Number(this.getAttribute("wait")) * 1000));
    }
    const until = Date.parse(this.getAttribute("until") ?? "");
    if (until) this.#time.start(until);
  }

  /** @param {string} time */
  #tellRest(time) {
    const sentence = say("wait", { time });
    if (this.#waits) this.#waits.textContent = sentence;
    if (this.#waits?.hidden) this.#status.textContent = sentence;
    this.#waits?.removeAttribute("hidden");
    this.#send.setAttribute("aria-disabled", "true");
  }

  #endRest() {
    this.#waits?.setAttribute("hidden", "");
    this.#says.hidden = true;
    this.#status.textContent = say("wait_over");
    this.#send.setAttribute("aria-disabled", String(this.#busy));
  }

  /** @param {string} sentence */
  #tellTime(sentence) {
    const place = this.querySelector(".box-until") ?? make("p", { class: "box-until" });
    if (!place.isConnected) this.#acts.before(place);
    place.textContent = sentence;
  }

  /** @returns {HTMLTextAreaElement} */
  get #box() {
    return /** @type {HTMLTextAreaElement} */ (this.querySelector("textarea"));
  }

  /** @returns {HTMLElement} */
  get #acts() {
    return /** @type {HTMLElement} */ (this.querySelector("form > .form-acts"));
  }

  /** @returns {HTMLButtonElement} */
  get #send() {
    return /** @type {HTMLButtonElement} */ (this.querySelector("form > .form-acts [type=submit]"));
  }

  /** @returns {HTMLElement | null} */
  get #waits() {
    return this.querySelector(".box-wait");
  }

  /** @param {string} name */
  #field(name) {
    const found = this.querySelector(`input[name=${name}]`);
    return found instanceof HTMLInputElement ? found : null;
  }
}

/**
 * A box to open in place of a link to write.
 * @param {string} html the reader's own box, as `/threads/N/me/` gives it
 * @param {{ action: string, kind: Kind, words?: string, until?: string | null, rating?: number | null }} what
 */
export function formFor(html, { action, kind, words = "", until = null, rating = null }) {
  const form = /** @type {CommentFormElement} */ (document.importNode(elementOf(html), true));
  opened += 1;
  for (const name of ["id", "for", "aria-describedby"]) {
    for (const each of form.querySelectorAll(`[${name}]`)) {
      each.setAttribute(name, (each.getAttribute(name) ?? "").replace(/\S+/g, `$&-${opened}`));
    }
  }
  for (const each of form.querySelectorAll("[data-for]")) {
    if (!each.getAttribute("data-for")?.split(" ").includes(kind)) each.remove();
  }
  form.setAttribute("action", action);
  form.setAttribute("kind", kind);
  if (until) form.setAttribute("until", until);
  if (kind === "reply" || (kind === "edit" && !rating)) form.querySelector(".stars-choice")?.remove();
  form.querySelector(`[name=rating][value="${rating}"]`)?.setAttribute("checked", "");
  form.value = words;
  return form;
}

/**
 * What a comment says itself, without what it quotes; all of it where it says nothing else.
 * @param {HTMLElement} body
 */
function ownWords(body) {
  const parts = [...body.children].filter((part) => part.localName !== "blockquote");
  const own = parts.map((part) => /** @type {HTMLElement} */ (part).innerText.trim()).join("\n\n");
  return own.trim() || body.innerText;
}

/**
 * The server refuses an old token with a page, and everything else with JSON.
 * @param {Response} answer
 */
function isOldToken(answer) {
  return answer.status === 403 && !answer.headers.get("Content-Type")?.startsWith("application/json");
}

function signInAddress() {
  return `/accounts/login/?next=${encodeURIComponent(location.pathname)}`;
}
