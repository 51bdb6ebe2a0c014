// @ts-check

const STAYING = ".comments-status, .comments-ahead"; // what stays where its reader looks
const REST = 200; // milliseconds without word, after which all of the page is told

/**
 * How much of this frame lies above and below what its reader sees. A frame is as high as its page and never scrolls, so
 * it cannot know by itself; the host's page says so. On the elements that go along at once, and on the whole page, for
 * what opens later, when the reader has come to rest: that costs the style of every comment.
 */
export class Sight {
  #rest = 0;

  /** @param {{ above?: unknown, below?: unknown }} hidden */
  take({ above, below }) {
    /** @param {HTMLElement} element */
    const tell = ({ style }) => {
      style.setProperty("--above", pixels(above));
      style.setProperty("--below", pixels(below));
    };
    for (const element of document.querySelectorAll(STAYING)) {
      if (element instanceof HTMLElement) tell(element);
    }
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => tell(document.documentElement), REST);
  }
}

/** @param {unknown} number */
function pixels(number) {
  return typeof number === "number" && number > 0 && Number.isFinite(number) ? `${Math.round(number)}px` : "0px";
}
