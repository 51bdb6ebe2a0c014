// @ts-check
import { links } from "../core/here.js";

/**
 * @typedef {{ createHTML(words: string): string }} Policy
 * @typedef {{ createPolicy(name: string, rules: Policy): Policy }} Policies
 */

/** The one place where a script makes elements of HTML: fragments that our own server has cleaned. */
const policy = /** @type {{ trustedTypes?: Policies }} */ (/** @type {unknown} */ (globalThis)).trustedTypes?.createPolicy(
  "broadsheet",
  { createHTML: (words) => words },
) ?? { createHTML: (/** @type {string} */ words) => words };

/**
 * The nodes of a fragment.
 * @param {string} html
 */
export function nodesOf(html) {
  const template = document.createElement("template");
  template.innerHTML = policy.createHTML(html);
  links.settle(template.content);
  return template.content;
}

/**
 * The one element of a fragment.
 * @param {string} html
 */
export function elementOf(html) {
  const element = nodesOf(html).firstElementChild;
  if (!(element instanceof HTMLElement)) throw new TypeError("This fragment holds no element.");
  return element;
}

/**
 * A new element with attributes and children; text comes out as text.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string>} attributes
 * @param {(Node | string)[]} children
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  links.settle(element);
  return element;
}
