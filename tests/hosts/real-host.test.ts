import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planBundle } from "../../components/runtime/ssh/plan-bundle.ts";
import type { HostProgram } from "../../components/runtime/ssh/host-program.ts";
import { uploadName } from "../../components/runtime/ssh/names.ts";
import { program } from "../support/programs.ts";
import { hostWorkloads, type WorkloadOptions } from "../unit/ssh/host-fixture.ts";
import { findObstacle, OPERATOR, RealHost } from "./real-host.ts";
import { Mirror, Receiver } from "./receiver.ts";

const obstacle = findObstacle();
if (obstacle !== undefined) console.log(`skipped: a real host: ${obstacle}`);

const UNITS = ["agent", "dcgm-exporter", "node-exporter"].map((service) => `gpu-observability-${service}.service`);
const STARTED = `for u in ${UNITS.join(" ")}; do systemctl show -p ActiveEnterTimestampMonotonic --value $u; done`;

/**
 * A repository on the host itself: NVIDIA's package by name, in the pinned version, which cannot be set up, and in a newer
 * one, which can; and one that both need.
 */
const BROKEN_REPOSITORY = `set -e
mkdir -p /repository/exporter/DEBIAN /repository/core/DEBIAN /repository/newer/DEBIAN
cd /repository
common='Architecture: all\nMaintainer: tests <tests@example.org>\nDescription: tests\n'
exporter='Package: datacenter-gpu-manager-exporter\nDepends: datacenter-gpu-manager-4-core\n'
printf "Package: datacenter-gpu-manager-4-core\nVersion: 1:4.5.3-1\n$common" > core/DEBIAN/control
printf "$exporter""Version: 1:4.8.2-1\n$common" > exporter/DEBIAN/control
printf "$exporter""Version: 1:4.9.0-1\n$common" > newer/DEBIAN/control
printf '#!/bin/sh\nexit 1\n' > exporter/DEBIAN/postinst
chmod 755 exporter/DEBIAN/postinst
for name in core exporter newer; do
  dpkg-deb --build "$name" "$name.deb" > /dev/null
  cat "$name/DEBIAN/control"
  printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$name.deb" "$(stat -c %s "$name.deb")" "$(sha256sum "$name.deb" | cut -d ' ' -f 1)"
done > Packages
echo 'deb [trusted=yes] file:/repository ./' > /etc/apt/sources.list.d/tests.list
apt-get update -q -o Dir::Etc::sourcelist=sources.list.d/tests.list -o Dir::Etc::sourceparts=-`;

