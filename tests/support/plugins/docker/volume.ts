import type { ResourceKind } from "../resource-kind.ts";
import { forget, found, toClient } from "./client.ts";
import { completeName, toLabels } from "./naming.ts";

interface VolumeInputs {
  readonly name: string;
  readonly driver?: string;
  readonly driverOpts?: Readonly<Record<string, string>>;
  readonly labels?: unknown;
}

/** `docker:index/volume:Volume` */
export const volume: ResourceKind = {
  complete: completeName,
  replacedBy: (changed) => changed,
  deleteBeforeReplace: true,
  async create(inputs, { config }) {
    const { name, driver = "local", driverOpts = {}, labels } = inputs as unknown as VolumeInputs;
    const options = { Name: name, Driver: driver, DriverOpts: { ...driverOpts }, Labels: toLabels(labels) };
    const { Mountpoint } = (await toClient(config).createVolume(options)) as unknown as { Mountpoint: string };
    return { id: name, outputs: { driver, mountpoint: Mountpoint } };
  },
  async read(id, _state, { config }) {
    const seen = await found(toClient(config).getVolume(id).inspect());
    return seen === undefined ? undefined : { name: seen.Name, driver: seen.Driver, mountpoint: seen.Mountpoint };
  },
  delete: (id, _state, { config }) => forget(toClient(config).getVolume(id).remove()),
};
