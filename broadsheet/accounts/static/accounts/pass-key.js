// @ts-check
import { say } from "../core/words.js";

/**
 * @typedef {object} Asked what the server asks of a passkey, as JSON: bytes are base64url
 * @property {any} publicKey
 */

/**
 * A button that makes or shows a passkey: it asks the device, writes the answer into the form's field `credential` and
 * sends the form. Hidden until the script finds that this browser knows passkeys.
 *
 * @attr src - where to ask for the options, each time the button is pressed
 * @attr options - or the id of the page's JSON that holds them
 * @attr make - a new passkey is made; otherwise one is shown
 */
export class PassKeyElement extends HTMLElement {
  #says = document.createElement("p");
  #waits = false;

  connectedCallback() {
    const form = this.closest("form");
    if (!form || !("PublicKeyCredential" in window)) return;
    this.hidden = false;
    this.#says.className = "form-wrong";
    this.#says.setAttribute("role", "alert");
    this.#says.hidden = true;
    this.append(this.#says);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#ask(form);
    });
  }

  /** @param {HTMLFormElement} form */
  async #ask(form) {
    if (this.#waits) return;
    this.#waits = true;
    this.#says.hidden = true;
    try {
      const { publicKey } = await this.#options();
      const found = this.hasAttribute("make")
        ? await navigator.credentials.create({ publicKey: readable(publicKey) })
        : await navigator.credentials.get({ publicKey: readable(publicKey) });
      const field = form.elements.namedItem("credential");
      if (found && field instanceof HTMLInputElement) {
        field.value = JSON.stringify(writable(/** @type {PublicKeyCredential} */ (found)));
        form.submit(); // not requestSubmit: this listener has done its part
      }
    } catch (fault) {
      const known = fault instanceof DOMException && fault.name === "InvalidStateError";
      this.#says.textContent = say(known ? "passkey_known" : "passkey_failed");
      this.#says.hidden = false;
    } finally {
      this.#waits = false;
    }
  }

  /** @returns {Promise<Asked>} */
  async #options() {
    const place = this.getAttribute("options");
    if (place) return { publicKey: JSON.parse(document.getElementById(place)?.textContent ?? "{}").publicKey };
    const answer = await fetch(this.getAttribute("src") ?? "", { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    return (await answer.json()).request_options;
  }
}

/**
 * The options with bytes where the server wrote base64url.
 * @param {any} asked
 */
function readable(asked) {
  /** @param {any[] | undefined} list */
  const credentials = (list) => list?.map((each) => ({ ...each, id: bytes(each.id) }));
  return {
    ...asked,
    challenge: bytes(asked.challenge),
    ...(asked.user && { user: { ...asked.user, id: bytes(asked.user.id) } }),
    ...(asked.excludeCredentials && { excludeCredentials: credentials(asked.excludeCredentials) }),
    ...(asked.allowCredentials && { allowCredentials: credentials(asked.allowCredentials) }),
  };
}

/**
 * The answer as the server reads it: base64url where there are bytes.
 * @param {PublicKeyCredential} found
 */
function writable(found) {
  const response = /** @type {AuthenticatorAttestationResponse & AuthenticatorAssertionResponse} */ (found.response);
  return {
    id: found.id,
    rawId: base64url(found.rawId),
    type: found.type,
    authenticatorAttachment: found.authenticatorAttachment,
    clientExtensionResults: found.getClientExtensionResults(),
    response: {
      clientDataJSON: base64url(response.clientDataJSON),
      ...(response.attestationObject && {
        attestationObject: base64url(response.attestationObject),
        transports: response.getTransports?.() ?? [],
      }),
      ...(response.authenticatorData && { authenticatorData: base64url(response.authenticatorData) }),
      ...(response.signature && { signature: base64url(response.signature) }),
      ...(response.userHandle && { userHandle: base64url(response.userHandle) }),
    },
  };
}

/** @param {string} text */
function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

/** @param {ArrayBuffer} buffer */
function base64url(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
