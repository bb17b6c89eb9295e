// What all pages need: elements, messages, numbers in words.

// element("p", {class: "x", onclick: f}, "text", child) makes <p class="x">; text is never read as HTML.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (typeof value === "boolean") made.toggleAttribute(key, value);
    else if (value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function say(text) {
  const message = document.getElementById("message");
  message.textContent = text;
  message.hidden = !text;
}

export function duration(seconds) {
  if (seconds < 1) return "less than a second";
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3600).toFixed(1)} h`;
}

export const number = (value) => value.toLocaleString("en");

// A number with its word: "1 sentence", "1,234 sentences"; `many`: a plural that is not made by an s.
export const counted = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

export const when = (time) => new Date(time).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });

const names = new Intl.DisplayNames(["en"], { type: "language" });
export function language(code) {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

// The language of a document: with "auto" that of its beginning, null until it is known.
export const sourceOf = (status) => (status.source === "auto" ? status.detected : status.source);

// Makes these the children of a node; those that are there already are not moved, nor the focus, selection and press in them.
export function arrange(parent, nodes) {
  for (const child of [...parent.children]) if (!nodes.includes(child)) child.remove();
  nodes.forEach((node, at) => {
    if (parent.children[at] !== node) parent.insertBefore(node, parent.children[at] ?? null);
  });
}
