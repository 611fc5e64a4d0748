import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { program } from "../programs.ts";

/** A container whose image name holds this never starts: its image cannot be pulled. */
export const MISSING_IMAGE = "does-not-exist";

/** What a kubelet would do, as kwok's own stages play it: at once. */
const FILES = [
  "node-initialize.yaml",
  "node-heartbeat-with-lease.yaml",
  "pod-ready.yaml",
  "pod-complete.yaml",
  "pod-delete.yaml",
];

interface Stage {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly selector: { readonly matchExpressions: object[] } };
}

/** Everything kwok needs to be told, as the file it reads. */
export function stagesText(): string {
  const folder = dirname(program("kwok"));
  const stages = FILES.map((file) => parse(readFileSync(join(folder, file), "utf8")) as Stage);
  const ready = stages.find(({ metadata }) => metadata.name === "pod-ready");
  if (ready === undefined) throw new Error("kwok's stage pod-ready is gone");
  ready.spec.selector.matchExpressions.push({ ...HAS_MISSING_IMAGE, operator: "DoesNotExist" });
  return [...stages, POD_IMAGE_MISSING].map((stage) => stringify(stage)).join("---\n");
}

const HAS_MISSING_IMAGE = { key: `.spec.containers.[].image | select(contains("${MISSING_IMAGE}"))` };

const POD_IMAGE_MISSING = {
  apiVersion: "kwok.x-k8s.io/v1alpha1",
  kind: "Stage",
  metadata: { name: "pod-image-missing" },
  spec: {
    resourceRef: { apiGroup: "v1", kind: "Pod" },
    selector: {
      matchExpressions: [
        { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" },
        { key: ".status.containerStatuses", operator: "DoesNotExist" },
        { ...HAS_MISSING_IMAGE, operator: "Exists" },
      ],
    },
    next: {
      statusTemplate: `conditions:
- lastTransitionTime: {{ Now | Quote }}
  status: "True"
  type: Initialized
- lastTransitionTime: {{ Now | Quote }}
  status: "False"
  type: Ready
  reason: ContainersNotReady
  message: containers cannot start
containerStatuses:
{{ range .spec.containers }}
- image: {{ .image | Quote }}
  name: {{ .name | Quote }}
  ready: false
  restartCount: 0
  state:
    waiting:
      reason: ImagePullBackOff
      message: {{ printf "Back-off pulling image %q: not found" .image | Quote }}
{{ end }}
phase: Pending
`,
    },
  },
};
