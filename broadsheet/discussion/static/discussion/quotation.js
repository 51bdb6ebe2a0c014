// @ts-check

const LONGEST = 500; // LONGEST_QUOTATION of discussion/quoting.py, whose rules these are
const LAST_WORD = 60; // how far back a space is looked for

/**
 * A passage as a quotation of the box's Markdown, with its source below and a line to write on.
 * @param {string} passage as it stands on the page
 * @param {string} source
 */
export function quotation(passage, source) {
  const words = cut(passage.replace(/\n{3,}/g, "\n\n").trim());
  const lines = [...words.split("\n").map(asTyped), "", `— ${source.replace(/[\\`*_[\]<>&#~|]/g, "\\$&")}`];
  return `${lines.map((line) => `> ${line}`.trimEnd()).join("\n")}\n\n`;
}

/**
 * At most so many characters, cut at a word and never inside a letter.
 * @param {string} words
 */
function cut(words) {
  const letters = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(words)].map((each) => each.segment);
  let length = 0;
  const over = letters.findIndex((letter) => (length += [...letter].length) > LONGEST - 1);
  if (over === -1 || [...words].length <= LONGEST) return words;
  const kept = letters.slice(0, over);
  const back = [...kept].reverse().findIndex((letter) => /\s/.test(letter));
  const whole = /\s/.test(letters[over] ?? "") || back === -1 || back > LAST_WORD;
  return `${(whole ? kept : kept.slice(0, -back - 1)).join("").trimEnd()}…`;
}

/**
 * Plain words in Markdown: what would be read as markup is kept as a sign.
 * @param {string} line
 */
function asTyped(line) {
  return line
    .replace(/\\(?=[!-/:-@[-`{-~])|[`[]|<(?=[a-z/!?])|&(?=#?\w+;)/gi, "\\$&")
    .replace(/(?<!\s)\*|\*(?!\s)/g, "\\*")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/^(\s*)([->+]|\d+[.)])(?=\s)/, (_, space, sign) => `${space}${sign.slice(0, -1)}\\${sign.slice(-1)}`)
    .replace(/^(\s*)>/, "$1\\>");
}
