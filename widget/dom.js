// Elements made of text nodes only: nothing that comes from the server or the clinician is ever parsed as HTML.

/**
 * Make an element. `attributes` are set as attributes, functions among them as event listeners ("click"), and
 * those that are null, undefined or false are left out; children are elements, texts, or nothing.
 */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key, value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** A text as paragraphs, and as lists where lines begin with a hyphen. */
export function paragraphs(text) {
  const blocks = [];
  for (const line of text.split("\n")) {
    const last = blocks[blocks.length - 1];
    if (!line.trim()) continue;
    if (!line.startsWith("- ")) blocks.push(element("p", {}, line));
    else if (last && last.tagName === "UL") last.append(element("li", {}, line.slice(2)));
    else blocks.push(element("ul", {}, element("li", {}, line.slice(2))));
  }
  return blocks;
}

/** A folded part: a heading that opens its content. */
export function folded(heading, ...content) {
  return element("details", {}, element("summary", {}, heading), ...content);
}
