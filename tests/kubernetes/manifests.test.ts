import { readFileSync } from "node:fs";
import { Agent, request } from "undici";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { collectionOf, type KubeObject } from "../support/cluster/api.ts";
import { Cluster, type Conditioned, isReady } from "../support/cluster/cluster.ts";
import { controllerOf, foundationOf, objectsOf, type PlainObject, planStack } from "../unit/kubernetes/planned.ts";

const GPU_NODES = 3;
const CPU_NODES = 3;

let cluster: Cluster;
let agent: Agent;

beforeAll(async () => {
  cluster = await Cluster.start();
  await cluster.addNodes(CPU_NODES, { gpu: false });
  await cluster.addNodes(GPU_NODES, { gpu: true, tainted: true });
  agent = agentOf(cluster.kubeconfig);
  for (const object of foundationOf(planStack("staging").settings)) await cluster.api.create(toKube(object));
});

afterAll(async () => {
  await agent?.close();
  await cluster?.stop();
});

describe.each(["staging", "production"] as const)("the API server, asked about %s", (stack) => {
  const { workloads, settings } = planStack(stack);

  it.each(workloads.map((workload) => [workload.name, workload] as const))(
    "takes every object of %s",
    async (_, workload) => {
      const objects = objectsOf(workload, settings);
      const answers = await Promise.all(objects.map(dryRun));
      expect(answers.filter(({ status }) => status !== 201).map(({ text }) => text)).toEqual([]);
      expect(answers.flatMap(({ warnings }) => warnings)).toEqual([]);
      expect(answers).toHaveLength(objects.length);
    },
  );

  it("rejects a field that it does not know, so that the above says something", async () => {
    const [object] = objectsOf(workloads[0]!, settings);
    const { status, text } = await dryRun({ ...object!, ...{ surplus: true } });
    expect([status, text]).toEqual([400, expect.stringMatching(/unknown field .*surplus/)]);
  });
});

describe("a cluster that is given staging", () => {
  const { workloads, settings } = planStack("staging");

  beforeAll(async () => {
    for (const object of workloads.flatMap((workload) => objectsOf(workload, settings))) {
      await cluster.api.create(toKube(object));
    }
  });

  it("admits every pod and gets it ready: each copy, and one of each kind on every GPU node", async () => {
    const expected = workloads.flatMap(({ name, hostAccess, replicas = 1 }) =>
      Array.from({ length: hostAccess === undefined ? replicas : GPU_NODES }, () => name),
    );
    let ready: readonly string[] = [];
    await cluster
      .waitFor("the pods of staging", 60, async () => {
        ready = (await podsOf()).filter(isReady).map(instanceOf);
        return ready.length >= expected.length;
      })
      .catch(() => undefined);
    expect(ready.toSorted()).toEqual(expected.toSorted());
    console.log(`${ready.length} pods of ${workloads.length} workloads ready, Pod Security enforced`);
  });

  it("puts agents and exporters on GPU nodes alone, and copies on nodes of their own", async () => {
    const pods = await podsOf();
    for (const { name, hostAccess } of workloads) {
      const nodes = pods.filter((pod) => instanceOf(pod) === name).map(nodeOf);
      expect(new Set(nodes).size).toBe(nodes.length);
      for (const node of nodes) expect(node.startsWith("gpu-")).toBe(hostAccess !== undefined);
    }
  });

  it("binds a claim for each copy that keeps something", async () => {
    const claims = await cluster.api.list(`/api/v1/namespaces/${settings.namespace}/persistentvolumeclaims`);
    const planned = workloads.flatMap((workload) => {
      const { spec } = controllerOf(objectsOf(workload, settings));
      const templates: readonly PlainObject[] = spec.volumeClaimTemplates ?? [];
      return templates.flatMap(({ metadata }) =>
        Array.from({ length: spec.replicas as number }, (_, index) => `${metadata.name}-${workload.name}-${index}`),
      );
    });
    expect(planned.length).toBeGreaterThan(10);
    expect(claims.map(({ metadata }) => metadata.name).toSorted()).toEqual(planned.toSorted());
    for (const claim of claims) expect(claim["status"]).toMatchObject({ phase: "Bound" });
  });
});

interface Answer {
  readonly status: number;
  readonly text: string;
  /** What the API server would have changed, such as a pod that Pod Security will refuse. */
  readonly warnings: readonly string[];
}

async function dryRun(object: PlainObject): Promise<Answer> {
  const query = "fieldValidation=Strict&dryRun=All";
  const answer = await request(`${cluster.server}${collectionOf(toKube(object))}?${query}`, {
    method: "POST",
    dispatcher: agent,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(object),
  });
  const { warning = [] } = answer.headers;
  return { status: answer.statusCode, text: await answer.body.text(), warnings: [warning].flat() };
}

function agentOf(kubeconfig: string): Agent {
  const { clusters, users } = parse(readFileSync(kubeconfig, "utf8")) as {
    readonly clusters: readonly { readonly cluster: Record<string, string> }[];
    readonly users: readonly { readonly user: Record<string, string> }[];
  };
  const pem = (text: string | undefined) => Buffer.from(text ?? "", "base64");
  return new Agent({
    connect: {
      ca: pem(clusters[0]?.cluster["certificate-authority-data"]),
      cert: pem(users[0]?.user["client-certificate-data"]),
      key: pem(users[0]?.user["client-key-data"]),
    },
  });
}

async function podsOf(): Promise<readonly Conditioned[]> {
  const { namespace, hostNamespace } = planStack("staging").settings;
  const lists = [namespace, hostNamespace].map((name) =>
    cluster.api.list<Conditioned>(`/api/v1/namespaces/${name}/pods`),
  );
  return (await Promise.all(lists)).flat();
}

const instanceOf = ({ metadata }: KubeObject): string => metadata.labels?.["app.kubernetes.io/instance"] ?? "";
const nodeOf = (pod: KubeObject): string => (pod["spec"] as { readonly nodeName?: string }).nodeName ?? "";
const toKube = (object: PlainObject): KubeObject => object as unknown as KubeObject;
