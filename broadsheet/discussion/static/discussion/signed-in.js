// @ts-check
import { ReaderToolsElement } from "./reader-tools.js";

customElements.define("reader-tools", ReaderToolsElement);
