// @ts-check

/** @typedef {{ on: boolean, keys: Record<string, string> }} Keys as moderation/keys.py has them for this moderator */

/** @returns {Keys} */
export function keysOfDesk() {
  return JSON.parse(document.getElementById("desk-keys")?.textContent || '{"on":false,"keys":{}}');
}

/**
 * What a key pressed now means: the name of an act, a reason's number, or nothing while somebody types.
 * @param {KeyboardEvent} event
 * @param {Keys} keys
 * @returns {string | undefined}
 */
export function meaning(event, { on, keys }) {
  const typing = event.target instanceof Element && event.target.closest("input:not([type=checkbox]), select, textarea, dialog");
  if (!on || typing || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return undefined;
  const pressed = event.key.toLowerCase();
  if (/^[1-8]$/.test(pressed)) return pressed;
  return Object.keys(keys).find((act) => keys[act] === pressed);
}

/**
 * Do what an act's name stands for inside `place`: step into a field, press a button, follow a link.
 * @param {Element} place
 * @param {string} act
 * @returns {boolean} whether there is such a thing here
 */
export function press(place, act) {
  const found = [...place.querySelectorAll(`[data-act~="${act}"]`)].find((one) => one instanceof HTMLElement && !one.hidden);
  if (!(found instanceof HTMLElement)) return false;
  for (let fold = found.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) {
    if (!fold.querySelector("summary")?.contains(found)) fold.open = true;
  }
  if (found.matches("select, textarea, input:not([type=checkbox])")) found.focus();
  else found.click();
  return true;
}

/**
 * Show on each button and link which key presses it.
 * @param {ParentNode} place
 * @param {Keys} keys
 */
export function showKeys(place, { on, keys }) {
  for (const old of place.querySelectorAll("kbd.key-hint")) old.remove();
  if (!on) return;
  for (const found of place.querySelectorAll("button[data-act], a[data-act], summary[data-act]")) {
    const key = keys[/** @type {HTMLElement} */ (found).dataset["act"] ?? ""];
    if (!key) continue;
    const hint = document.createElement("kbd");
    hint.className = "key-hint";
    hint.textContent = key;
    hint.setAttribute("aria-hidden", "true"); // the name of the button stays what it is; aria-keyshortcuts says the key
    found.setAttribute("aria-keyshortcuts", key);
    found.append(hint);
  }
}
