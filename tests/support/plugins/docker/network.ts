import type { ResourceKind } from "../resource-kind.ts";
import { forget, found, toClient } from "./client.ts";
import { completeName, toLabels } from "./naming.ts";

interface NetworkInputs {
  readonly name: string;
  readonly driver?: string;
  readonly internal?: boolean;
  readonly attachable?: boolean;
  readonly labels?: unknown;
  readonly options?: Readonly<Record<string, string>>;
}

/** `docker:index/network:Network` */
export const network: ResourceKind = {
  complete: completeName,
  replacedBy: (changed) => changed,
  deleteBeforeReplace: true,
  async create(inputs, { config }) {
    const {
      name,
      driver = "bridge",
      internal = false,
      attachable = false,
      labels,
      options = {},
    } = inputs as unknown as NetworkInputs;
    const made = await toClient(config).createNetwork({
      Name: name,
      CheckDuplicate: true,
      Driver: driver,
      Internal: internal,
      Attachable: attachable,
      Labels: toLabels(labels),
      Options: { ...options },
    });
    return { id: made.id, outputs: { driver, internal, scope: "local" } };
  },
  async read(id, _state, { config }) {
    const seen = (await found(toClient(config).getNetwork(id).inspect())) as
      { Name: string; Driver: string } | undefined;
    return seen === undefined ? undefined : { name: seen.Name, driver: seen.Driver };
  },
  delete: (id, _state, { config }) => forget(toClient(config).getNetwork(id).remove()),
};
