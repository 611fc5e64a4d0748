/** Where the parts of one cluster listen and keep their files. */
export interface ClusterPlan {
  readonly folder: string;
  readonly etcdPort: number;
  readonly etcdPeerPort: number;
  readonly apiPort: number;
}

const HOST = "127.0.0.1";

/** Never the cluster's answer to load: a test client may ask as fast as it can. */
const CLIENT_RATE = ["--kube-api-qps=1000", "--kube-api-burst=2000"];

/** One member whose data is thrown away: no flush to disk is worth waiting for. */
export function etcdArguments({ folder, etcdPort, etcdPeerPort }: ClusterPlan): string[] {
  const peer = `https://${HOST}:${etcdPeerPort}`;
  const client = `https://${HOST}:${etcdPort}`;
  const tls = ["cert-file=etcd.pem", "key-file=etcd-key.pem", "trusted-ca-file=ca.pem"].map((part) => {
    const [name, file] = part.split("=");
    return [`--${name}=${folder}/${file}`, `--peer-${name}=${folder}/${file}`];
  });
  return [
    "--name=test",
    `--data-dir=${folder}/etcd`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=test=${peer}`,
    "--client-cert-auth",
    "--peer-client-cert-auth",
    ...tls.flat(),
    "--unsafe-no-fsync",
    "--log-level=warn",
  ];
}

/** The server's defaults judge: RBAC, Pod Security and every other admission plugin that is on by default. */
export function apiServerArguments({ folder, etcdPort, apiPort }: ClusterPlan): string[] {
  return [
    `--etcd-servers=https://${HOST}:${etcdPort}`,
    `--etcd-cafile=${folder}/ca.pem`,
    `--etcd-certfile=${folder}/etcd.pem`,
    `--etcd-keyfile=${folder}/etcd-key.pem`,
    `--bind-address=${HOST}`,
    `--secure-port=${apiPort}`,
    `--cert-dir=${folder}`,
    `--tls-cert-file=${folder}/server.pem`,
    `--tls-private-key-file=${folder}/server-key.pem`,
    `--client-ca-file=${folder}/ca.pem`,
    "--anonymous-auth=false",
    "--authorization-mode=Node,RBAC",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${folder}/tokens-public.pem`,
    `--service-account-signing-key-file=${folder}/tokens.pem`,
    "--service-cluster-ip-range=10.96.0.0/16",
    // Pods may ask for privileges; whether a namespace lets them is Pod Security's to say.
    "--allow-privileged=true",
    // The API server's loopback address cannot be an endpoint of the service `kubernetes`.
    "--endpoint-reconciler-type=none",
    "--profiling=false",
  ];
}

export function controllerManagerArguments({ folder }: ClusterPlan): string[] {
  return [
    `--kubeconfig=${folder}/controller-manager.kubeconfig`,
    "--leader-elect=false",
    "--secure-port=0",
    "--use-service-account-credentials=true",
    `--root-ca-file=${folder}/ca.pem`,
    `--service-account-private-key-file=${folder}/tokens.pem`,
    // Volumes are folders nobody writes to: the real controller provisions, binds and deletes them.
    "--enable-hostpath-provisioner=true",
    // On a busy machine heartbeats come late, and kwok never makes the pods of a node ready again.
    "--node-monitor-grace-period=1h",
    ...CLIENT_RATE,
  ];
}

export function schedulerArguments({ folder }: ClusterPlan): string[] {
  return [`--kubeconfig=${folder}/scheduler.kubeconfig`, "--leader-elect=false", "--secure-port=0", ...CLIENT_RATE];
}

export function kwokArguments({ folder }: ClusterPlan): string[] {
  return [
    `--kubeconfig=${folder}/kwok.kubeconfig`,
    `--config=${folder}/kwok.yaml`,
    "--manage-all-nodes=true",
    "--node-lease-duration-seconds=40",
    "--node-ip=10.64.0.1",
    "--cidr=10.128.0.1/10",
  ];
}
