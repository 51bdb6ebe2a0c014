// @ts-check
import { ModerationQueueElement } from "./moderation-queue.js";

customElements.define("moderation-queue", ModerationQueueElement);
