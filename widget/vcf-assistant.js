// <vcf-assistant>: the guideline assistant as one element. `server` is the address of the web channel; left out,
// it is where this file comes from.
import { alarm } from "./alarm.js";
import { Connection } from "./api.js";
import { copy, newId } from "./browser.js";
import { CasePanel } from "./case-panel.js";
import { element } from "./dom.js";
import { MessageLog } from "./message-log.js";

const HERE = new URL(".", import.meta.url);
const LONGEST = 20000;
const NOTICE =
  "For clinicians. Published appropriateness ratings with their sources; supports and does not replace clinical " +
  "judgment; no medical device. Do not enter names or other patient identifiers.";
const EXAMPLE = "72F, breast cancer 2014. Back pain for 2 weeks, worse standing. X-ray: new T8 compression fracture. Neuro intact. Which imaging next?";

class VcfAssistant extends HTMLElement {
  #connection;
  #log;
  #panel;
  #parts;
  #busy = Promise.resolve();
  #patient = 0;

  connectedCallback() {
    if (this.shadowRoot) return;
    this.#connection = new Connection(new URL(this.getAttribute("server") ?? HERE, document.baseURI));
    this.#connection.addEventListener("connection", ({ detail }) => this.#showConnection(detail.connected));
    this.#parts = this.#draw();
    const style = element("link", { rel: "stylesheet", href: new URL("vcf-assistant.css", HERE).href });
    this.attachShadow({ mode: "open" }).append(style, this.#parts.frame);
    const choose = (send, label) => this.#send(send, label);
    const highlight = (span) => this.#log.highlight(span);
    const copyNote = () => this.#copyNote();
    this.#log = new MessageLog(this.#parts.log, { choose, copyNote, print: () => window.print() });
    this.#panel = new CasePanel(this.#parts.panel, { choose, highlight, say: (text) => this.#send(text) });
    this.#busy = this.#restore();
  }

  #draw() {
    const log = element("div", { class: "log", role: "log", "aria-live": "polite", "aria-label": "Conversation", tabindex: "0" });
    const alert = element("div", { class: "alarm", role: "alert", tabindex: "0", hidden: true });
    const panel = element("aside", { class: "panel", id: "case", "aria-label": "Case as understood" });
    const state = element("p", { class: "connection", role: "status" });
    const composer = element("textarea", { rows: "3", maxlength: LONGEST, "aria-label": "Your message", placeholder: "Describe the case in your own words", keydown: (event) => this.#key(event) });
    const send = element("button", { type: "submit", class: "send" }, "Send");
    const form = element("form", { class: "composer", submit: (event) => this.#submit(event) }, composer, send);
    const toggle = element("button", { type: "button", class: "toggle", "aria-controls": "case", "aria-expanded": "false", click: () => this.#toggle() }, "Case");
    const fresh = element("button", { type: "button", click: () => this.#newPatient() }, "New patient");
    const header = element("header", {}, element("h1", {}, "VCF guideline assistant"), state, toggle, fresh);
    const main = element("main", {}, header, alert, log, form);
    const frame = element("div", { class: "frame" }, main, panel);
    return { log, alert, panel, state, composer, form, toggle, frame };
  }

  #welcome() {
    const example = element("button", { type: "button", click: () => this.#fill(EXAMPLE) }, "Try an example");
    this.#parts.log.append(element("div", { class: "welcome" }, element("p", {}, NOTICE), example));
    this.#show({ facts: [], open: [], alarm: null });
  }

  async #restore() {
    this.#welcome();
    const { unsent } = this.#connection;
    try {
      const before = await this.#connection.history();
      for (const turn of before?.turns ?? []) this.#log.answered(this.#log.sending(turn.text), turn);
      if (before) this.#show(before.case);
      const arrived = before?.turns.some((turn) => turn.id === unsent?.id && turn.answers.length);
      if (unsent && !arrived) await this.#deliver(unsent, unsent.text);
    } catch (error) {
      const again = element("button", { type: "button", click: () => this.#reload() }, "Try again");
      this.#parts.log.append(element("p", { class: "problem" }, `${error.message} `, again));
    }
  }

  #reload() {
    this.#log.clear();
    this.#busy = this.#restore();
  }

  #submit(event) {
    event.preventDefault();
    const { composer } = this.#parts;
    const text = composer.value;
    if (!text.trim()) return;
    composer.value = "";
    this.#send(text);
  }

  #key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    this.#submit(event);
  }

  #fill(text) {
    this.#parts.composer.value = text;
    this.#parts.composer.focus();
  }

  /** Send a message after those before it; `label` is what is shown of a choice. */
  #send(text, label = text) {
    const message = { id: newId(), text };
    this.#busy = this.#busy.then(() => this.#deliver(message, label));
    this.#parts.composer.focus();
    return this.#busy;
  }

  async #deliver(message, label) {
    const entry = this.#log.sending(label);
    await this.#attempt(message, entry);
  }

  async #attempt(message, entry) {
    const { log } = this.#parts;
    const patient = this.#patient;
    entry.state.replaceChildren(element("span", { class: "typing" }, "Reading …"));
    log.setAttribute("aria-busy", "true");
    try {
      const answered = await this.#connection.send(message);
      if (patient !== this.#patient) return; // a new patient has been begun meanwhile
      this.#log.answered(entry, answered.turn);
      this.#show(answered.case);
    } catch (error) {
      const again = error.code === "no_session" ? null : () => this.#attempt(message, entry);
      this.#log.failed(entry, error.message, again);
      if (["too_long", "no_text"].includes(error.code)) this.#fill(message.text);
    } finally {
      log.setAttribute("aria-busy", "false");
    }
  }

  #show(known) {
    this.#panel.show(known);
    const before = this.#parts.alert.textContent;
    const content = known.alarm ? alarm(known.alarm) : [];
    if (content.map((part) => part.textContent).join("") !== before) this.#parts.alert.replaceChildren(...content);
    this.#parts.alert.hidden = !known.alarm;
  }

  #showConnection(connected) {
    this.#parts.state.textContent = connected ? "" : "No connection. Trying again …";
  }

  #toggle() {
    const open = this.#parts.frame.classList.toggle("with-panel");
    this.#parts.toggle.setAttribute("aria-expanded", String(open));
  }

  #newPatient() {
    this.#patient += 1;
    this.#busy = Promise.resolve();
    this.#connection.forget();
    this.#log.clear();
    this.#welcome();
    this.#parts.composer.focus();
  }

  async #copyNote() {
    try {
      await copy(await this.#connection.note());
      return "Copied.";
    } catch (error) {
      return `Not copied: ${error.message}`;
    }
  }
}

customElements.define("vcf-assistant", VcfAssistant);
