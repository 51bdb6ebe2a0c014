// @ts-check
import { workerAddress } from "./worker-address.js";

/**
 * The offer to show notifications in this browser; nothing where the browser cannot. Its words stand in the page.
 * @attr key - our public key, as browsers take it
 * @attr action - where the browser's address is kept
 */
export class BrowserNoticesElement extends HTMLElement {
  connectedCallback() {
    if (!("serviceWorker" in navigator) || !("PushManager" in globalThis)) return;
    this.hidden = false;
    this.#button("start").onclick = () => void this.#change(() => this.#start());
    this.#button("stop").onclick = () => void this.#change(() => this.#stop());
    void this.#look();
  }

  /** @param {string} name */
  #button(name) {
    return /** @type {HTMLButtonElement} */ (this.querySelector(`button[name="${name}"]`));
  }

  /** @param {string} name */
  #say(name) {
    const words = name && this.querySelector(`template[data-say="${name}"]`);
    const status = this.querySelector('[role="status"]');
    if (status) status.textContent = words instanceof HTMLTemplateElement ? words.content.textContent : "";
  }

  async #subscription() {
    const kept = await navigator.serviceWorker.getRegistration("/me/");
    return (await kept?.pushManager.getSubscription()) ?? null;
  }

  async #look() {
    const isOn = (await this.#subscription()) !== null;
    this.#button("start").hidden = isOn || Notification.permission === "denied";
    this.#button("stop").hidden = !isOn;
    this.#say(isOn ? "on" : Notification.permission === "denied" ? "denied" : "");
  }

  /** @param {() => Promise<void>} act */
  async #change(act) {
    try {
      await act();
      await this.#look();
    } catch {
      await this.#look();
      if (Notification.permission !== "denied") this.#say("failed");
    }
  }

  async #start() {
    await navigator.serviceWorker.register(workerAddress, { scope: "/me/" });
    const { pushManager } = await navigator.serviceWorker.ready; // this page lies in its reach
    const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: this.getAttribute("key") });
    await this.#send({ endpoint: made.endpoint });
  }

  async #stop() {
    const made = await this.#subscription();
    if (!made) return;
    await this.#send({ endpoint: made.endpoint, stop: "1" });
    await made.unsubscribe();
  }

  /** @param {Record<string, string>} facts */
  async #send(facts) {
    const token = /** @type {HTMLInputElement | null} */ (this.querySelector('input[name="csrfmiddlewaretoken"]'));
    const answer = await fetch(this.getAttribute("action") ?? "", {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token?.value ?? "" },
      body: new URLSearchParams(facts),
    });
    if (!answer.ok) throw new Error("The newsroom did not take it.");
  }
}
