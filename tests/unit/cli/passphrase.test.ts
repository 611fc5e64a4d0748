import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { findWrongPassphrase } from "../../../infra/cli/passphrase.ts";

/** What Pulumi 3.259.0 wrote for the passphrase "x". */
const SALT = "v1:bk3x/uptaxk=:v1:aEeydav/da4NDTAG:609ZJOuUTbceEhokRmxXAnaCErB4EQ==";
const folder = mkdtempSync(join(tmpdir(), "gpu-observability-passphrase-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a passphrase", () => {
  it("is known to be the one that the engine began with, from a variable or a file", () => {
    const file = join(folder, "right");
    writeFileSync(file, "x\n");
    expect(findWrongPassphrase("local", SALT, { PULUMI_CONFIG_PASSPHRASE: "x" })).toEqual([]);
    expect(findWrongPassphrase("local", SALT, { PULUMI_CONFIG_PASSPHRASE_FILE: file })).toEqual([]);
  });

  it("is not blamed for a stack that has none", () => {
    expect(findWrongPassphrase("local", "", { PULUMI_CONFIG_PASSPHRASE: "y" })).toEqual([]);
  });

  it("rejects another one, and names where it came from", () => {
    const file = join(folder, "wrong");
    writeFileSync(file, "y");
    const places = [{ PULUMI_CONFIG_PASSPHRASE: "y" }, { PULUMI_CONFIG_PASSPHRASE_FILE: file }].map((env) =>
      findWrongPassphrase("local", SALT, env).map(({ path }) => path),
    );
    expect(places).toEqual([["environment variable PULUMI_CONFIG_PASSPHRASE"], [file]]);
  });
});
