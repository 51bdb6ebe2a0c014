// @ts-check

/** @typedef {Record<string, string | Record<string, string>>} Words what core/words.py puts on the page */

/** @type {Words | undefined} */ let words;

/**
 * A sentence of the page's language, with what belongs in it put in. Names that the page does not know come out as
 * they are, so that a fault is seen and breaks nothing.
 * @param {string} name
 * @param {Record<string, string | number>} [parts] `n` chooses among plural forms
 */
export function say(name, parts = {}) {
  words ??= /** @type {Words} */ (JSON.parse(document.getElementById("words")?.textContent || "{}"));
  const known = words[name] ?? name;
  const language = document.documentElement.lang || "en";
  const category = typeof known === "string" ? "" : new Intl.PluralRules(language).select(Number(parts["n"]));
  const sentence = typeof known === "string" ? known : (known[category] ?? known["other"] ?? name);
  return sentence.replace(/%\((\w+)\)s/g, (_, part) => written(parts[part] ?? "", language));
}

/**
 * Numbers as the language writes them; Latin digits in every language, as core/language.py has them.
 * @param {string | number} part
 * @param {string} language
 */
function written(part, language) {
  return typeof part === "number" ? part.toLocaleString(language, { numberingSystem: "latn" }) : part;
}
