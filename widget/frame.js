// The parts that stay in place: heading, alert, log, composer, case panel.
import { element } from "./dom.js";

const NOTICE =
  "For clinicians. Published appropriateness ratings with their sources; supports and does not replace clinical " +
  "judgment; no medical device. Do not enter names or other patient identifiers.";
const EXAMPLE =
  "72F, breast cancer 2014. Back pain for 2 weeks, worse standing. X-ray: new T8 compression fracture. " +
  "Neuro intact. Which imaging next?";

/** All parts, by name; `actions` has `input`, `key`, `submit`, `toggle` and `newPatient`. */
export function drawFrame(actions) {
  const log = element("div", {
    class: "log",
    role: "log",
    "aria-live": "polite",
    "aria-label": "Conversation",
    tabindex: "0",
  });
  const alert = element("div", { class: "alarm", role: "alert", tabindex: "0", hidden: true });
  const panel = element("aside", { class: "panel", id: "case", "aria-label": "Case as understood" });
  const state = element("p", { class: "connection", role: "status" });
  const toggle = element(
    "button",
    { type: "button", class: "toggle", "aria-controls": "case", "aria-expanded": "false", click: actions.toggle },
    "Case",
  );
  const fresh = element("button", { type: "button", click: actions.newPatient }, "New patient");
  const header = element("header", {}, element("h1", {}, "VCF guideline assistant"), state, toggle, fresh);
  const { form, composer, length } = drawComposer(actions);
  const talk = element("section", { class: "talk", "aria-label": "VCF guideline assistant" }, header, alert, log, form);
  return { log, alert, panel, state, composer, length, toggle, frame: element("div", { class: "frame" }, talk, panel) };
}

function drawComposer({ input, key, submit }) {
  const composer = element("textarea", {
    rows: "3",
    "aria-label": "Your message",
    "aria-describedby": "length",
    placeholder: "Describe the case in your own words",
    keydown: key,
    input,
  });
  const length = element("p", { class: "problem length", id: "length", role: "status" });
  const send = element("button", { type: "submit", class: "send" }, "Send");
  return { composer, length, form: element("form", { class: "composer", submit }, length, composer, send) };
}

/** What stands in an empty log; `tryOut` takes the text of an example. */
export function welcome(tryOut) {
  const example = element("button", { type: "button", click: () => tryOut(EXAMPLE) }, "Try an example");
  return element("div", { class: "welcome" }, element("p", {}, NOTICE), example);
}
