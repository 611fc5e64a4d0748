import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";

const {
  CONTRACT_HOST: host = "",
  CONTRACT_MEMORY: memory = "64",
  CONTRACT_TEXT: text = "one",
  CONTRACT_FLAG: flag = "--log.level=warn",
} = process.env;

const engine = new docker.Provider("engine", { host, disableDockerDaemonCheck: true });
const child = { provider: engine };
const image = new docker.RemoteImage("image", { name: "contract:1", keepLocally: true }, child);
const network = new docker.Network("network", { name: "contract" }, child);
const data = new docker.Volume("data", { name: "contract-data" }, child);
const container = new docker.Container(
  "container",
  {
    name: "contract",
    image: image.imageId,
    command: [
      flag,
      "--web.listen-address=0.0.0.0:9100",
      "--collector.disable-defaults",
      "--collector.textfile",
      "--collector.textfile.directory=/data",
    ],
    networksAdvanced: [{ name: network.name, aliases: ["exporter"] }],
    ports: [{ internal: 9100, external: 9100, ip: "127.0.0.1" }],
    volumes: [{ volumeName: data.name, containerPath: "/data" }],
    uploads: [
      { file: "/data/", source: "/dev/null", owner: "10001", group: "10001", permissions: "0700" },
      { file: "/data/contract.prom", content: `contract_text{text="${text}"} 1\n`, permissions: "0444" },
      {
        file: "/etc/contract/secret",
        content: pulumi.secret("text nobody may read"),
        owner: "10001",
        group: "10001",
        permissions: "0400",
      },
    ],
    user: "10001:10001",
    capabilities: { drops: ["ALL"] },
    securityOpts: ["no-new-privileges:true"],
    memory: Number(memory),
    memorySwap: Number(memory),
    restart: "unless-stopped",
    destroyGraceSeconds: 5,
    healthcheck: { tests: ["CMD", "/bin/node_exporter", "--version"], interval: "1s", timeout: "2s", retries: 3 },
    wait: true,
    waitTimeout: 30,
  },
  { provider: engine, deleteBeforeReplace: true },
);

export const id = container.id;
export const name = container.name;
