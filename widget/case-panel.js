// The case as understood, beside the conversation: every fact, where it comes from, and what is still open.
import { element } from "./dom.js";
import { say } from "./words.js";

export class CasePanel {
  /** `panel` is the element to fill; `actions` has `choose(send, label)` and `highlight(spans)`. */
  constructor(panel, actions) {
    this.panel = panel;
    this.actions = actions;
  }

  /** Show the server's case: `{facts, open}`. What is being changed in a field, and the focus, stay. */
  show({ facts, open }) {
    const drafts = this.#drafts();
    const focused = this.panel.getRootNode().activeElement?.closest("[data-slot]")?.dataset.slot;
    const known = facts.map((fact) => this.#fact(fact));
    this.panel.replaceChildren(
      ...(open.length ? this.#open(open) : []),
      element("h2", {}, say("case_understood")),
      known.length ? element("ul", { class: "facts" }, ...known) : element("p", {}, say("nothing_yet")),
    );
    for (const [slot, value] of drafts) {
      const control = this.#control(slot);
      if (control) control.value = value;
      control?.dispatchEvent(new Event("input"));
    }
    if (focused) this.#control(focused)?.focus();
  }

  #control(slot) {
    return this.panel.querySelector(`[data-slot="${slot}"] :is(select, input)`);
  }

  /** Values that stand in a field but were not set: pairs of slot and value. */
  #drafts() {
    const forms = [...this.panel.querySelectorAll("form.changed")];
    return forms.map((form) => [form.closest("[data-slot]").dataset.slot, form.elements[0].value]);
  }

  #fact(fact) {
    const { label, phrase, basis, evidence, spans } = fact;
    const show = () => this.actions.highlight(spans);
    const words = evidence && `“${evidence}”`;
    return element(
      "li",
      { class: `fact ${basis}`, "data-slot": fact.slot },
      element("span", { class: "label" }, label),
      element("span", { class: "basis" }, say(basis)),
      element("span", { class: "phrase" }, phrase),
      this.#change(fact),
      words && spans.length > 0 && element("button", { type: "button", class: "evidence", click: show }, words),
      words && !spans.length && element("span", { class: "evidence" }, words),
    );
  }

  #open(open) {
    const lines = open.map((fact) =>
      element(
        "li",
        { class: "fact open", "data-slot": fact.slot },
        element("span", { class: "label" }, fact.label),
        element("span", { class: "basis" }, say(fact.unknown ? "not_known" : "not_given")),
        this.#change(fact),
        fact.raised_by && element("span", { class: "evidence" }, `“${fact.raised_by}”`),
      ),
    );
    return [element("h2", {}, say("still_open")), element("ul", { class: "facts" }, ...lines)];
  }

  /** A control with the fact's value; another one is sent by its button alone, never by moving through a list. */
  #change(fact) {
    const control = fact.choices.length ? list(fact) : fact.free && field(fact);
    if (!control) return null;
    const form = element("form", {}, control, element("button", { type: "submit" }, say("set")));
    const before = control.value;
    control.addEventListener("input", () => form.classList.toggle("changed", control.value !== before));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const value = control.value.trim();
      if (!value || value === before) return;
      control.focus(); // the button goes, the focus stays
      form.classList.remove("changed");
      if (fact.free) this.actions.choose(fact.free.say.replace("{value}", value));
      else this.#choose(fact, value);
    });
    return form;
  }

  #choose({ slot, label, choices }, value) {
    const chosen = choices.find((choice) => choice.value === value);
    this.actions.choose(`/inform${JSON.stringify({ [slot]: value })}`, say("chosen", { label, value: chosen.label }));
  }
}

function list({ label, value, choices }) {
  const options = choices.map((choice) =>
    element("option", { value: choice.value, selected: choice.value === value }, choice.label),
  );
  const none = value ? [] : [element("option", { value: "", selected: true }, say("choose"))];
  return element("select", { "aria-label": say("change", { label }) }, ...none, ...options);
}

function field({ label, value, free }) {
  return element("input", {
    type: "text",
    "aria-label": say("change", { label }),
    value,
    size: 12,
    required: true,
    pattern: free.pattern,
    title: free.hint,
  });
}
