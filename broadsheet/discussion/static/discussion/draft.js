// @ts-check

const LASTS = 7 * 24 * 3600 * 1000; // milliseconds: after a week nobody remembers what they were about to say
const UNITS = /** @type {const} */ ([["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1]]);

/** @typedef {{ words: string, at: number, key: string }} Kept `key` names the intent: sent again, it posts once */

/**
 * What one reader has begun to write in one box, kept in this browser. Another reader's drafts are not found under
 * this one's name, and they go as soon as somebody else writes here; signing out takes all of them away.
 */
export class Draft {
  #name;

  /**
   * @param {string} reader number of the account; empty where nobody is signed in, and then nothing is kept
   * @param {string} box address of the box
   */
  constructor(reader, box) {
    this.#name = reader && `draft:${reader}:${box}`;
    if (reader) tidy(`draft:${reader}:`);
  }

  /** @returns {Kept | null} */
  find() {
    return this.#name ? read(this.#name) : null;
  }

  /**
   * @param {string} words
   * @param {string} key
   */
  keep(words, key) {
    if (!words.trim()) return this.drop();
    if (this.#name) attempt((store) => store.setItem(this.#name, JSON.stringify({ words, at: Date.now(), key })));
  }

  drop() {
    attempt((store) => store.removeItem(this.#name));
  }
}

/**
 * "2 hours ago", in the page's language.
 * @param {number} at
 */
export function ago(at) {
  const seconds = Math.max(1, Math.round((Date.now() - at) / 1000));
  const [unit, size] = UNITS.find((each) => seconds >= each[1]) ?? UNITS[3];
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto" });
  return words.format(-Math.floor(seconds / size), unit);
}

/** @param {string} own how this reader's drafts begin */
function tidy(own) {
  const names = attempt((store) => Object.keys(store).filter((name) => name.startsWith("draft:"))) ?? [];
  for (const name of names) {
    if (!name.startsWith(own) || !read(name)) attempt((store) => store.removeItem(name));
  }
}

/**
 * @param {string} name
 * @returns {Kept | null}
 */
function read(name) {
  const kept = attempt((store) => JSON.parse(store.getItem(name) ?? "null"));
  return kept && typeof kept.words === "string" && Date.now() - kept.at < LASTS ? kept : null;
}

/**
 * A browser may forbid its store, or have no room in it: then there is no draft, and everything else goes on.
 * @template T
 * @param {(store: Storage) => T} act
 */
function attempt(act) {
  try {
    return act(localStorage);
  } catch {
    return undefined;
  }
}
