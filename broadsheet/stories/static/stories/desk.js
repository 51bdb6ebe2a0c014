// @ts-check
// Starts the parts of Wagtail's editor that Wagtail itself would start from inline scripts, which our policy forbids.
import "./desk-refused.js";
import "./desk-session.js";

/**
 * Calls or constructs one of Wagtail's globals, where the page has it.
 * @param {string} name
 * @param {unknown[]} args
 */
function run(name, ...args) {
  const found = Reflect.get(window, name);
  if (typeof found === "function") name.startsWith("init") ? found(...args) : new found(...args);
}

/**
 * Starts what is marked below `root`, once each.
 * @param {ParentNode} root
 */
function start(root) {
  for (const mark of root.querySelectorAll("[data-start-chooser]")) {
    const { constructor, id, options } = JSON.parse(take(mark, "data-start-chooser"));
    run(constructor, id, options);
  }
  for (const mark of root.querySelectorAll("[data-start-rows]")) {
    run("InlinePanel", JSON.parse(take(mark, "data-start-rows")));
  }
  for (const mark of root.querySelectorAll("[data-start-moment]")) {
    const name = take(mark, "data-start-moment");
    run(name, mark.getAttribute("data-for"), JSON.parse(mark.getAttribute("data-options") ?? "{}"));
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
// With Jcrop one marks what a picture is about. Unless told, it tries by inline scripts whether there is a touch screen.
const cropping = Reflect.get(window, "jQuery")?.Jcrop;
if (cropping) cropping.defaults.touchSupport = "ontouchstart" in window;
// A row that somebody adds brings choosers of its own.
new MutationObserver(() => start(document)).observe(document.body, { childList: true, subtree: true });
