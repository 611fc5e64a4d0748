import { hashOf } from "../../../components/core/hash.ts";
import type { KubernetesObject, Limits, StatedImage, Tree, Unit } from "../model.ts";
import { at, numberAt, textAt, textsAt, treeAt, treesAt } from "./known.ts";
import { isPodKind, templateOf, whereOf } from "./kubernetes-object.ts";
import { readFiles, readMounts } from "./kubernetes-volume.ts";
import { programOfImage, programOfService } from "./program.ts";
import { toCores, toMiB } from "./quantity.ts";

/** A unit for every container of every object that runs pods. */
export function readPods(objects: readonly KubernetesObject[]): readonly Unit[] {
  return objects.filter(isPodKind).flatMap((object) => {
    const spec = treeAt(templateOf(object), "spec");
    const main = treesAt(spec, "containers").length === 1;
    return containersOf(object).map((container, index) => toUnit(object, container, objects, main && index === 0));
  });
}

/** The image of every container of every object that runs pods. */
export function readPodImages(objects: readonly KubernetesObject[]): readonly StatedImage[] {
  return objects.filter(isPodKind).flatMap((object) =>
    containersOf(object).map((container) => ({
      where: `${whereOf(object)}, container ${textAt(container, "name")}`,
      urn: object.urn,
      image: textAt(container, "image"),
    })),
  );
}

function containersOf(object: KubernetesObject): readonly Tree[] {
  const spec = treeAt(templateOf(object), "spec");
  return [...treesAt(spec, "containers"), ...treesAt(spec, "initContainers")];
}

function toUnit(object: KubernetesObject, container: Tree, objects: readonly KubernetesObject[], only: boolean): Unit {
  const spec = treeAt(templateOf(object), "spec");
  const name = textAt(container, "name");
  return {
    where: only ? whereOf(object) : `${whereOf(object)}, container ${name}`,
    urn: object.urn,
    runtime: "kubernetes",
    name: only ? object.name : `${object.name}/${name}`,
    program: programIn(object, container, only),
    args: [...textsAt(container, "command"), ...textsAt(container, "args")],
    env: Object.fromEntries(
      treesAt(container, "env")
        .filter((variable) => at(variable, "valueFrom") === undefined)
        .map((variable) => [textAt(variable, "name"), textAt(variable, "value")]),
    ),
    files: readFiles(object, container, objects),
    declared: readPorts(container),
    network: { ...machineOf(spec), published: readHostPorts(container) },
    replicas: object.kind === "DaemonSet" ? 1 : (numberAt(object.body, "spec", "replicas") ?? 1),
    mounts: readMounts(object, container),
    limits: readLimits(container),
  };
}

/** By the label that says what it is, whatever its image is called; a container beside it by its image. */
function programIn(object: KubernetesObject, container: Tree, only: boolean): string {
  const service = textAt(templateOf(object), "metadata", "labels", "app.kubernetes.io/name");
  return only && service !== ""
    ? programOfService(service, textsAt(container, "args"))
    : programOfImage(textAt(container, "image"));
}

/** Pods in the network of their node share it with every other such pod that may run there. */
function machineOf(spec: Tree) {
  if (at(spec, "hostNetwork") !== true) return {};
  return { machine: `nodes ${hashOf([at(spec, "nodeSelector") ?? {}, at(spec, "affinity", "nodeAffinity") ?? {}])}` };
}

function readPorts(container: Tree) {
  return treesAt(container, "ports").map((port) => ({
    name: textAt(port, "name"),
    host: "",
    port: numberAt(port, "containerPort") ?? 0,
    protocol: textAt(port, "protocol") || "TCP",
  }));
}

function readHostPorts(container: Tree) {
  return treesAt(container, "ports").flatMap((port) => {
    const hostPort = numberAt(port, "hostPort");
    const protocol = (textAt(port, "protocol") || "TCP").toLowerCase();
    return hostPort === undefined ? [] : [{ host: textAt(port, "hostIP") || "0.0.0.0", port: hostPort, protocol }];
  });
}

function readLimits(container: Tree): Limits {
  const read = (kind: string) => ({
    memory: toMiB(textAt(container, "resources", kind, "memory")),
    cpu: toCores(textAt(container, "resources", kind, "cpu")),
  });
  const [limits, requests] = [read("limits"), read("requests")];
  return {
    ...(limits.memory === undefined ? {} : { memoryMiB: limits.memory }),
    ...(limits.cpu === undefined ? {} : { cpu: limits.cpu }),
    ...(requests.memory === undefined ? {} : { requestsMemoryMiB: requests.memory }),
    ...(requests.cpu === undefined ? {} : { requestsCpu: requests.cpu }),
  };
}
