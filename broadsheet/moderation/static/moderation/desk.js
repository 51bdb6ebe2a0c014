// @ts-check
import { CalmSwitchElement } from "./calm-switch.js";
import { ModerationQueueElement } from "./moderation-queue.js";

customElements.define("calm-switch", CalmSwitchElement);
customElements.define("moderation-queue", ModerationQueueElement);
