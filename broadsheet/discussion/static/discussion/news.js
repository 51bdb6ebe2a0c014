// @ts-check

/**
 * @typedef {object} Entry one comment as the server tells it (discussion/changes.py)
 * @property {number} id
 * @property {number | null} parent
 * @property {number | null} root
 * @property {number} number
 * @property {number} reply_number
 * @property {number} depth
 * @property {number | null} place
 * @property {boolean} gone not public: the fragment is a tombstone
 * @property {number} replies published replies of its conversation
 * @property {string} html
 *
 * @typedef {object} Changes
 * @property {number} since the revision these changes follow
 * @property {number} revision
 * @property {boolean} more there are further changes to ask for at once
 * @property {Entry[]} comments
 * @property {string} summary
 * @property {boolean} closed
 * @property {boolean} unused an editor closed it before anybody wrote
 * @property {string} state whether comments are taken, and where to write one
 * @property {string} mode how questions or reviews stand; empty for comments
 * @property {Corrected | null} corrected the story's latest correction
 *
 * @typedef {object} Corrected
 * @property {number} at when it was made, in milliseconds
 * @property {string} html the mark of a comment that is older
 */

const POLL = 10_000; // milliseconds between two questions where the stream cannot be reached
const TRIES = 3; // failures in a row before the stream is left alone for a while
const REST = 120_000; // milliseconds after which the stream is tried again

/**
 * Follows a discussion: by the stream, and by asking where that cannot be reached. Every change arrives at least once
 * and in order: a hole between the cursor and what the stream brings is filled by asking.
 */
export class News {
  #stream = "";
  #address = "";
  #since = 0;
  #failures = 0;
  #asking = false;
  /** @type {(changes: Changes) => void} */ #tell;
  /** @type {() => void} */ #gone;
  /** @type {EventSource | undefined} */ #source;
  /** @type {number | undefined} */ #timer;

  /**
   * @param {{stream: string, address: string, since: number}} where
   * @param {(changes: Changes) => void} tell
   * @param {() => void} gone called when the discussion is not public any more
   */
  constructor({ stream, address, since }, tell, gone) {
    [this.#stream, this.#address, this.#since] = [stream, address, since];
    [this.#tell, this.#gone] = [tell, gone];
  }

  start() {
    this.stop();
    this.#source = new EventSource(`${this.#stream}?since=${this.#since}`);
    this.#source.addEventListener("open", () => (this.#failures = 0));
    this.#source.addEventListener("change", ({ data }) => this.#take(JSON.parse(data)));
    this.#source.addEventListener("gone", () => this.#end());
    this.#source.addEventListener("error", () => this.#fail());
  }

  stop() {
    this.#source?.close();
    this.#source = undefined;
    clearTimeout(this.#timer);
  }

  /** Ask for what was missed: after sleep, a lost connection, a hole. */
  async catchUp() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      for (let more = true; more; ) {
        const answer = await fetch(`${this.#address}?since=${this.#since}`, { headers: { Accept: "application/json" } });
        if (answer.status === 404) return this.#end();
        if (!answer.ok) return;
        /** @type {Changes} */ const changes = await answer.json();
        more = changes.more;
        this.#accept(changes);
      }
    } catch {
      // No connection: the next question, or the stream, fills the hole.
    } finally {
      this.#asking = false;
    }
  }

  /** @param {Changes} changes */
  #take(changes) {
    if (changes.since > this.#since) void this.catchUp();
    else this.#accept(changes);
  }

  /** @param {Changes} changes */
  #accept(changes) {
    if (changes.revision < changes.since) return; // an older copy of the database answered: what we show is newer
    this.#since = Math.max(this.#since, changes.revision);
    this.#tell(changes);
  }

  #fail() {
    this.#failures += 1;
    if (this.#failures < TRIES && this.#source?.readyState !== EventSource.CLOSED) return; // it tries again by itself
    this.stop();
    const until = Date.now() + REST;
    const ask = async () => {
      if (document.visibilityState === "visible") await this.catchUp();
      if (Date.now() > until) this.start();
      else this.#timer = setTimeout(ask, POLL);
    };
    this.#timer = setTimeout(ask, 0);
  }

  #end() {
    this.stop();
    this.#gone();
  }
}
