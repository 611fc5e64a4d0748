import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Agent } from "undici";
import { TestEnvironment } from "./test-environment.ts";

/** A `local` environment of the tests' own, on a loopback network nobody else uses. */
export class LocalEnvironment extends TestEnvironment {
  readonly loopback: string;

  constructor(loopback: string, overrides: readonly string[] = []) {
    super("local", { overrides: [`network.loopback=${loopback}`, ...overrides] });
    this.loopback = loopback;
  }

  workloadFolder(workload: string): string {
    return join(this.folder, "workloads", workload);
  }

  /** Process number of a workload, as its folder remembers it. */
  pidOf(workload: string): number {
    const record = JSON.parse(readFileSync(join(this.workloadFolder(workload), "process.json"), "utf8")) as {
      pid: number;
    };
    return record.pid;
  }

  /** Kills the process of a workload as a crash would. Only ever one that this environment started. */
  crash(workload: string): void {
    process.kill(this.pidOf(workload), "SIGKILL");
  }

  /** A connection that shows the operator's certificate; for an environment that is up. */
  connect(): Agent {
    const [ca, cert, key] = ["ca", "cert", "key"].map((name) =>
      readFileSync(join(this.folder, "operator", `${name}.pem`), "utf8"),
    );
    return new Agent({ connect: { ca: ca ?? "", cert: cert ?? "", key: key ?? "" } });
  }

  /** Address of the n-th replica or host. */
  address(index: number): string {
    return `${this.loopback}.${index + 1}`;
  }
}
