// What a tab remembers across a reload; where the browser forbids that, at least as long as the page is open.

const KEY = "vcf-assistant";
let memory = null;

/** What was kept last: `{token, unsent}`. */
export function kept() {
  try {
    memory = sessionStorage.getItem(KEY) ?? null;
  } catch {
    // Storage is forbidden: what this page itself has kept is all there is.
  }
  try {
    return JSON.parse(memory) ?? nothing();
  } catch {
    return nothing(); // something else was kept under this name
  }
}

function nothing() {
  return { token: null, unsent: [] };
}

/** Keep `{token, unsent}` in the place of what was kept before; null forgets. */
export function keep(state) {
  memory = state && JSON.stringify(state);
  try {
    if (state) sessionStorage.setItem(KEY, memory);
    else sessionStorage.removeItem(KEY);
  } catch {
    // As above.
  }
}
