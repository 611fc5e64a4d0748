import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Catalogue, Release } from "../../../infra/toolchain/catalogue.ts";
import type { ToolchainOptions } from "../../../infra/toolchain/toolchain.ts";

/** A machine of its own in a temporary folder: a cache, a Go that only pretends, one program. */
export class FakeMachine {
  readonly root = mkdtempSync(join(tmpdir(), "toolchain-"));
  readonly cache = join(this.root, "cache");
  readonly goFolder = join(this.root, "go");
  readonly lines: string[] = [];
  readonly #bin = join(this.root, "bin");
  readonly #calls = join(this.root, "go-calls");
  /** While a build runs, it waits for this file when {@link withSlowGo} made it slow. */
  readonly gate = join(this.root, "gate");

  constructor() {
    mkdirSync(this.#bin);
    mkdirSync(join(this.goFolder, "tool"), { recursive: true });
    writeFileSync(join(this.goFolder, "tool", "go.mod"), "module test\n\nrequire example.org/tool v1.0.0\n");
  }

  /** A `go` that says it is of this version and builds a program that prints `built`. */
  withGo(version = "1.26.1"): this {
    return this.#write(version, "");
  }

  withSlowGo(): this {
    return this.#write(
      "1.26.1",
      `printf half > "$out/tool"; echo waiting >> "${this.#calls}"; while [ -e "${this.#calls}" ] && [ ! -e "${this.gate}" ]; do sleep 0.05; done;`,
    );
  }

  /** A `go` whose builds fail, saying this. */
  withFailingGo(message: string): this {
    return this.#write("1.26.1", `echo '${message}' >&2; exit 1;`);
  }

  #write(version: string, beforeBuilding: string): this {
    const script = `#!/bin/sh
echo "$*" >> "${this.#calls}"
if [ "$1" = env ]; then echo go${version}; exit 0; fi
while [ $# -gt 0 ]; do if [ "$1" = -o ]; then out=$2; fi; shift; done
${beforeBuilding}
printf '#!/bin/sh\\necho built\\n' > "$out/tool"; chmod +x "$out/tool"
`;
    writeFileSync(join(this.#bin, "go"), script);
    chmodSync(join(this.#bin, "go"), 0o755);
    return this;
  }

  /** What Go was asked to do, one call a line. */
  get goCalls(): string[] {
    return existsSync(this.#calls) ? readFileSync(this.#calls, "utf8").trim().split("\n") : [];
  }

  options(catalogue: Catalogue = catalogueOf({})): ToolchainOptions {
    return {
      cache: this.cache,
      goFolder: this.goFolder,
      catalogue,
      env: { PATH: `${this.#bin}:/usr/bin:/bin` },
      onProgress: (line) => this.lines.push(line),
      freeMiB: () => 100_000,
    };
  }

  /** A PATH without any Go. */
  optionsWithoutGo(): ToolchainOptions {
    const empty = join(this.root, "empty");
    mkdirSync(empty, { recursive: true });
    return { ...this.options(), env: { PATH: empty } };
  }

  remove(): void {
    writeFileSync(this.gate, "");
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A catalogue of one program, `tool`. */
export function catalogueOf({ release, build = true }: { release?: Release; build?: boolean }): Catalogue {
  return {
    go: { minimum: "1.26" },
    programs: { tool: { source: "tool", package: "example.org/tool", member: "tool" } },
    sources: {
      tool: {
        version: "1.0.0",
        ...(release === undefined ? {} : { release }),
        ...(build
          ? {
              build: {
                kind: "module",
                module: "example.org/tool",
                moduleVersion: "v1.0.0",
                tags: ["slim"],
                ldflags: "-s -w",
                usualSeconds: 60,
              } as const,
            }
          : {}),
      },
    },
  };
}
