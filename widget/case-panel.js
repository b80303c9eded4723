// The case as understood, beside the conversation: every fact, where it comes from, and what is still open.
import { element } from "./dom.js";

const BASES = { stated: "stated", answered: "answered", implied: "follows", assumed: "ASSUMED" };

export class CasePanel {
  /** `panel` is the element to fill; `actions` has `choose(send, label)`, `say(text)` and `highlight(span)`. */
  constructor(panel, actions) {
    this.panel = panel;
    this.actions = actions;
  }

  /** Show the server's case: `{facts, open}` (knowledge/overview.py). */
  show({ facts, open }) {
    const known = facts.map((fact) => this.#fact(fact));
    this.panel.replaceChildren(
      element("h2", {}, "Case as understood"),
      known.length ? element("ul", { class: "facts" }, ...known) : element("p", {}, "Nothing yet."),
      ...(open.length ? this.#open(open) : []),
    );
  }

  #fact(fact) {
    const { label, basis, evidence, span } = fact;
    const source = element("button", { type: "button", class: "evidence", click: () => this.actions.highlight(span) });
    source.append(`“${evidence}”`);
    return element(
      "li",
      { class: `fact ${basis}`, "data-slot": fact.slot },
      element("span", { class: "label" }, label),
      element("span", { class: "basis" }, BASES[basis]),
      this.#change(fact),
      evidence && (span ? source : element("span", { class: "evidence" }, `“${evidence}”`)),
    );
  }

  #open(open) {
    const lines = open.map((fact) =>
      element(
        "li",
        { class: "fact open", "data-slot": fact.slot },
        element("span", { class: "label" }, fact.label),
        element("span", { class: "basis" }, fact.unknown ? "not known" : "not given"),
        fact.raised_by && element("span", { class: "evidence" }, `“${fact.raised_by}”`),
        this.#change(fact),
      ),
    );
    return [element("h2", {}, "Still open"), element("ul", { class: "facts" }, ...lines)];
  }

  /** A list of the fact's values, or a field where any value may be. */
  #change(fact) {
    return fact.choices.length ? this.#list(fact) : this.#field(fact);
  }

  #list({ slot, label, value, choices }) {
    const choose = ({ target }) => {
      const chosen = choices.find((choice) => choice.value === target.value);
      this.actions.choose(`/inform${JSON.stringify({ [slot]: chosen.value })}`, `${label}: ${chosen.label}`);
    };
    const options = choices.map((choice) =>
      element("option", { value: choice.value, selected: choice.value === value }, choice.label),
    );
    const none = value ? [] : [element("option", { value: "", selected: true, disabled: true }, "Choose …")];
    return element("select", { "aria-label": `Change: ${label}`, change: choose }, ...none, ...options);
  }

  #field({ label, value }) {
    const input = element("input", { type: "text", "aria-label": `Change: ${label}`, value: value ?? "", size: 12 });
    const submit = (event) => {
      event.preventDefault();
      const written = input.value.trim();
      if (written && written !== value) this.actions.say(`Correction: ${label.toLowerCase()} ${written}`);
    };
    return element("form", { submit }, input, element("button", { type: "submit" }, "Set"));
  }
}
