import type { PolicyRule } from "../model.ts";
import { isLoopback } from "../read/listener.ts";
import { listenersOf } from "../read/listeners.ts";
import { isAllowed } from "./allowed-listeners.ts";

/** What leaves the machine is encrypted, and a client says who it is. */
export const listenersEncrypted: PolicyRule = {
  name: "listeners-encrypted",
  description: "Every listener beyond loopback speaks TLS and asks for a client certificate, or is on the allow-list.",
  fix: "give it TLS where its configuration is rendered, or a reason in infra/policy/rules/allowed-listeners.ts",
  check: ({ units }) =>
    units.flatMap((unit) =>
      listenersOf(unit)
        .filter((listener) => listener.tls !== "mutual" && !isLoopback(listener.host) && !isAllowed(unit, listener))
        .map(({ name, host, port, tls }) => ({
          where: `${unit.where}: ${name} on ${host}:${port}`,
          urn: unit.urn,
          what: tls === "none" ? "plain text" : "TLS without asking for a client certificate",
        })),
    ),
};
