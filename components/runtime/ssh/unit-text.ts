/** Settings of one section of a unit, in order; a key may repeat. */
export type Section = readonly (readonly [key: string, value: string])[];

/** Text of a unit file. */
export function toUnitText(sections: Readonly<Record<string, Section>>): string {
  return Object.entries(sections)
    .map(([name, settings]) => [`[${name}]`, ...settings.map(([key, value]) => `${key}=${value}`), ""].join("\n"))
    .join("\n");
}

/** A command line as systemd reads it: no shell, but specifiers, variables, quotes and escapes of its own. */
export function toCommandLine(words: readonly string[]): string {
  return words.map(toWord).join(" ");
}

/** `NAME=value` for `Environment=`. */
export function toAssignment(name: string, value: string): string {
  return quote(`${name}=${value.replaceAll("%", "%%")}`);
}

function toWord(word: string): string {
  return quote(word.replaceAll("%", "%%").replaceAll("$", "$$$$"));
}

function quote(text: string): string {
  if (/^[\w@%+=:,./$^()|-]+$/.test(text)) return text;
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}
