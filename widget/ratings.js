// Ratings as tables: grouped by category, each category with a word and an icon, never by color alone.
import { element } from "./dom.js";

const ICONS = { "Usually appropriate": "✓", "May be appropriate": "◐", "Usually not appropriate": "✕" };
const CLASSES = {
  "Usually appropriate": "appropriate",
  "May be appropriate": "possible",
  "Usually not appropriate": "inappropriate",
};

/** A category as icon and word; null is "not rated". */
export function category(name) {
  const icon = element("span", { class: "icon", "aria-hidden": "true" }, ICONS[name] ?? "–");
  return element("span", { class: `category ${CLASSES[name] ?? "unrated"}` }, icon, name ?? "Not rated");
}

/** The ratings of a variant as one table. Radiation has a column where the variant rates studies. */
export function ratingsTable(ratings, caption) {
  const imaging = ratings.some((rating) => rating.adult_radiation !== null);
  const groups = grouped(ratings);
  const head = element(
    "thead",
    {},
    element(
      "tr",
      {},
      element("th", { scope: "col" }, "Procedure"),
      imaging && element("th", { scope: "col" }, "Adult radiation"),
    ),
  );
  return element(
    "div",
    { class: "table", tabindex: "0", role: "region", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", { class: "unseen" }, caption),
      head,
      ...[...groups].map(([name, rated]) => group(name, rated, imaging)),
    ),
  );
}

function group(name, rated, imaging) {
  const heading = element("th", { scope: "rowgroup", colspan: imaging ? 2 : 1 }, category(name));
  return element(
    "tbody",
    { class: CLASSES[name] },
    element("tr", { class: "heading" }, heading),
    ...rated.map((rating) => row(rating, imaging)),
  );
}

function row(rating, imaging) {
  const disagreed = rating.panel_disagreement && element("span", { class: "remark" }, " (panel disagreed)");
  return element(
    "tr",
    {},
    element("th", { scope: "row" }, rating.procedure, disagreed),
    imaging && element("td", {}, radiation(rating.adult_radiation)),
  );
}

function radiation(level) {
  if (level === null) return "–";
  return level === "O" ? "none (O)" : level;
}

function grouped(ratings) {
  const groups = new Map();
  for (const rating of ratings) groups.set(rating.category, [...(groups.get(rating.category) ?? []), rating]);
  return groups;
}

/** What differs between the case and a supposition: procedure, rating now, rating then. */
export function differencesTable(differences) {
  const head = ["Procedure", "Now", "If so"].map((title) => element("th", { scope: "col" }, title));
  const rows = differences.map(({ procedure, from, to }) =>
    element(
      "tr",
      { class: "changed" },
      element("th", { scope: "row" }, procedure),
      element("td", {}, category(from)),
      element("td", {}, element("span", { class: "arrow", "aria-hidden": "true" }, "→ "), category(to)),
    ),
  );
  return element(
    "div",
    { class: "table", tabindex: "0", role: "region", "aria-label": "Ratings that differ" },
    element(
      "table",
      {},
      element("caption", { class: "unseen" }, "Ratings that differ"),
      element("thead", {}, element("tr", {}, ...head)),
      element("tbody", {}, ...rows),
    ),
  );
}
