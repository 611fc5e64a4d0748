import type * as pulumi from "@pulumi/pulumi";
import type { Delivery, Deployed, Runtime } from "../runtime.ts";
import type { Workload } from "../workload.ts";
import { DockerContainer } from "./docker-container.ts";
import { DockerEngine, type DockerEngineArgs } from "./docker-engine.ts";
import type { ContainerImage } from "./image.ts";
import { type BorrowedVolume, planContainer } from "./plan-container.ts";

export interface DockerRuntimeArgs {
  /** The engine; its prefix stands in front of every name. */
  readonly engine: DockerEngineArgs;
  /** Image of a program. */
  readonly resolveImage: (program: string) => ContainerImage;
  /** Loopback address that offers a workload's ports. @default none: only containers reach it */
  readonly publishOn?: (workload: string) => string | undefined;
  /** Volumes of other workloads that a workload reads, by its name. @default none */
  readonly borrows?: Readonly<Record<string, readonly BorrowedVolume[]>>;
  /** Largest size of one container's log in MiB. @default 20 */
  readonly logCapMiB?: number;
}

/** Runs workloads as containers of one Docker engine, on this machine or another: one network, a container each. */
export class DockerRuntime implements Runtime {
  private readonly args: DockerRuntimeArgs;
  private readonly engine: DockerEngine;

  constructor(args: DockerRuntimeArgs, opts: pulumi.ComponentResourceOptions = {}) {
    this.args = args;
    this.engine = new DockerEngine("docker", args.engine, opts);
  }

  /** @throws ConfigError when a secret or certificate the workload needs was not delivered */
  deploy(workload: Workload, delivery: Delivery, opts: pulumi.CustomResourceOptions): Deployed {
    const { engine, resolveImage, publishOn, borrows = {}, logCapMiB } = this.args;
    const plan = planContainer(workload, {
      prefix: engine.prefix,
      image: resolveImage(workload.program),
      publishOn: publishOn?.(workload.name),
      isLocal: isLocal(engine.host),
      borrows: borrows[workload.name] ?? [],
      ...(logCapMiB === undefined ? {} : { logCapMiB }),
    });
    return new DockerContainer(workload.name, { plan, engine: this.engine, delivery }, opts);
  }
}

/** Whether loopback addresses of the engine's machine are this machine's own. */
function isLocal(host: string | undefined): boolean {
  const where = host ?? process.env["DOCKER_HOST"] ?? "unix:";
  return where.startsWith("unix:") || where.startsWith("npipe:");
}
