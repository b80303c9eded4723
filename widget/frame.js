// The parts that stay in place: heading, alert, log, composer, case panel.
import { element } from "./dom.js";
import { say } from "./words.js";

/** All parts, by name; `actions` has `input`, `key`, `submit`, `toggle` and `newPatient`. */
export function drawFrame(actions) {
  const log = element("div", {
    class: "log",
    role: "log",
    "aria-live": "polite",
    "aria-label": say("conversation"),
    tabindex: "0",
  });
  const alert = element("div", { class: "alarm", role: "alert", tabindex: "0", hidden: true });
  const panel = element("aside", { class: "panel", id: "case", "aria-label": say("case_understood") });
  const state = element("p", { class: "connection", role: "status" });
  const toggle = element(
    "button",
    { type: "button", class: "toggle", "aria-controls": "case", "aria-expanded": "false", click: actions.toggle },
    say("case"),
  );
  const fresh = element("button", { type: "button", click: actions.newPatient }, say("new_patient"));
  const header = element("header", {}, element("h1", {}, say("title")), state, toggle, fresh);
  const { form, composer, length, send } = drawComposer(actions);
  const talk = element("section", { class: "talk", "aria-label": say("title") }, header, alert, log, form);
  return { log, alert, panel, state, composer, length, send, toggle, frame: element("div", { class: "frame" }, talk, panel) };
}

function drawComposer({ input, key, submit }) {
  const composer = element("textarea", {
    rows: "3",
    "aria-label": say("your_message"),
    "aria-describedby": "length",
    placeholder: say("placeholder"),
    keydown: key,
    input,
  });
  const length = element("p", { class: "problem length", id: "length", role: "status" });
  const send = element("button", { type: "submit", class: "send" }, say("send"));
  return { composer, length, send, form: element("form", { class: "composer", submit }, length, composer, send) };
}

/** What stands in an empty log; `tryOut` takes the text of an example. */
export function welcome(tryOut) {
  const example = element("button", { type: "button", click: () => tryOut(say("example")) }, say("try_example"));
  return element("div", { class: "welcome" }, element("p", {}, say("notice")), example);
}
