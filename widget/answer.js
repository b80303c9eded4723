// One answer of the assistant, drawn from its payload (docs/message-contract.schema.json).
import { element, folded, paragraphs } from "./dom.js";
import { category, differencesTable, ratingsTable } from "./ratings.js";

/** The title of an outcome: "Variant 2: …", or the outcome's own where it is none of the variants. */
function titleOf({ outcome, title }) {
  const number = /^v(\d+)$/.exec(outcome ?? "");
  return number ? `Variant ${number[1]}: ${title}` : title;
}

function heading(payload) {
  return element("h2", {}, titleOf(payload));
}

/** Statements with the keys of their sources. */
function statements(items) {
  const lines = items.map(({ text, source }) =>
    element("li", {}, text, source && element("span", { class: "source" }, ` [${source}]`)),
  );
  return element("ul", {}, ...lines);
}

function foldedStatements(title, items) {
  return items?.length ? folded(title, statements(items)) : null;
}

/** What the message changed, and where that moved the answer. */
function changes({ changes: changed = [], previous_outcome: before, outcome }) {
  if (!changed.length) return null;
  const lines = changed.map((change) => element("li", {}, changeOf(change)));
  const moved = before && before !== outcome && element("p", {}, "This changes the answer.");
  return element("div", { class: "changes" }, element("p", {}, "Changed:"), element("ul", {}, ...lines), moved);
}

function changeOf({ label, from, to }) {
  return `${label}: ${from ?? "not given"} → ${to ?? "open"}`;
}

/** Red flags short of an emergency, which come before any table. */
function flags({ flags: raised = [] }) {
  return raised.map(({ label, actions }) =>
    element("div", { class: "flag" }, element("strong", {}, `Red flag: ${label}`), statements(actions)),
  );
}

function sources({ sources: cited = [], guideline }) {
  if (!guideline) return null;
  const lines = cited.map(({ key, title, url, date, publisher }) => {
    const name = url ? element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, title) : title;
    return element("li", {}, element("b", {}, key), " ", name, `. ${publisher ?? ""}, ${date}`);
  });
  const line = `${guideline.name}, ${guideline.edition}; knowledge version ${guideline.knowledge_version}.`;
  return element(
    "footer",
    { class: "sources" },
    element("p", {}, line),
    folded("Sources", element("ul", {}, ...lines)),
  );
}

function recommendation(payload) {
  return [
    ...flags(payload),
    heading(payload),
    ...payload.notes.map((note) => element("p", { class: "remark" }, note)),
    element("p", {}, element("b", {}, "Why: "), payload.because.join(" ")),
    ratingsTable(payload.ratings, `Ratings of variant ${payload.outcome.slice(1)}`),
    foldedStatements("Next steps", payload.next_steps),
    foldedStatements("Pitfalls", payload.pitfalls),
    foldedStatements("Escalate when", payload.escalate_when),
    foldedStatements("Follow-up", payload.follow_up),
    payload.excluded.length > 0 && folded("Why no other variant", excluded(payload.excluded)),
  ];
}

function excluded(others) {
  const name = (outcome) => (/^v\d+$/.test(outcome) ? `Variant ${outcome.slice(1)}` : outcome);
  return element("ul", {}, ...others.map((other) => element("li", {}, `${name(other.outcome)}: ${other.because}`)));
}

/** An emergency as it stands in the log; the alert above the log is alarm() of alarm.js. */
function escalation(payload) {
  return [
    element(
      "div",
      { class: "emergency" },
      element("h2", {}, `Stop: ${payload.title}`),
      element("p", {}, `Raised by: ${payload.triggers.map((words) => `“${words}”`).join(", ")}`),
      statements(payload.actions),
    ),
    foldedStatements("Pitfalls", payload.pitfalls),
  ];
}

