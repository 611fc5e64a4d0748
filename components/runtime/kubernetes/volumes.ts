import { CONTAINER_PATHS, type Volume as DataVolume, within, type Workload } from "../workload.ts";
import { keyOf, planConfigMaps } from "./config-map.ts";
import type { Scope } from "./scope.ts";
import { secretName } from "./secret.ts";
import type { PersistentVolumeClaim, Volume, VolumeMount } from "./types.ts";

const FILES = "files";
const TMP = "tmp";
const TMP_SIZE = "256Mi";

/** Volumes of a pod and where its container sees them; what a set claims for each copy is not among its volumes. */
export interface PodVolumes {
  readonly volumes: Volume[];
  readonly mounts: VolumeMount[];
}

export function renderVolumes(scope: Scope): PodVolumes {
  const { workload } = scope;
  const files = renderFiles(scope);
  const folders = workload.hostAccess?.mounts ?? [];
  return {
    volumes: [
      ...files,
      { name: TMP, emptyDir: { sizeLimit: TMP_SIZE } },
      ...workload.volumes.flatMap((volume) => renderData(workload, volume)),
      ...folders.map(({ hostPath }, index) => ({
        name: `node-${index}`,
        hostPath: { path: hostPath, type: "Directory" },
      })),
    ],
    mounts: [
      ...files.map(() => ({ name: FILES, mountPath: CONTAINER_PATHS.config, readOnly: true })),
      { name: TMP, mountPath: "/tmp" },
      ...workload.volumes.map(({ name }) => ({
        name: dataName(name),
        mountPath: within(CONTAINER_PATHS.data, name),
      })),
      ...folders.map(({ mountPath }, index) => ({
        name: `node-${index}`,
        mountPath,
        readOnly: true,
        // What the node mounts later shows here, too.
        mountPropagation: "HostToContainer",
      })),
    ],
  };
}

/** Configuration, certificate and secrets as one folder, so that kubelet changes all of it at once. */
function renderFiles({ workload, secrets }: Scope): readonly Volume[] {
  const config = planConfigMaps(workload).map(({ name, files }) => ({
    configMap: { name, items: itemsOf(Object.keys(files), 0o444) },
  }));
  const paths = Object.keys(secrets.files);
  const secret = paths.length === 0 ? [] : [{ secret: { name: secretName(workload), items: itemsOf(paths, 0o440) } }];
  const sources = [...config, ...secret];
  return sources.length === 0 ? [] : [{ name: FILES, projected: { sources } }];
}

function itemsOf(paths: readonly string[], mode: number) {
  return paths.toSorted().map((path) => ({ key: keyOf(path), path, mode }));
}

/** On a node its folder stays with the node, so that an agent's queue outlives the agent. */
function renderData({ name: workload, hostAccess }: Workload, { name, sizeMiB, stateful }: DataVolume): Volume[] {
  if (hostAccess !== undefined) {
    const path = `${CONTAINER_PATHS.data}/${workload}/${name}`;
    return [{ name: dataName(name), hostPath: { path, type: "DirectoryOrCreate" } }];
  }
  if (stateful) return [];
  return [{ name: dataName(name), emptyDir: { sizeLimit: `${sizeMiB}Mi` } }];
}

/** A claim for each volume that outlives its pod. */
export function renderClaims({ workload, settings, selector }: Scope) {
  return workload.volumes
    .filter(({ stateful }) => stateful)
    .map(
      ({ name, sizeMiB }) =>
        ({
          metadata: { name: dataName(name), labels: selector },
          spec: {
            accessModes: ["ReadWriteOnce"],
            ...(settings.storageClass === undefined ? {} : { storageClassName: settings.storageClass }),
            resources: { requests: { storage: `${sizeMiB}Mi` } },
          },
        }) satisfies PersistentVolumeClaim,
    );
}

function dataName(volume: string): string {
  return `data-${volume}`;
}
