// @ts-check
import { links } from "../core/here.js";
import { say } from "../core/words.js";
import { make } from "./fragment.js";

/**
 * @typedef {{ respected?: boolean, respects?: number, follows?: boolean, muted?: boolean, refused?: string, sign_in?: string }} Told
 * @typedef {(address: string, choice: boolean) => Promise<Told>} Choose
 */

/**
 * Sends the form of a plain page and gives what the server tells; a refusal comes as a sentence, never as a fault.
 * @param {string} address
 * @param {boolean} choice
 * @param {(fresh: boolean) => Promise<string | null>} token
 * @returns {Promise<Told>}
 */
export async function choose(address, choice, token) {
  try {
    let answer = await send(address, choice, await token(false));
    if (isOldToken(answer)) answer = await send(address, choice, await token(true));
    return isOldToken(answer) ? { refused: say("not_done"), sign_in: address } : await answer.json();
  } catch {
    return { refused: say("not_done") };
  }
}

/**
 * @param {string} address
 * @param {boolean} choice
 * @param {string | null} token
 */
function send(address, choice, token) {
  return fetch(links.here(address), {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": token ?? "" },
    body: new URLSearchParams({ choice: choice ? "yes" : "no" }),
  });
}

/**
 * The server refuses an old token with a page, and everything else with JSON.
 * @param {Response} answer
 */
function isOldToken(answer) {
  return answer.status === 403 && !answer.headers.get("Content-Type")?.startsWith("application/json");
}

/**
 * Say a refusal below what was pressed; the next one takes its place.
 * @param {Element} after
 * @param {Told} told
 */
export function complain(after, told) {
  const says = make("p", { class: "comment-says", role: "alert" }, told.refused ?? "");
  if (told.sign_in) says.append(" ", make("a", { href: told.sign_in }, say("sign_in")));
  forgive(after);
  after.after(says);
}

/** @param {Element} after */
export function forgive(after) {
  if (after.nextElementSibling?.matches(".comment-says")) after.nextElementSibling.remove();
}

/**
 * A button in place of a link that leads to a form; it keeps the link's address.
 * @param {HTMLAnchorElement} link
 */
export function buttonFor(link) {
  const button = make("button", { type: "button", class: "link-button", "data-act": link.dataset["act"] ?? "" }, ...link.childNodes);
  button.dataset["address"] = link.pathname;
  const focused = document.activeElement === link;
  link.replaceWith(button);
  if (focused) button.focus();
  return button;
}
