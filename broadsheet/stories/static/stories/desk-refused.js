// @ts-check
// A story that was refused saves itself again once it is mended. Wagtail sends such a form once more as it is, and then
// looks at it no further: what is typed from there on would be neither saved nor asked about when one leaves the page.

const form = document.querySelector('form[data-controller~="w-autosave"][data-w-unsaved-force-value="true"]');
/** Says that the draft itself was not saved; where only its publication was refused, it can be. */
const refusal = document.querySelector("[data-until-saved]");

// To send a draft again as it was refused would only say so again.
if (refusal) addEventListener("w-unsaved:add", (event) => event.stopImmediatePropagation(), { capture: true, once: true });

// While it is forced, Wagtail begins to watch nothing; another interval makes it begin, and then it is as it was.
form?.addEventListener("w-unsaved:ready", () => {
  form.setAttribute("data-w-unsaved-force-value", "false");
  form.setAttribute("data-w-unsaved-check-interval-value", "400");
});
form?.addEventListener(
  "w-unsaved:watch-edits",
  () => form.setAttribute("data-w-unsaved-force-value", "true"),
  { once: true },
);
form?.addEventListener("w-autosave:success", () => {
  if (!refusal?.isConnected) return;
  refusal.closest("li")?.remove();
  for (const told of form.querySelectorAll(".w-field__errors")) told.replaceChildren();
  for (const field of form.querySelectorAll(".w-field--error")) field.classList.remove("w-field--error");
});