describe.skipIf(obstacle !== undefined)("a real host with systemd and sshd", { timeout: 300_000 }, () => {
  let host: RealHost;
  let receiver: Receiver;
  let mirror: Mirror;
  let programs: Record<string, HostProgram>;

  beforeAll(async () => {
    host = new RealHost(1);
    await host.boot();
    receiver = await Receiver.start(host.here, "gpu-1-agent");
    mirror = await Mirror.start(host.here);
    programs = {
      otelcol: mirror.serve("otelcol", program("otelcol")),
      node_exporter: mirror.serve("node_exporter", program("node_exporter")),
      "dcgm-exporter": mirror.serve("dcgm-exporter", join(import.meta.dirname, "fakes/dcgm-exporter")),
    };
  }, 900_000);
  afterAll(async () => {
    mirror.end();
    receiver.end();
    await host.end();
  });

  const bundleOf = (options: WorkloadOptions = {}) =>
    planBundle(
      { name: "gpu-1", programs },
      hostWorkloads({ gateways: [{ host: host.here, port: 4317 }], scrapeInterval: "1s", ...options }),
    );
  const started = async () => (await host.ssh(STARTED)).stdout.trim().split("\n");
  const arrives = async (text: string, seconds = 20) => {
    for (let left = seconds * 5; left > 0 && !receiver.received().includes(text); left -= 1) await sleep(200);
    return receiver.received().includes(text);
  };

  it("installs over SSH as a user with sudo, and its metrics, canary and kernel lines arrive", async () => {
    const begin = performance.now();
    const { status, stdout, stderr } = await host.install(bundleOf(), receiver.secrets(), OPERATOR.user);
    console.log(`first apply: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("is in force");
    expect(await arrives('"hw.temperature"')).toBe(true);
    expect(await arrives('"node_load1"')).toBe(true);
    expect(await arrives('"gpu-observability-apply"')).toBe(true);
    await host.ssh(
      `perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Type=>SOCK_DGRAM,Peer=>"/dev/log")->send("<3>kernel: NVRM: Xid (PCI:0000:17:00): 79, GPU has fallen off the bus.")'`,
    );
    expect(await arrives("GPU has fallen off the bus")).toBe(true);
    const line =
      receiver
        .received()
        .split("\n")
        .find((text) => text.includes("fallen off the bus")) ?? "";
    expect(line).toContain('"nvidia.xid"');
    expect(line).toContain('"severityNumber":21');
  });

  it("runs every unit under limits, as a user of its own, in a sandbox of at most 3.0", async () => {
    const { stdout, status } = await host.ssh(`systemd-analyze verify ${UNITS.join(" ")} 2>&1`);
    expect({ status, stdout }).toEqual({ status: 0, stdout: "" });
    const folder = "/etc/gpu-observability/current/units";
    const rendered = (await host.ssh(`ls ${folder}`)).stdout.trim().split("\n");
    expect(rendered).toEqual(expect.arrayContaining(UNITS));
    for (const unit of rendered) {
      // The one that reads the journal is for hosts without rsyslog.
      const target = UNITS.includes(unit) ? unit : `--offline=true ${folder}/${unit}`;
      const { stdout: text } = await host.ssh(`systemd-analyze security --no-pager ${target} | tail -1`);
      const exposure = Number(/: ([\d.]+) /.exec(text)?.[1]);
      console.log(`${unit}: exposure ${exposure}`);
      expect(exposure, unit).toBeLessThanOrEqual(3);
    }
    const users = await host.ssh(
      `ps -o user:32= -p $(for u in ${UNITS.join(" ")}; do systemctl show -p MainPID --value $u; done | paste -sd,)`,
    );
    expect(users.stdout.trim().split(/\s+/).sort()).toEqual([
      "gpuobs-agent",
      "gpuobs-dcgm-exporter",
      "gpuobs-node-exporter",
    ]);
    expect((await host.ssh("systemctl show -p MemoryMax --value gpu-observability-agent.service")).stdout.trim()).toBe(
      String(512 * 1024 ** 2),
    );
    const readOnly = await host.ssh("curl -s http://127.0.0.1:9100/metrics | grep -c 'node_filesystem_readonly.* 1$'");
    expect(readOnly.stdout.trim()).toBe("0");
  });

  it("restarts nothing when nothing changed", async () => {
    const before = await started();
    const begin = performance.now();
    const { status, stdout } = await host.install(bundleOf(), receiver.secrets(), OPERATOR.user);
    console.log(`apply without a change: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    expect({ status, after: await started() }).toEqual({ status: 0, after: before });
    expect(stdout).toContain("nothing changed");
  });

  it("restarts only the agent when its configuration changed", async () => {
    const [, ...others] = await started();
    expect((await host.install(bundleOf({ environment: "staging" }), receiver.secrets())).status).toBe(0);
    const [agent, ...after] = await started();
    expect(after).toEqual(others);
    expect(agent).not.toBe("");
  });

  it("rejects a configuration its collector does not take, and nothing stops", async () => {
    const before = await started();
    const workloads = hostWorkloads({ gateways: [{ host: host.here, port: 4317 }] }).map((workload) =>
      workload.service === "agent"
        ? { ...workload, files: { "otel-collector-config.yaml": "receivers: { nothing: }\n" } }
        : workload,
    );
    const { status, stderr } = await host.install(
      planBundle({ name: "gpu-1", programs }, workloads),
      receiver.secrets(),
    );
    expect(status).toBe(1);
    expect(stderr).toContain("the configuration of gpu-1-agent is not valid, nothing was changed");
    expect(await started()).toEqual(before);
  });

  it("switches back from a version whose agent cannot run, and telemetry goes on", async () => {
    // Valid for the program, but its port is the node exporter's.
    const workloads = hostWorkloads({ gateways: [{ host: host.here, port: 4317 }], scrapeInterval: "1s" }).map(
      (workload) =>
        workload.service === "agent"
          ? {
              ...workload,
              files: {
                "otel-collector-config.yaml":
                  workload.files["otel-collector-config.yaml"]?.replace("127.0.0.1:4318", "127.0.0.1:9100") ?? "",
              },
            }
          : workload,
    );
    const begin = performance.now();
    const { status, stderr } = await host.install(
      planBundle({ name: "gpu-1", programs }, workloads),
      receiver.secrets(),
    );
    console.log(`apply that switches back: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
    expect(status).toBe(1);
    expect(stderr).toContain("gpu-observability-agent.service ends again and again; the end of its journal:");
    expect(stderr).toContain("bind: address already in use");
    expect(stderr).toMatch(/switched back to version [0-9a-f]{16}, which runs/);
    const before = receiver.received().length;
    await sleep(5_000);
    expect(receiver.received().length).toBeGreaterThan(before);
  });

  it("heals a killed agent by itself", async () => {
    await host.ssh("systemctl kill -s KILL gpu-observability-agent.service");
    await sleep(8_000);
    expect((await host.ssh("curl -s -o /dev/null -w %{http_code} http://127.0.0.1:13133/")).stdout).toBe("200");
  });

  it("takes sudo with a password, which stands in no process list and no file", async () => {
    host.sudoRule("ALL");
    const { status, stderr } = await host.install(bundleOf(), receiver.secrets(), OPERATOR.user, OPERATOR.password);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const found = await host.ssh(
      `grep -rlF '${OPERATOR.password}' /etc/gpu-observability /var/log /home /opt/gpu-observability/programs/*/bin/dcgm-exporter; journalctl --no-pager | grep -cF '${OPERATOR.password}'`,
    );
    expect(found.stdout.trim()).toBe("0");
    const refused = await host.install(bundleOf(), receiver.secrets(), OPERATOR.user);
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain("a password is required");
  });

  it("keeps one upload of its user, that of the version in force", async () => {
    const { stdout } = await host.ssh("ls gpu-observability-*.tar", "", OPERATOR.user);
    expect(stdout).toBe(`${uploadName(bundleOf().version)}\n`);
  });

  it("rejects a package whose installation fails, and takes off again what it and apt-get left", async () => {
    const before = await started();
    expect((await host.ssh(BROKEN_REPOSITORY)).status).toBe(0);
    const workloads = hostWorkloads({ gateways: [{ host: host.here, port: 4317 }], scrapeInterval: "1s" });
    const bundle = planBundle(
      { name: "gpu-1", programs, dcgmExporter: { kind: "package", version: "4.8.2" } },
      workloads,
    );
    const { status, stderr } = await host.install(bundle, receiver.secrets());
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr:
        "gpu-observability: cannot install datacenter-gpu-manager-exporter 4.8.2 with apt-get, nothing was changed: E: Sub-process /usr/bin/dpkg returned an error code (1)\n",
    });
    expect((await host.ssh("dpkg-query -W -f '${Package} ${Status}\\n' 'datacenter-*'")).stdout).toBe("");
    expect(await started()).toEqual(before);
  });

  it("stays while a user of it runs something else, and says what", async () => {
    const stray = "setpriv --reuid=gpuobs-node-exporter --clear-groups sleep 600";
    const { stdout: id } = await host.ssh(`${stray} > /dev/null 2>&1 < /dev/null & echo $!`);
    const { status, stderr } = await host.remove();
    expect(status).toBe(1);
    expect(stderr).toContain(
      `cannot remove the user gpuobs-node-exporter: userdel: user gpuobs-node-exporter is currently used by process ${id.trim()}`,
    );
    await host.ssh(`kill ${id.trim()}`);
  });

  it("removes everything of it", async () => {
    const { status, stdout } = await host.remove();
    expect({ status, stdout }).toEqual({ status: 0, stdout: "removed\n" });
    const left = await host.ssh(
      "find / -xdev \\( -name '*gpu-observability*' -o -name '*gpuobs*' \\) -not -path '/proc/*' -not -path '/home/*' -not -path '/root/*'; getent passwd | grep gpuobs; ps -eo args | grep -E '[o]telcol|[n]ode_exporter'",
    );
    expect(left.stdout).toBe("");
  });
});
