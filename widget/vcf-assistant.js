// <vcf-assistant>: the guideline assistant as one element. `server` is the address of the web channel; left out,
// it is where this file comes from.
import { alarm } from "./alarm.js";
import { Conversation } from "./api.js";
import { copy, newId } from "./browser.js";
import { CasePanel } from "./case-panel.js";
import { element } from "./dom.js";
import { drawFrame, welcome } from "./frame.js";
import { MessageLog } from "./message-log.js";
import { say } from "./words.js";

const HERE = new URL(".", import.meta.url);
const STYLES = ["vcf-assistant.css", "answer.css", "case-panel.css", "windows.css"];
const LONGEST = 20000;
const NOTHING = { facts: [], open: [], alarm: null };

class VcfAssistant extends HTMLElement {
  #conversation;
  #log;
  #panel;
  #parts;
  #restoring = false;
  #ended = false;

  connectedCallback() {
    if (this.shadowRoot) return;
    this.#parts = drawFrame({
      input: () => this.#count(),
      key: (event) => this.#key(event),
      submit: (event) => this.#submit(event),
      toggle: () => this.#toggle(),
      newPatient: () => this.#newPatient(),
    });
    const styles = STYLES.map((name) => element("link", { rel: "stylesheet", href: new URL(name, HERE).href }));
    this.attachShadow({ mode: "open" }).append(...styles, this.#parts.frame);
    const choose = (send, label) => this.#send(send, label);
    const reply = (send, label) => {
      choose(send, label);
      this.#parts.composer.focus();
    };
    const highlight = (spans) => {
      this.#toggle(false); // in a narrow window the panel lies where the message is
      this.#log.highlight(spans);
    };
    const copyNote = () => this.#copyNote();
    this.#log = new MessageLog(this.#parts.log, { choose: reply, copyNote, print: () => window.print() });
    this.#panel = new CasePanel(this.#parts.panel, { choose, highlight });
    window.addEventListener("beforeprint", () => this.#log.unfold());
    window.addEventListener("afterprint", () => this.#log.fold());
    this.#begin();
    this.#restore();
  }

  get #server() {
    const given = this.getAttribute("server");
    return given ? new URL(given.endsWith("/") ? given : `${given}/`, document.baseURI) : HERE;
  }

  #begin() {
    this.#conversation = new Conversation(this.#server);
    this.#conversation.addEventListener("connection", ({ detail }) => {
      this.#parts.state.textContent = detail.problem && say("trying_again", detail);
    });
    this.#log.clear();
    this.#parts.log.append(welcome((example) => this.#fill(example)));
    this.#show(NOTHING);
  }

  async #restore() {
    const conversation = this.#conversation;
    const unsent = [...conversation.unsent];
    let before;
    this.#restoring = true; // nothing is sent until it is known what was said
    this.#parts.send.disabled = true;
    try {
      before = await conversation.history();
    } catch (error) {
      if (error.code !== "left") this.#log.problem(error.message, () => location.reload());
      return;
    } finally {
      this.#restoring = false;
      this.#parts.send.disabled = false;
    }
    if (before?.elsewhere) return this.#log.problem(say("elsewhere"));
    if (before?.ended) {
      this.#log.problem(say("ended"));
      for (const { text } of unsent) this.#fill(text);
      return;
    }
    for (const turn of before?.turns ?? []) this.#log.answered(this.#log.sending(turn.text), turn);
    if (before) this.#show(before.case);
    const arrived = new Set(before?.turns.filter((turn) => turn.answers.length).map((turn) => turn.id));
    for (const message of unsent.filter(({ id }) => !arrived.has(id))) this.#deliver(message);
  }

  #submit(event) {
    event.preventDefault();
    const { composer } = this.#parts;
    const text = composer.value;
    if (!text.trim() || this.#restoring || this.#count() > LONGEST) return;
    composer.value = "";
    this.#toggle(false);
    this.#send(text);
    composer.focus();
  }

  /** Say when the message is too long to be sent; nothing is ever cut. Returns its length. */
  #count() {
    const { composer, length } = this.#parts;
    const characters = Array.from(composer.value).length;
    const over = characters > LONGEST;
    length.textContent = over ? say("too_long", { count: characters, limit: LONGEST }) : "";
    composer.setAttribute("aria-invalid", String(over));
    return characters;
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    this.#submit(event);
  }

  #fill(text) {
    this.#parts.composer.value = text;
    this.#count();
    this.#parts.composer.focus();
  }

  /** Send a message; `label` is what is shown of a choice. */
  #send(text, label = text) {
    return this.#deliver({ id: newId(), text, label });
  }

  #deliver(message, then) {
    return this.#attempt(message, this.#log.sending(message.label ?? message.text), then);
  }

  /** Send a message and show what comes of it; `then` is done with its turn and entry once it is answered. */
  async #attempt(message, entry, then = () => {}) {
    const conversation = this.#conversation;
    this.#log.waiting(entry);
    try {
      const { turn, case: known } = await conversation.send(message);
      if (conversation.left) return;
      if (turn.number === 0) this.#log.clear(); // a new patient was asked for in words
      this.#log.answered(turn.number === 0 ? this.#log.sending(turn.text) : entry, turn);
      this.#show(known);
      await then(turn, entry);
    } catch (error) {
      if (conversation.left) return;
      this.#ended = error.code === "no_session";
      const again = () => {
        this.#parts.composer.focus();
        this.#attempt(message, entry, then);
      };
      this.#log.failed(entry, error.message, this.#ended ? null : again);
      if (!this.#parts.composer.value && this.#ended) this.#fill(message.text);
    }
  }

  #show(known) {
    const { alert } = this.#parts;
    this.#panel.show(known);
    const content = known.alarm ? alarm(known.alarm) : [];
    // The same alarm is not announced twice.
    if (content.map((part) => part.textContent).join("") !== alert.textContent) alert.replaceChildren(...content);
    alert.hidden = !known.alarm;
  }

  #toggle(wanted) {
    const open = this.#parts.frame.classList.toggle("with-panel", wanted);
    this.#parts.toggle.setAttribute("aria-expanded", String(open));
  }

  #newPatient() {
    const kept = this.#ended ? this.#parts.composer.value : ""; // what an ended session did not take
    this.#conversation.leave();
    this.#ended = false;
    this.#begin();
    this.#fill(kept);
  }

  /** Ask for the note as a clinician does in words, so that it is an answer like any other, and copy it. */
  #copyNote() {
    return this.#deliver({ id: newId(), text: say("ask_note") }, async ({ answers }, entry) => {
      const note = answers.find(({ document }) => document.kind === "note");
      this.#log.remark(entry, note ? await copied(note.payload.text) : say("not_copied", { reason: say("no_note") }));
    });
  }
}

async function copied(text) {
  try {
    await copy(text);
    return say("copied");
  } catch (error) {
    return say("not_copied", { reason: error.message });
  }
}

customElements.define("vcf-assistant", VcfAssistant);
