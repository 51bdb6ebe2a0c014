// @ts-check

/** How long acts are gathered before it is asked, in milliseconds: twenty moderators do not ask after every one. */
const GATHERED = 1000;
/** @type {number | undefined} */ let asking;

/** Ask before long what waits behind each tab of the desk. What cannot be asked stays as it is. */
export function countSoon() {
  asking ??= setTimeout(() => {
    asking = undefined;
    void count().catch(() => undefined);
  }, GATHERED);
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
