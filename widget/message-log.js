// The conversation: what the clinician wrote and what the assistant answered, oldest first.
import { decides, drawAnswer } from "./answer.js";
import { element } from "./dom.js";
import { say } from "./words.js";

const MARGIN = 8;

export class MessageLog {
  /** `log` is the element with role "log"; `actions` has `choose(send, label)`, `copyNote()` and `print()`. */
  constructor(log, actions) {
    this.log = log;
    this.actions = actions;
    this.messages = new Map();
    this.pending = 0;
    this.unfolded = [];
  }

  clear() {
    this.log.replaceChildren();
    this.messages.clear();
    this.pending = 0;
    this.#busy(0);
  }

  /** Unfold everything, so that a print holds it. */
  unfold() {
    this.unfolded = [...this.log.querySelectorAll("details:not([open])")];
    for (const part of this.unfolded) part.open = true;
  }

  /** Fold again what was unfolded for the print. */
  fold() {
    for (const part of this.unfolded) part.open = false;
    this.unfolded = [];
  }

  /** Show what went wrong with the conversation as a whole, and offer to try again if that can help. */
  problem(reason, again) {
    const button = again && element("button", { type: "button", click: again }, say("try_again"));
    this.log.append(element("p", { class: "problem" }, `${reason} `, button));
  }

  /** Show a message that is on its way; returns its entry, which `answered` or `failed` takes. */
  sending(text) {
    const words = element("p", { class: "words" }, text);
    const state = element("p", { class: "state" });
    const entry = element("article", { class: "mine", "aria-label": say("you") }, words, state);
    for (const welcome of this.log.querySelectorAll(".welcome")) welcome.remove();
    this.log.append(entry);
    this.#scrollTo(entry);
    return { entry, words, state };
  }

  /** The message is waiting for its answer. */
  waiting({ state }) {
    state.replaceChildren(element("span", { class: "typing" }, say("reading")));
    this.#busy(1);
  }

  /** The server has answered: show the turn's answers below the message. */
  answered({ entry, words, state }, turn) {
    words.textContent = turn.text;
    if (state.hasChildNodes()) this.#busy(-1);
    state.replaceChildren();
    this.messages.set(turn.number, { words, text: turn.text });
    for (const old of this.log.querySelectorAll(".choices")) old.remove();
    // The note is of the case as it stands, so it is offered under the latest answer alone.
    if (turn.answers.some(decides)) for (const old of this.log.querySelectorAll(".tools")) old.remove();
    const shown = turn.answers.map((answer) => this.#answer(answer));
    entry.after(...shown);
    this.#scrollTo(shown.length > 1 ? shown[0] : entry);
  }

  /** Say under a message what was done with its answer. */
  remark({ state }, words) {
    state.textContent = words;
  }

  /** The message did not get through: say why, and offer to send it again. */
  failed({ state }, reason, again) {
    const button = again && element("button", { type: "button", click: again }, say("send_again"));
    this.#busy(-1);
    state.replaceChildren(element("span", { class: "problem" }, `${say("not_sent", { reason })} `), button ?? "");
  }

  /** Mark the words of a fact, `spans` being message number, start and end in characters, and scroll to the first. */
  highlight(spans) {
    for (const [number, { words, text }] of this.messages) {
      const here = spans.filter(([message]) => message === number).sort((one, other) => one[1] - other[1]);
      words.replaceChildren(...marked(text, here));
    }
    const first = this.log.querySelector("mark");
    if (!first) return;
    this.#scrollTo(first);
    first.focus({ preventScroll: true });
  }

  #answer(answer) {
    const buttons = answer.choices.map(({ label, send }) => this.#choice(send, label));
    const tools = decides(answer) && this.#tools();
    return element(
      "article",
      { class: "theirs", "aria-label": say("assistant"), "data-type": answer.document.kind },
      ...drawAnswer(answer),
      buttons.length > 0 && element("div", { class: "choices", role: "group", "aria-label": say("replies") }, ...buttons),
      tools,
    );
  }

  /** A reply to choose; a second click on it or its neighbors does nothing. */
  #choice(send, label) {
    const choose = ({ currentTarget }) => {
      currentTarget.parentElement.remove();
      this.actions.choose(send, label);
    };
    return element("button", { type: "button", click: choose }, label);
  }

  #tools() {
    const copy = async ({ currentTarget }) => {
      currentTarget.disabled = true;
      await this.actions.copyNote();
      currentTarget.disabled = false;
    };
    return element(
      "div",
      { class: "tools" },
      element("button", { type: "button", click: copy }, say("copy_note")),
      element("button", { type: "button", click: () => this.actions.print() }, say("print")),
    );
  }

  #busy(more) {
    this.pending += more;
    this.log.setAttribute("aria-busy", String(this.pending > 0));
  }

  /** Scrolls the log alone: scrollIntoView would move the page around the widget as well. */
  #scrollTo(part) {
    this.log.scrollTop += part.getBoundingClientRect().top - this.log.getBoundingClientRect().top - MARGIN;
  }
}

/** A text with the characters of each span in a mark. */
function marked(text, spans) {
  const characters = Array.from(text);
  const pieces = [];
  let at = 0;
  for (const [, start, end] of spans) {
    if (start < at) continue; // within the one before
    const mark = element("mark", { tabindex: "-1" }, characters.slice(start, end).join(""));
    pieces.push(characters.slice(at, start).join(""), mark);
    at = end;
  }
  return [...pieces, characters.slice(at).join("")];
}
