// @ts-check

const WINDOW = "popup,width=520,height=760";

/**
 * Signing in to this frame: in a window of our own site, which has the cookies that a frame is not given. It sends a
 * code that is good once, and the frame gets a session of its own for it.
 */
export class SignIn {
  #following;
  /** @type {Window | null} */ #window = null;
  #listening = new AbortController();

  /** @param {string} following the framed page to go on to; empty for this one */
  constructor(following) {
    this.#following = following;
  }

  /** Open the window; false where the browser opens none. */
  open() {
    this.#window = window.open("/embed/sign-in/", "_blank", WINDOW);
    addEventListener("message", (event) => this.#take(event), { signal: this.#listening.signal });
    return this.#window !== null;
  }

  /** @param {MessageEvent} event */
  #take({ source, origin, data }) {
    if (source !== this.#window || origin !== location.origin || typeof data?.code !== "string") return;
    this.#listening.abort();
    void this.#enter(data.code).catch(() => complain("failed"));
  }

  /** @param {string} code */
  async #enter(code) {
    const { csrf } = await session();
    const answer = await fetch("/embed/session/", {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": csrf },
      body: new URLSearchParams({ code }),
    });
    if (answer.status === 403 && !(await session()).cookies) return complain("forgetful");
    if (!answer.ok) return complain("failed");
    if (!(await session()).reader) return complain("forgetful");
    if (this.#following) location.assign(this.#following);
    else location.reload();
  }
}

/** @returns {Promise<{ reader: number | null, csrf: string, cookies: boolean }>} who is signed in here, by the server */
async function session() {
  const answer = await fetch("/embed/session/", { headers: { Accept: "application/json" } });
  return answer.json();
}

/** @param {"failed" | "forgetful"} what */
function complain(what) {
  const place = document.querySelector(".frame-says");
  if (!(place instanceof HTMLElement)) return;
  place.textContent = place.dataset[what] ?? "";
  place.hidden = false;
}
