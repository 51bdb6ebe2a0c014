// @ts-check
// Starts the parts of Wagtail's editor that Wagtail itself would start from inline scripts, which our policy forbids.

/** Wagtail's own classes are globals. */
const wagtail = /** @type {Record<string, new (...args: any[]) => unknown>} */ (/** @type {unknown} */ (window));

/**
 * Starts what is marked below `root`, once each.
 * @param {ParentNode} root
 */
function start(root) {
  for (const mark of root.querySelectorAll("[data-start-chooser]")) {
    const { constructor, id, options } = JSON.parse(take(mark, "data-start-chooser"));
    new wagtail[constructor](id, options);
  }
  for (const mark of root.querySelectorAll("[data-start-rows]")) {
    new wagtail.InlinePanel(JSON.parse(take(mark, "data-start-rows")));
  }
  for (const mark of root.querySelectorAll("[data-start-moment]")) {
    const starter = /** @type {any} */ (window)[take(mark, "data-start-moment")];
    starter?.(mark.getAttribute("data-for"), JSON.parse(mark.getAttribute("data-options") ?? "{}"));
  }
}

/**
 * @param {Element} mark
 * @param {string} name
 */
function take(mark, name) {
  const value = mark.getAttribute(name) ?? "{}";
  mark.removeAttribute(name);
  return value;
}

start(document);
// A row that somebody adds brings choosers of its own.
new MutationObserver(() => start(document)).observe(document.body, { childList: true, subtree: true });
