/** An element with a class and what is in it. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== "") element.className = className;
  element.append(...children);
  return element;
}

/** A table that scrolls by itself where it is too wide or long, also with the keyboard. */
export function tableOf(
  label: string,
  className: string,
  names: readonly string[],
  rows: readonly (readonly (Node | string)[])[],
): HTMLElement {
  const cell = (inner: Node | string) => (inner instanceof HTMLTableCellElement ? inner : make("td", "", inner));
  const head = names.map((name) => Object.assign(make("th", "", name), { scope: "col" }));
  const body = rows.map((cells) => make("tr", "", ...cells.map(cell)));
  const table = make("table", className, make("thead", "", make("tr", "", ...head)), make("tbody", "", ...body));
  const around = make("div", "scroll", table);
  around.tabIndex = 0;
  around.role = "region";
  around.ariaLabel = label;
  return around;
}
