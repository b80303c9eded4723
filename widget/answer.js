// One answer of the assistant, drawn from its document (the answer model, knowledge/document/parts.py).
import { element, folded, paragraphs } from "./dom.js";
import { differencesTable, ratingsTable } from "./ratings.js";
import { ending, say } from "./words.js";

/** Statements with the keys of their sources. */
function items(stated) {
  const lines = stated.map(({ text, source }) =>
    element("li", {}, text, source && element("span", { class: "source" }, ` [${source}]`)),
  );
  return element("ul", {}, ...lines);
}

function paragraph({ text, label, tone }) {
  return element("p", { class: tone }, label && element("b", {}, `${label}: `), text);
}

/** A list; what a short form leaves for later is folded. */
function statements({ items: stated, title, shown, tone }) {
  if (shown !== null) return folded(title, items(stated));
  const heading = title && element("p", {}, element("b", {}, title + ending(title, ":")));
  return tone === "plain" ? [heading, items(stated)] : element("div", { class: tone }, heading, items(stated));
}

function branch({ label, title, ratings, actions, emergency }) {
  return element(
    "section",
    { class: emergency ? "branch emergency" : "branch" },
    element("h3", {}, say(emergency ? "branch_stop" : "branch", { label })),
    element("p", {}, title),
    ratings && ratingsTable(ratings),
    actions.length > 0 && items(actions),
  );
}

function source({ key, title, publisher, date, url }) {
  const name = url ? element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, title) : title;
  return element("li", {}, element("b", {}, key), " ", name, `${ending(title, ".")} ${publisher}, ${date}`);
}

const DRAWN = {
  heading: ({ text, tone }) => element("h2", { class: tone }, text),
  paragraph,
  statements,
  ratings: ratingsTable,
  differences: differencesTable,
  // What was given stands in the case panel; what was assumed is said wherever the panel may be closed.
  facts: ({ assumed }) =>
    assumed.length > 0 && paragraph({ text: assumed.join("; "), label: say("assumed_facts"), tone: "remark" }),
  branches: ({ items: all }) => element("div", { class: "branches" }, ...all.map(branch)),
  sources: ({ line, items: all }) =>
    element(
      "footer",
      { class: "sources" },
      element("p", {}, line),
      folded(say("sources"), element("ul", {}, ...all.map(source))),
    ),
  verbatim: ({ text, label }) => element("pre", { tabindex: "0", "aria-label": label }, text),
};

/** The elements of one answer: `{text, document}`. A part of a kind unknown here is shown as the answer's text. */
export function drawAnswer({ text, document: { parts } }) {
  if (parts.some(({ part }) => !(part in DRAWN))) return paragraphs(text);
  const louder = parts.filter(({ tone }) => tone === "emergency");
  const rest = parts.filter((part) => !louder.includes(part));
  // The frame around them is loud enough.
  const framed = louder.flatMap((part) => draw({ ...part, tone: "plain" }));
  const emergency = framed.length > 0 && element("div", { class: "emergency" }, ...framed);
  return [emergency, ...rest.flatMap(draw)].filter(Boolean);
}

function draw(part) {
  return DRAWN[part.part](part);
}

/** Whether an answer is one that is worth a note or a print: it decides the case. */
export function decides({ document: { requests } }) {
  return requests.length > 0;
}
