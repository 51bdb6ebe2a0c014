// @ts-check
import { say } from "../core/words.js";

/**
 * @typedef {object} State a card as it is now (moderation/answers.py)
 * @property {number} id
 * @property {string[]} queues
 * @property {boolean} mine
 * @property {number | null} undo the decision that can be undone
 *
 * @typedef {object} Told what the desk answers to an act
 * @property {string} [done] what was done, in a sentence
 * @property {State} [card]
 * @property {string} [refused] why nothing was done
 * @property {string} [sign_in] where to sign in again
 */

/**
 * Send a form of the desk as its button would, and give what the desk tells; a fault comes as a refusal.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} [button]
 * @returns {Promise<Told>}
 */
export async function send(form, button) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form, button)) body.append(name, String(value));
  try {
    const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body });
    if (!answer.headers.get("Content-Type")?.startsWith("application/json")) return { refused: say("not_done") };
    return await answer.json();
  } catch {
    return { refused: say("not_done") };
  }
}

/**
 * The HTML of a card as the server has it now; undefined where it does not come.
 * @param {string} address
 */
export async function fetchCard(address) {
  try {
    const answer = await fetch(address);
    return answer.ok ? (await answer.text()).trim() : undefined;
  } catch {
    return undefined;
  }
}
