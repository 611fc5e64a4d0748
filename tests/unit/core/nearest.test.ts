import { describe, expect, it } from "vitest";
import { didYouMean, nearest } from "../../../components/core/nearest.ts";

const KNOWN = ["local", "dev", "staging", "production", "replicas", "temperature"];

describe("the known word nearest to a misspelt one", () => {
  it.each([
    ["a letter is missing", "replica", "replicas"],
    ["a letter is missing in the middle", "temprature", "temperature"],
    ["two letters are swapped", "locla", "local"],
    ["a letter is another", "stagimg", "staging"],
    ["a letter is too many", "devv", "dev"],
    ["only the case differs", "Production", "production"],
    ["it is a beginning", "prod", "production"],
  ])("is found where %s", (_, word, known) => {
    expect(nearest(word, KNOWN)).toBe(known);
  });

  it.each(["lab", "metrics", "x", ""])("is none for %j", (word) => {
    expect(nearest(word, KNOWN)).toBeUndefined();
    expect(didYouMean(word, KNOWN)).toBe("");
  });

  it("stands in front of a fix", () => {
    expect(didYouMean("replica", KNOWN)).toBe('did you mean "replicas"? ');
  });
});
