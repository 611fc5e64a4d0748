import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { toYaml } from "../../../components/core/yaml.ts";

const whole = (value: unknown) => stringify(value, { version: "1.1", aliasDuplicateObjects: false, lineWidth: 0 });

const PLAIN = { noNullPrototype: true };

describe("toYaml", () => {
  it("writes entries apart as the whole document would have them", () => {
    // In the first column a directive or the end of a document is quoted, further right it need not be; both are right.
    const word = fc.string().filter((text) => !/%|^(\.\.\.|---)/.test(text));
    const key = fc.oneof(word, fc.constantFrom("on", "y", "a b", "0o7", "x: y", "- z", "#", "multi\nline"));
    const { value } = fc.letrec((tie) => ({
      leaf: fc.oneof(
        fc.string(),
        fc.constantFrom("two\nlines\n", "  indented\n\nblank", "trailing\n\n", "one\u2028line", "no", "1", ""),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.constant(undefined),
      ),
      value: fc.oneof({ maxDepth: 5 }, tie("leaf"), fc.array(tie("leaf")), fc.dictionary(key, tie("value"), PLAIN)),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, value, PLAIN), (document) => {
        expect(toYaml(document)).toBe(whole(document));
      }),
      { numRuns: 100 },
    );
  });
});
