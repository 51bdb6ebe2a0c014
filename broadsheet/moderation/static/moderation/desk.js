// @ts-check
import { CalmSwitchElement } from "./calm-switch.js";
import { ModerationQueueElement } from "./moderation-queue.js";

customElements.define("calm-switch", CalmSwitchElement);
customElements.define("moderation-queue", ModerationQueueElement);

// On a narrow screen the tabs are a strip: let the one that is open be in sight, and the page stay where it is.
for (const tab of document.querySelectorAll(".desk-bar [aria-current]")) {
  const [strip, open] = [tab.closest("ul"), tab.getBoundingClientRect()];
  const around = strip?.getBoundingClientRect();
  if (around) strip?.scrollBy(open.left + open.width / 2 - around.left - around.width / 2, 0);
}
