// @ts-check
import { BrowserNoticesElement } from "./browser-notices.js";

customElements.define("browser-notices", BrowserNoticesElement);
