// Ratings as tables: grouped by category, each category with a word and an icon, never by color alone.
import { element } from "./dom.js";
import { say } from "./words.js";

const LOOKS = {
  "Usually appropriate": { icon: "✓", name: "appropriate" },
  "May be appropriate": { icon: "◐", name: "possible" },
  "Usually not appropriate": { icon: "✕", name: "inappropriate" },
};
const UNRATED = { icon: "–", name: "unrated" };
const NO_RADIATION = "O";

/** A category as icon and word. */
function category(words) {
  const { icon, name } = LOOKS[words] ?? UNRATED;
  return element("span", { class: `category ${name}` }, element("span", { class: "icon", "aria-hidden": "true" }, icon), words);
}

function table(caption, ...content) {
  return element(
    "div",
    { class: "table", tabindex: "0", role: "region", "aria-label": caption },
    element("table", {}, element("caption", { class: "unseen" }, caption), ...content),
  );
}

function head(...titles) {
  const cells = titles.filter(Boolean).map((title) => element("th", { scope: "col" }, title));
  return element("thead", {}, element("tr", {}, ...cells));
}

/** The ratings of a variant as one table. Radiation has a column where the variant rates studies. */
export function ratingsTable({ caption, groups, imaging }) {
  const titles = head(say("procedure"), imaging && say("radiation"));
  return table(caption, titles, ...groups.map((group) => rows(group, imaging)));
}

function rows({ category: name, rated }, imaging) {
  const heading = element("th", { scope: "rowgroup", colspan: imaging ? 2 : 1 }, category(name));
  return element("tbody", {}, element("tr", { class: "heading" }, heading), ...rated.map((item) => row(item, imaging)));
}

function row({ procedure, remarks, radiation }, imaging) {
  const remark = remarks.length > 0 && element("span", { class: "remark" }, ` (${remarks.join(", ")})`);
  const level = radiation === NO_RADIATION ? say("no_radiation") : (radiation ?? "–");
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, procedure, remark),
    imaging && element("td", {}, level),
  );
}

/** What differs between the case and a supposition: procedure, rating now, rating then. */
export function differencesTable({ caption, rows: changed }) {
  const lines = changed.map(({ procedure, before, after }) =>
    element(
      "tr",
      { class: "changed" },
      element("th", { scope: "row" }, procedure),
      element("td", {}, category(before)),
      element("td", {}, element("span", { class: "arrow", "aria-hidden": "true" }, "→ "), category(after)),
    ),
  );
  return table(caption, head(say("procedure"), say("now"), say("then")), element("tbody", {}, ...lines));
}
