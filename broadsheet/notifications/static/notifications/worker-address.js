// @ts-check

/**
 * @typedef {{ createScriptURL(path: string): string }} Policy
 * @typedef {{ createPolicy(name: string, rules: Policy): Policy }} Policies
 */

/** The one address a script may be kept from: that of push.js. */
const ADDRESS = "/push.js";

const policy = /** @type {{ trustedTypes?: Policies }} */ (/** @type {unknown} */ (globalThis)).trustedTypes?.createPolicy(
  "broadsheet-worker",
  { createScriptURL: () => ADDRESS },
);

/** What `serviceWorker.register` takes under Trusted Types. */
export const workerAddress = policy?.createScriptURL(ADDRESS) ?? ADDRESS;
