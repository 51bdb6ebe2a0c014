// @ts-check
// Before anything of a framed page is painted: the colours that the host chose, as `frame.js` has kept them.
{
  /** @type {{ scheme?: string, accent?: string, on?: string }} */ let kept = {};
  try {
    kept = JSON.parse(sessionStorage.getItem("embed-colours") ?? "{}");
  } catch {
    // A browser may forbid its store: then the reader's own preference holds until the host has spoken.
  }
  const page = document.documentElement;
  if (kept.scheme) page.dataset["scheme"] = kept.scheme;
  if (kept.accent) page.style.setProperty("--accent", kept.accent);
  if (kept.on) page.style.setProperty("--on-accent", kept.on);
}
