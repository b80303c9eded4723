// The alert above everything else while the case calls for an emergency.
import { element } from "./dom.js";
import { say } from "./words.js";

const FIRST = 2;

/** The alert's content for the case's `alarm` (knowledge/overview.py): short enough to leave room for the answer. */
export function alarm({ title, triggers, actions }) {
  return [
    element("p", { class: "title" }, element("span", { "aria-hidden": "true" }, "⚠ "), say("stop", { title })),
    element("p", {}, say("raised_by", { words: triggers.map((words) => `“${words}”`).join(", ") })),
    element("ol", {}, ...actions.slice(0, FIRST).map(({ text, source }) => element("li", {}, text, ` [${source}]`))),
    element("p", { class: "remark" }, say("all_steps")),
  ];
}
