import { posix } from "node:path";
import type { KubernetesObject, Mount, Tree } from "../model.ts";
import { textAt, textMapAt, treeAt, treesAt } from "./known.ts";
import { templateOf } from "./kubernetes-object.ts";
import { toMiB } from "./quantity.ts";

/** The files a container finds from ConfigMaps, by path. */
export function readFiles(
  object: KubernetesObject,
  container: Tree,
  objects: readonly KubernetesObject[],
): Readonly<Record<string, string>> {
  const volumes = treesAt(templateOf(object), "spec", "volumes");
  const files = treesAt(container, "volumeMounts").flatMap((mount) => {
    const volume = volumes.find((item) => textAt(item, "name") === textAt(mount, "name"));
    const sources = [treeAt(volume, "configMap"), ...treesAt(volume, "projected", "sources").map(configMapOf)];
    return sources.flatMap((source) => mounted(filesOf(source, object.namespace, objects), mount));
  });
  return Object.fromEntries(files);
}

function configMapOf(source: Tree): Tree {
  return treeAt(source, "configMap");
}

/** Paths within the volume and their content. */
function filesOf(source: Tree, namespace: string, objects: readonly KubernetesObject[]): readonly [string, string][] {
  const name = textAt(source, "name");
  const map = objects.find(
    (object) => object.kind === "ConfigMap" && object.name === name && object.namespace === namespace,
  );
  const data = Object.entries(textMapAt(map?.body, "data"));
  const items = treesAt(source, "items").map((item) => [textAt(item, "key"), textAt(item, "path")] as const);
  if (items.length === 0) return data;
  return data.flatMap(([key, content]) =>
    items.filter(([wanted]) => wanted === key).map(([, path]): [string, string] => [path, content]),
  );
}

function mounted(files: readonly [string, string][], mount: Tree): readonly [string, string][] {
  const [mountPath, subPath] = [textAt(mount, "mountPath"), textAt(mount, "subPath")];
  if (subPath === "") return files.map(([path, content]) => [posix.join(mountPath, path), content]);
  return files
    .filter(([path]) => path === subPath || path.startsWith(`${subPath}/`))
    .map(([path, content]) => [posix.join(mountPath, posix.relative(subPath, path)), content]);
}

/** What the folders of a container are kept on. */
export function readMounts(object: KubernetesObject, container: Tree): readonly Mount[] {
  const volumes = treesAt(templateOf(object), "spec", "volumes");
  const claims = new Map(
    treesAt(object.body, "spec", "volumeClaimTemplates").map((claim) => [textAt(claim, "metadata", "name"), claim]),
  );
  return treesAt(container, "volumeMounts").map((mount) => {
    const name = textAt(mount, "name");
    const volume = volumes.find((item) => textAt(item, "name") === name);
    const claim = claims.get(name);
    const sizeMiB = toMiB(textAt(claim, "spec", "resources", "requests", "storage"));
    return {
      path: textAt(mount, "mountPath"),
      keeps: claim === undefined ? keptBy(volume) : "claim",
      ...(sizeMiB === undefined ? {} : { sizeMiB }),
    };
  });
}

function keptBy(volume: Tree | undefined): Mount["keeps"] {
  if (volume === undefined) return "none";
  if ("persistentVolumeClaim" in volume || "ephemeral" in volume) return "claim";
  return "hostPath" in volume ? "host" : "none";
}
