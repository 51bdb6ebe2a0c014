// @ts-check

/** How long nothing was done before it is asked, in milliseconds: twenty moderators do not ask after every act. */
const PAUSE = 1000;
/** @type {number | undefined} */ let asking;

/** Ask at the next pause what waits behind each tab of the desk. What cannot be asked stays as it is. */
export function countSoon() {
  clearTimeout(asking);
  asking = setTimeout(() => void count().catch(() => undefined), PAUSE);
}

async function count() {
  const bar = document.querySelector("[data-waiting]");
  if (!(bar instanceof HTMLElement)) return;
  const answer = await fetch(bar.dataset["waiting"] ?? "", { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  /** @type {{ counts: Record<string, string> }} */ const { counts } = await answer.json();
  for (const tab of bar.querySelectorAll("[data-tab]")) {
    const shown = tab.querySelector(".desk-count");
    const now = counts[tab.getAttribute("data-tab") ?? ""];
    if (!(shown instanceof HTMLElement) || !shown.firstChild || now === undefined) continue;
    shown.dataset["count"] = shown.firstChild.textContent = now;
  }
}
