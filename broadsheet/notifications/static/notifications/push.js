// @ts-check
// The script that a browser keeps and wakes. The push tells it nothing; it asks us, with the reader's own cookie.

/**
 * @typedef {{ title: string, body: string, address: string, reader: number | null }} Told
 * @typedef {Event & { waitUntil(done: Promise<unknown>): void, notification?: Notification }} Woken
 * @typedef {object} PushWorker
 * @property {ServiceWorkerRegistration} registration
 * @property {{ openWindow(address: string): Promise<unknown> }} clients
 * @property {(kind: string, heard: (event: Woken) => void) => void} addEventListener
 */

const worker = /** @type {PushWorker} */ (/** @type {unknown} */ (self));

/** Milliseconds before each try: a machine that wakes up may have no network for a moment. */
const PAUSES = [0, 1_000, 10_000];

/** @returns {Promise<Told | undefined>} */
async function ask() {
  for (const pause of PAUSES) {
    if (pause) await new Promise((done) => setTimeout(done, pause));
    const answer = await fetch("/me/notifications/latest/", { headers: { Accept: "application/json" } }).catch(() => null);
    if (answer?.ok) return answer.json();
  }
}

async function show() {
  const told = await ask();
  if (!told) return;
  if (told.reader === null) {
    // Signed out here: whoever sits at this browser now is told nothing, and it is woken no more.
    await (await worker.registration.pushManager.getSubscription())?.unsubscribe();
    return;
  }
  await worker.registration.showNotification(told.title, { body: told.body, tag: "news", dir: "auto", data: told.address });
}

worker.addEventListener("push", (event) => event.waitUntil(show()));
worker.addEventListener("notificationclick", (event) => {
  event.notification?.close();
  event.waitUntil(worker.clients.openWindow(event.notification?.data ?? "/me/notifications/"));
});
