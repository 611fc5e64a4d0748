import type { Workload } from "../workload.ts";

/** A port as Kubernetes names it. */
export interface PlannedPort {
  /** `otlp-grpc` for `otlpGrpc`: at most 15 characters, none of them a capital. */
  readonly name: string;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
}

/** Every port of a workload; one that speaks both protocols is two. */
export function planPorts({ ports }: Pick<Workload, "ports">): readonly PlannedPort[] {
  return Object.entries(ports).flatMap(([name, { port, protocol }]) =>
    protocol.split("+").map((one, index) => ({
      name: index === 0 ? toPortName(name) : `${toPortName(name)}-${one}`,
      port,
      protocol: one === "udp" ? ("UDP" as const) : ("TCP" as const),
    })),
  );
}

function toPortName(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}
