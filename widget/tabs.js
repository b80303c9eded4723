// Tabs of one browser: a copied tab brings the session of the first with it, and two tabs must not share a patient.

const WAIT = 150;
const channel = new BroadcastChannel("vcf-assistant");
const mine = new Set();

channel.addEventListener("message", ({ data: { asks, has } }) => {
  if (mine.has(asks)) channel.postMessage({ has: asks });
  else if (has) channel.dispatchEvent(new CustomEvent("taken", { detail: has }));
});

/** Whether another tab holds the session with this token; if none does, this tab holds it from now on. */
export async function heldElsewhere(token) {
  const taken = await new Promise((resolve) => {
    channel.addEventListener("taken", ({ detail }) => detail === token && resolve(true));
    channel.postMessage({ asks: token });
    setTimeout(() => resolve(false), WAIT);
  });
  if (!taken) hold(token);
  return taken;
}

/** This tab holds the session with this token. */
export function hold(token) {
  mine.add(token);
}
