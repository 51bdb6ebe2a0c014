// @ts-check
import { PassKeyElement } from "./pass-key.js";
import { ShowPasswordElement } from "./show-password.js";

customElements.define("pass-key", PassKeyElement);
customElements.define("show-password", ShowPasswordElement);

for (const field of document.querySelectorAll('input[type="password"]')) {
  field.after(document.createElement("show-password"));
}
