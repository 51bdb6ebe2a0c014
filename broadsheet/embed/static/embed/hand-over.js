// @ts-check
// The window in which somebody signed in, for a frame: asks for a code, gives it to the frame that opened it, and closes.

for (const form of document.querySelectorAll("form[data-hand-over]")) {
  if (form instanceof HTMLFormElement && window.opener) void hand(form, window.opener).catch(() => undefined);
}

/**
 * What fails leaves the page as it is: it says what to do.
 * @param {HTMLFormElement} form
 * @param {Window} frame
 */
async function hand(form, frame) {
  const answer = await fetch(form.action, { method: "POST", headers: { Accept: "application/json" }, body: new FormData(form) });
  const { code } = await answer.json();
  if (typeof code !== "string") return;
  frame.postMessage({ code }, location.origin); // to a page of ours, and to nobody else who may have opened this
  document.querySelector("[data-done]")?.removeAttribute("hidden");
  form.hidden = true;
  window.close();
}

export {};
