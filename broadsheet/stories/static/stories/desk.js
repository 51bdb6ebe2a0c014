// @ts-check
// What the desk adds to Wagtail's own scripts.

/** Starts the rows that Wagtail would start from an inline script (see templates/wagtailadmin/panels/inline_panel.html). */
function startInlinePanels() {
  for (const mark of document.querySelectorAll("[data-inline-panel]")) {
    const options = JSON.parse(mark.getAttribute("data-inline-panel") ?? "{}");
    mark.removeAttribute("data-inline-panel");
    new (/** @type {any} */ (window).InlinePanel)(options);
  }
}

startInlinePanels();
