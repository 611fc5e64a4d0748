/** Keys of a host that are one word, and what the word stands for. */
const WORDS: Readonly<Record<string, "text" | "number" | "flag">> = {
  runtime: "text",
  address: "text",
  hostKey: "text",
  user: "text",
  port: "number",
  gpus: "number",
  gpuModel: "text",
  state: "text",
  simulated: "flag",
  scenario: "text",
};

/** The keys that formats without types may give, in the spelling of a stack file. */
export const WORD_KEYS = Object.keys(WORDS);

/** Gives a word its type. One that is not of that type stays text, for the host's schema to refuse. */
export function toFieldValue(key: string, word: string): string | number | boolean {
  const kind = WORDS[key];
  if (kind === "number" && /^\d+$/.test(word)) return Number(word);
  if (kind === "flag" && /^(true|false)$/i.test(word)) return word.toLowerCase() === "true";
  return word;
}
