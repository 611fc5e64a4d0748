import { basename } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { Delivery } from "../runtime.ts";
import { toContainerArgs } from "./container-args.ts";
import type { ContainerPlan } from "./container-plan.ts";
import type { DockerEngine } from "./docker-engine.ts";
import { Readiness } from "./readiness.ts";

export interface DockerContainerArgs {
  readonly plan: ContainerPlan;
  readonly engine: DockerEngine;
  readonly delivery: Delivery;
}

/**
 * One workload as a container: creates `${name}-volume-…` for each volume of its own, `${name}-container`, and
 * `${name}-readiness` where it is asked for its health from outside. A changed file or secret replaces the container and
 * keeps the volumes; a destroy takes them, too. An engine limits no volume's size.
 */
export class DockerContainer extends pulumi.ComponentResource {
  /** True once its health check has passed. */
  readonly ready: pulumi.Output<boolean>;

  constructor(
    name: string,
    { plan, engine, delivery }: DockerContainerArgs,
    opts: pulumi.ComponentResourceOptions = {},
  ) {
    super("gpuobs:runtime:DockerContainer", name, { container: plan.name }, opts);
    const child = { parent: this, provider: engine.provider };
    const volumes = plan.volumes
      .filter(({ readOnly }) => !readOnly)
      .map(
        (volume) =>
          new docker.Volume(
            `${name}-volume-${basename(volume.mountPath)}`,
            { name: volume.name, labels: labelsOf(plan) },
            child,
          ),
      );
    const surroundings = { imageId: engine.imageId(plan.image.image), network: engine.networkName, delivery };
    const container = new docker.Container(
      `${name}-container`,
      toContainerArgs(plan, surroundings),
      // Its name and its ports are free only when the old one is gone.
      { ...child, dependsOn: volumes, deleteBeforeReplace: true },
    );
    this.ready = readyWhen(name, plan, container, delivery, { parent: this });
    this.registerOutputs({ ready: this.ready });
  }
}

function readyWhen(
  name: string,
  { probe, name: container }: ContainerPlan,
  { id }: docker.Container,
  delivery: Delivery,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<boolean> {
  if (probe === undefined) return id.apply(() => true);
  return new Readiness(`${name}-readiness`, { probe, container, containerId: id, identity: delivery.certificate }, opts)
    .ready;
}

function labelsOf({ labels }: ContainerPlan) {
  return Object.entries(labels).map(([label, value]) => ({ label, value }));
}
