// The alert above everything else while the case calls for an emergency.
import { element } from "./dom.js";

const FIRST = 2;

/** The alert's content for the case's `alarm` (knowledge/overview.py): short enough to leave room for the answer. */
export function alarm({ title, triggers, actions }) {
  return [
    element("p", { class: "title" }, element("span", { "aria-hidden": "true" }, "⚠ "), `STOP: ${title}`),
    element("p", {}, `Raised by: ${triggers.map((words) => `“${words}”`).join(", ")}`),
    element("ol", {}, ...actions.slice(0, FIRST).map(({ text, source }) => element("li", {}, text, ` [${source}]`))),
    element("p", { class: "remark" }, "All steps are in the answer. Only an explicit correction takes this back."),
  ];
}