function notCovered(payload) {
  return [
    ...flags(payload),
    element("h2", {}, payload.title),
    element("p", {}, element("b", {}, "Not covered: "), payload.reason, " ", payload.because.join(" ")),
    payload.next_steps.length > 0 && element("p", {}, "Instead:"),
    payload.next_steps.length > 0 && statements(payload.next_steps),
    foldedStatements("Pitfalls", payload.pitfalls),
    foldedStatements("Escalate when", payload.escalate_when),
  ];
}

function conditional(payload) {
  const first = payload.examine_first.map(({ text }) => element("p", {}, element("b", {}, "Examine first: "), text));
  return [
    ...flags(payload),
    element("h2", {}, "The answer depends on what is not known"),
    ...first,
    element("div", { class: "branches" }, ...payload.branches.map(branch)),
  ];
}

function branch(given) {
  const emergency = given.kind === "escalation";
  return element(
    "section",
    { class: emergency ? "branch emergency" : "branch" },
    element("h3", {}, `If ${given.label}`),
    element("p", {}, titleOf(given)),
    given.ratings.length > 0 && ratingsTable(given.ratings, `Ratings if ${given.label}`),
    emergency && statements(given.actions),
  );
}

function whatIf(payload) {
  const same = payload.outcome && payload.outcome === payload.previous_outcome;
  return [
    element("p", { class: "supposed" }, element("b", {}, "Supposed: "), payload.phrases.join(", ")),
    payload.outcome && heading(payload),
    same && element("p", {}, "The same as for the case as it is."),
    !same && payload.previous_title && element("p", { class: "remark" }, `Instead of: ${payload.previous_title}`),
    payload.differences.length > 0 && differencesTable(payload.differences),
    payload.actions?.length > 0 && statements(payload.actions),
    payload.branches?.length > 0 && element("ul", {}, ...payload.branches.map(openBranch)),
    element("p", { class: "remark" }, "The case itself stays as it is until you apply this."),
  ];
}

function openBranch({ label, titles }) {
  return element("li", {}, `If ${label}: ${titles.join(" or ")}`);
}

function rating(payload) {
  if (!payload.category) return null;
  const disagreed = payload.panel_disagreement && element("span", { class: "remark" }, " (panel disagreed)");
  return [
    element("p", { class: "rated" }, element("b", {}, payload.procedure), " ", category(payload.category), disagreed),
    element("p", {}, titleOf(payload)),
    payload.because && element("p", {}, element("b", {}, "Why: "), payload.because),
    payload.statements?.length > 0 && statements(payload.statements),
  ];
}

function question(payload) {
  const { alert, contradicts, raised_by: raised } = payload;
  return [
    alert && element("p", { class: "flag" }, `${alert.title}: ${alert.actions.map(({ text }) => text).join(" ")}`),
    contradicts && element("p", {}, `You said before: ${contradicts.phrase}${quoted(contradicts.evidence)}. Now: ${quoted(raised)}.`),
    !contradicts && raised && element("p", {}, `You wrote${quoted(raised)}.`),
    element("p", { class: "question" }, payload.text),
    element("p", { class: "remark" }, payload.why),
  ];
}

function quoted(words) {
  return words ? ` “${words}”` : "";
}

function note(payload, text) {
  return [element("pre", { tabindex: "0", "aria-label": "Consult note" }, text)];
}

const DRAWN = {
  recommendation,
  escalation,
  not_covered: notCovered,
  conditional,
  what_if: whatIf,
  rating,
  question,
  note,
};
const BARE = new Set(["question", "social", "out_of_scope"]);

/** The elements of one answer: `{text, payload}`. What has no form of its own is shown as the text it came with. */
export function drawAnswer({ text, payload }) {
  const drawn = payload && DRAWN[payload.type]?.(payload, text);
  if (!drawn) return paragraphs(text);
  return [changes(payload), drawn, !BARE.has(payload.type) && sources(payload)].flat().filter(Boolean);
}

/** Whether an answer is one that is worth a note or a print: it decides the case. */
export function decides({ payload }) {
  return ["recommendation", "escalation", "not_covered", "conditional"].includes(payload?.type);
}
