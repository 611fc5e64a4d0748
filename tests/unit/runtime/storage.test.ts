import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makePrivateFolder, storing, syncFiles } from "../../../components/runtime/process/storage.ts";
import { cleanUp, makeStateFolder } from "./process-fixture.ts";

let folder: string;
beforeEach(() => {
  folder = makeStateFolder();
});
afterEach(() => cleanUp(folder));

describe("the state folder", () => {
  it.each([
    ["EACCES", "permission denied (EACCES)", "chown"],
    ["EROFS", "a read-only file system (EROFS)", "XDG_STATE_HOME"],
    ["ENOSPC", "no space left on the disk (ENOSPC)", "df -h"],
  ])("rejects %s with what was found and what helps", (code, got, fix) => {
    const refuse = () => {
      throw Object.assign(new Error("refused"), { code, path: "/state/workloads" });
    };
    expect(() => storing("/state", refuse)).toThrow(
      expect.objectContaining({
        name: "ConfigError",
        problems: [expect.objectContaining({ path: "/state/workloads", got, fix: expect.stringContaining(fix) })],
      }),
    );
  });

  it("rejects a file where a folder should be", () => {
    writeFileSync(join(folder, "workloads"), "");
    expect(() => storing(folder, () => makePrivateFolder(join(folder, "workloads/a")))).toThrow("ENOTDIR");
  });

  it("passes on an error that is not about storage", () => {
    const refuse = () => {
      throw new TypeError("a defect");
    };
    expect(() => storing(folder, refuse)).toThrow(TypeError);
  });
});

describe("files of a workload", () => {
  it("become exactly what is wanted, and leave everything else alone", () => {
    syncFiles(folder, { "a.yaml": "1", "rules/b.yaml": "2" }, []);
    writeFileSync(join(folder, "made-by-the-program"), "");
    syncFiles(folder, { "a.yaml": "3" }, ["a.yaml", "rules/b.yaml"]);
    expect(readFileSync(join(folder, "a.yaml"), "utf8")).toBe("3");
    expect(existsSync(join(folder, "rules"))).toBe(false);
    expect(existsSync(join(folder, "made-by-the-program"))).toBe(true);
  });
});
