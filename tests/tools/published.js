// What the platforms themselves would say of a message: Microsoft's reader of Adaptive Cards, Slack's types.
// Each line of the input is a JSON object {"as": "card" or one of TYPES, "given": …}; the answer to it is one line, a
// JSON list of what is wrong.
"use strict";
const path = require("node:path");
const readline = require("node:readline");
const cards = require("adaptivecards/dist/adaptivecards.js");
const ts = require("typescript");

/** Buttons in a row, of which Teams shows one more than the reader allows by itself. */
const TEAMS = new cards.HostConfig({ actions: { maxActions: 6 } });

function problemsOfCard(given) {
  const context = new cards.SerializationContext(cards.Version.parse(given.version, new cards.SerializationContext()));
  const card = new cards.AdaptiveCard();
  card.hostConfig = TEAMS;
  cards.AdaptiveCard.langProperty.regEx.lastIndex = 0; // it is a global one, and goes on where it matched last
  card.parse(structuredClone(given), context);
  const events = Array.from({ length: context.eventCount }, (_, at) => context.getEventAt(at).message);
  const wrong = card.validateProperties().validationEvents.map(({ message }) => message);
  return [...events, ...wrong, ...lost(given, card.toJSON(), "card")];
}

/** What the reader leaves out of what it writes, because it goes without saying. */
const BY_DEFAULT = new Set(["", "compact"]);

/** What the reader did not keep, because it does not know it there. */
function lost(given, read, place) {
  if (Array.isArray(given)) {
    return given.flatMap((one, at) => lost(one, read?.[at], `${place}[${at}]`));
  }
  if (given && typeof given === "object") {
    if (!read) return [`${place} is unknown`];
    return Object.entries(given).flatMap(([name, value]) => lost(value, read[name], `${place}.${name}`));
  }
  if (read === undefined && BY_DEFAULT.has(given)) return [];
  const same = read === given || (typeof read === "string" && read.toLowerCase() === String(given).toLowerCase());
  return same ? [] : [`${place} is unknown`];
}

const TYPES = {
  blocks: "slack.KnownBlock[]",
  app_mention: "slack.AppMentionEvent",
  message: 'Omit<slack.GenericMessageEvent, "subtype">', // it has none, which JSON cannot say otherwise
};
const FILE = path.join(__dirname, "given.ts");
const OPTIONS = { strict: true, noEmit: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, types: [] };
let source = "";
let version = 0;
const service = ts.createLanguageService({
  ...ts.sys,
  fileExists: (name) => name === FILE || ts.sys.fileExists(name),
  getCompilationSettings: () => OPTIONS,
  getCurrentDirectory: () => __dirname,
  getDefaultLibFileName: ts.getDefaultLibFilePath,
  getScriptFileNames: () => [FILE],
  getScriptSnapshot: (name) => {
    const text = name === FILE ? source : ts.sys.readFile(name);
    return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
  },
  useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
  getScriptVersion: (name) => (name === FILE ? String(version) : "0"),
});

function problemsOfType(type, given) {
  source = `import type * as slack from "@slack/types";\nexport const given: ${type} = ${JSON.stringify(given)};\n`;
  version += 1;
  const found = [...service.getSyntacticDiagnostics(FILE), ...service.getSemanticDiagnostics(FILE)];
  return found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, " "));
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const { as, given } = JSON.parse(line);
  const problems = as === "card" ? problemsOfCard(given) : problemsOfType(TYPES[as], given);
  process.stdout.write(`${JSON.stringify(problems)}\n`);
});
