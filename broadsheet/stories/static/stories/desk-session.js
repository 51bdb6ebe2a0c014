// @ts-check
// Whoever was signed out while writing loses nothing: before a story is sent it is asked whether anybody is signed in.

/** The form of a story being edited, which saves itself as well. */
const EDITOR = 'form[data-controller~="w-autosave"]';
/** @type {HTMLFormElement | undefined} the form that may go, since it was asked */ let asked;

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches(EDITOR) || form === asked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    void sendIfSignedIn(form, event.submitter);
  },
  { capture: true },
);

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} button
 */
async function sendIfSignedIn(form, button) {
  const page = await fetch(location.href, { headers: { Accept: "application/json, text/html" } }).catch(() => undefined);
  if (page?.status === 401) {
    button?.setAttribute("data-w-progress-loading-value", "false");
    return alert((await page.json()).error_message);
  }
  if (page?.ok) renewToken(form, await page.text());
  // Wagtail has disabled the button by now, and what is disabled is not sent. What stands for it is taken away at once:
  // where something else keeps the form back, what is sent next was not asked for by this button.
  const does = document.createElement("input");
  if (button instanceof HTMLButtonElement) Object.assign(does, { type: "hidden", name: button.name, value: button.value });
  form.append(does);
  asked = form;
  form.requestSubmit();
  asked = undefined;
  does.remove();
}

/**
 * Signing in again, in another tab, gave every form another token.
 * @param {HTMLFormElement} form
 * @param {string} html the page as it is sent now
 */
function renewToken(form, html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[name=csrfmiddlewaretoken]");
  const token = form.elements.namedItem("csrfmiddlewaretoken");
  if (fresh instanceof HTMLInputElement && token instanceof HTMLInputElement) token.value = fresh.value;
}
