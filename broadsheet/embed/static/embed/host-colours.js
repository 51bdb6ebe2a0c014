// @ts-check

const LEAST = 4.5; // WCAG 2.2, 1.4.3: letters against what is behind them
const SCHEMES = new Set(["light", "dark"]);

/** The scheme and the one colour that a host may choose, for as long as the reader stays in this frame. */
export class Colours {
  #page = document.documentElement;

  /** @param {{ scheme?: unknown, accent?: unknown }} wished */
  take({ scheme, accent }) {
    if (typeof scheme === "string" && SCHEMES.has(scheme)) this.#page.dataset["scheme"] = scheme;
    const colour = typeof accent === "string" && /^#[0-9a-f]{6}$/i.test(accent) ? accent : "";
    const paper = getComputedStyle(this.#page).getPropertyValue("--paper").trim();
    const legible = colour && contrast(colour, paper) >= LEAST;
    if (legible) {
      this.#page.style.setProperty("--accent", colour);
      this.#page.style.setProperty("--on-accent", paper);
    }
    this.#keep({ scheme: this.#page.dataset["scheme"], ...(legible && { accent: colour, on: paper }) });
  }

  /** @param {object} chosen */
  #keep(chosen) {
    try {
      sessionStorage.setItem("embed-colours", JSON.stringify(chosen));
    } catch {
      // The next page of this frame is told again, a moment later.
    }
  }
}

/**
 * @param {string} one
 * @param {string} other
 */
function contrast(one, other) {
  const [lighter, darker] = [light(one), light(other)].sort((a, b) => b - a);
  return ((lighter ?? 0) + 0.05) / ((darker ?? 0) + 0.05);
}

/** @param {string} colour "#rrggbb"; its relative luminance, by WCAG 2.2 */
function light(colour) {
  const parts = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
  const [red, green, blue] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}
