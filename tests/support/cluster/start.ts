import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Api, type KubeObject } from "./api.ts";
import { ClusterAuthority, makeTokenKeys } from "./certificates.ts";
import { Child } from "./child.ts";
import {
  apiServerArguments,
  type ClusterPlan,
  controllerManagerArguments,
  etcdArguments,
  kwokArguments,
  schedulerArguments,
} from "./control-plane.ts";
import { Guard } from "./guard.ts";
import { kubeconfigText } from "./kubeconfig.ts";
import { stagesText } from "./stages.ts";

const START_SECONDS = 90;

/** The name of the only storage class; it is the default one. */
export const STORAGE_CLASS = "standard";

/** A control plane that runs, and what it takes to use it and to end it. */
export interface Started {
  readonly plan: ClusterPlan;
  readonly server: string;
  readonly authority: ClusterAuthority;
  readonly api: Api;
  readonly guard: Guard;
  readonly children: readonly Child[];
}

/** Starts every program in its order, each once it can be of use. */
export async function startControlPlane(): Promise<Started> {
  const [etcdPort = 0, etcdPeerPort = 0, apiPort = 0] = await freePorts(3);
  const folder = mkdtempSync(join(tmpdir(), "cluster-"));
  const plan = { folder, etcdPort, etcdPeerPort, apiPort };
  const server = `https://127.0.0.1:${apiPort}`;
  const authority = await ClusterAuthority.create();
  const admin = await authority.issueUser("admin", ["system:masters"]);
  const api = new Api(server, { ca: authority.certPem, cert: admin.certPem, key: admin.keyPem });
  const children: Child[] = [];
  const guard = new Guard(folder);
  const start = (name: string, args: readonly string[]): void => {
    children.push(new Child(name, args, folder, guard));
  };
  try {
    await writeFiles(plan, server, authority);
    start("etcd", etcdArguments(plan));
    start("kube-apiserver", apiServerArguments(plan));
    await waitUntil("the API server to be ready", START_SECONDS, children, () => isUp(api));
    start("kube-controller-manager", controllerManagerArguments(plan));
    start("kube-scheduler", schedulerArguments(plan));
    start("kwok", kwokArguments(plan));
    await api.create(DEFAULT_STORAGE);
    // Without it no pod is admitted; it shows that the controllers run.
    const path = "/api/v1/namespaces/default/serviceaccounts/default";
    const hasAccount = async (): Promise<boolean> => (await api.find(path)) !== undefined;
    await waitUntil("the default service account", START_SECONDS, children, hasAccount);
    return { plan, server, authority, api, guard, children };
  } catch (error) {
    await stopAll({ api, guard });
    throw error;
  }
}

const DEFAULT_STORAGE: KubeObject = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: STORAGE_CLASS, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner: "kubernetes.io/host-path",
  volumeBindingMode: "WaitForFirstConsumer",
};

/** Ends the programs, and removes their folder. */
export async function stopAll({ api, guard }: Pick<Started, "api" | "guard">): Promise<void> {
  await api.close();
  await guard.end();
}

async function isUp(api: Api): Promise<boolean> {
  try {
    return (await api.text("/readyz")) === "ok";
  } catch {
    return false;
  }
}

async function writeFiles({ folder }: ClusterPlan, server: string, authority: ClusterAuthority): Promise<void> {
  const tokens = makeTokenKeys();
  const [api, etcd] = await Promise.all([authority.issueServer("kube-apiserver"), authority.issueServer("etcd")]);
  const files = {
    "ca.pem": authority.certPem,
    "server.pem": api.certPem,
    "server-key.pem": api.keyPem,
    "etcd.pem": etcd.certPem,
    "etcd-key.pem": etcd.keyPem,
    "tokens.pem": tokens.privatePem,
    "tokens-public.pem": tokens.publicPem,
    "kwok.yaml": stagesText(),
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
  const masters = ["system:masters"];
  await writeKubeconfig(folder, server, "admin", "admin", authority, masters);
  await writeKubeconfig(folder, server, "kwok", "kwok", authority, masters);
  await writeKubeconfig(folder, server, "controller-manager", "system:kube-controller-manager", authority);
  await writeKubeconfig(folder, server, "scheduler", "system:kube-scheduler", authority);
}

/** Writes a new user's kubeconfig. @returns its file */
export async function writeKubeconfig(
  folder: string,
  server: string,
  name: string,
  user: string,
  authority: ClusterAuthority,
  groups: readonly string[] = [],
): Promise<string> {
  const { certPem, keyPem } = await authority.issueUser(user, groups);
  const file = join(folder, `${name}.kubeconfig`);
  const identity = { ca: authority.certPem, cert: certPem, key: keyPem };
  writeFileSync(file, kubeconfigText(server, user, identity), { mode: 0o600 });
  return file;
}

/** @throws {Error} when it does not come true in time, or when one of the programs has ended */
export async function waitUntil(
  what: string,
  seconds: number,
  children: readonly Child[],
  isTrue: () => Promise<boolean>,
  everyMs = 100,
): Promise<void> {
  const deadline = performance.now() + seconds * 1_000;
  while (!(await isTrue())) {
    for (const child of children) child.requireRunning();
    if (performance.now() > deadline) {
      throw new Error(`waited ${seconds} s in vain for ${what}; ${children.at(-1)?.lastWords()}`);
    }
    await sleep(everyMs);
  }
}

/** Asked for together, so that no two are the same. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once("listening", resolve))));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
