// Building the page. Text goes in as text: nothing here takes markup, so no stored value can become any.

/** The element with this id, which index.html promises. */
export const byId = (id) => document.getElementById(id);

/**
 * A new element. `properties` are set as properties of the element (className, title, onclick, …), `dataset` and
 * attributes with a hyphen as such; children are elements or text.
 */
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key.includes("-") || key === "role") made.setAttribute(key, value);
    else if (key === "dataset") Object.assign(made.dataset, value);
    else made[key] = value;
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}
