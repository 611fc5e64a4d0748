import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { materialOf } from "../../../components/runtime/kubernetes/material.ts";
import { placeholderSecrets } from "../../../components/runtime/kubernetes/secret.ts";
import type { Delivery } from "../../../components/runtime/runtime.ts";
import { planStack, workloadOf } from "./planned.ts";

const gateway = workloadOf(planStack("production").workloads, "gateway");
const delivery = {
  certificate: { certPem: "certificate", keyPem: "key", caPem: "authority" },
  secrets: { "otlp-token": "token", "greptimedb-password": "password", "somebody-elses": "value" },
} satisfies Delivery;

const valueOf = <T>(input: pulumi.Input<T>): Promise<unknown> =>
  new Promise((resolve) => void pulumi.output(input).apply((value) => resolve(value)));
const digestOf = (changed: Partial<Delivery>) => valueOf(materialOf(gateway, { ...delivery, ...changed }).digest);

describe("the secrets of a workload", () => {
  it("are those it names and its certificate, at the paths that the manifests show", () => {
    const { files } = materialOf(gateway, delivery);
    expect(Object.keys(files).toSorted()).toEqual(Object.keys(placeholderSecrets(gateway).files).toSorted());
    expect(Object.keys(files)).toContain("secrets/otlp-token");
    expect(Object.keys(files).join()).not.toContain("somebody-elses");
  });

  it("stay secret in the engine's state, although they were delivered in the open", async () => {
    const { files } = materialOf(gateway, delivery);
    for (const path of ["tls/key.pem", "secrets/otlp-token", "secrets/greptimedb-password"]) {
      expect(await pulumi.isSecret(pulumi.output(files[path]))).toBe(true);
    }
  });

  it("have a digest that anybody may see, and that changes with each of them", async () => {
    expect(await pulumi.isSecret(pulumi.output(materialOf(gateway, delivery).digest))).toBe(false);
    const digests = await Promise.all([
      digestOf({}),
      digestOf({ certificate: { ...delivery.certificate, keyPem: "renewed" } }),
      digestOf({ secrets: { ...delivery.secrets, "otlp-token": "renewed" } }),
    ]);
    expect(new Set(digests).size).toBe(3);
    expect(await digestOf({ secrets: { ...delivery.secrets, "somebody-elses": "renewed" } })).toBe(digests[0]);
  });

  it("have a secret digest where no private key is among them: a short password could be guessed from it", async () => {
    const unsigned = Object.fromEntries(
      Object.entries(gateway).filter(([key]) => key !== "certificate"),
    ) as typeof gateway;
    expect(await pulumi.isSecret(pulumi.output(materialOf(unsigned, delivery).digest))).toBe(true);
  });

  it("rejects what was not delivered, by name", () => {
    expect(() => materialOf(gateway, { ...delivery, secrets: {} })).toThrow(/workload gateway[^]*secret otlp-token/);
    expect(() => materialOf(gateway, { secrets: delivery.secrets })).toThrow(/workload gateway[^]*a certificate/);
  });
});
