// @ts-check

/** Seconds that run out, told as 1:35; the end is kept as a moment, so that a sleeping tab comes back right. */
export class Countdown {
  #end = 0;
  /** @type {number | undefined} */ #timer;
  /** @type {(time: string) => void} */ #tell;
  /** @type {() => void} */ #over;

  /**
   * @param {(time: string) => void} tell called at once and every second
   * @param {() => void} over called when nothing is left
   */
  constructor(tell, over) {
    [this.#tell, this.#over] = [tell, over];
  }

  /** Whether time is left. */
  get runs() {
    return Date.now() < this.#end;
  }

  /** @param {number} end a moment, as Date.now() tells it */
  start(end) {
    this.stop();
    this.#end = end;
    if (this.runs) this.#tick();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#end = 0;
  }

  #tick() {
    const left = this.#end - Date.now();
    if (left <= 0) return this.#over();
    this.#tell(inClock(Math.ceil(left / 1000)));
    this.#timer = setTimeout(() => this.#tick(), left % 1000 || 1000);
  }
}

/** @param {number} seconds */
function inClock(seconds) {
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (!parts[0]) parts.shift();
  return parts.map((part, place) => (place ? String(part).padStart(2, "0") : String(part))).join(":");
}
