// @ts-check
// Sends on, at once, the form of a page that is only a step on somebody's way.

/** @type {HTMLFormElement | null} */ (document.querySelector("form[data-go-on]"))?.requestSubmit();
