// @ts-check
import { DeskOverviewElement } from "./desk-overview.js";

customElements.define("desk-overview", DeskOverviewElement);
