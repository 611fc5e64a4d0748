import { credentials } from "@grpc/grpc-js";
import service from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/engine_pb.js";
import type { Log } from "./resource-kind.ts";

const SEVERITIES = {
  info: proto.LogSeverity.INFO,
  warning: proto.LogSeverity.WARNING,
  error: proto.LogSeverity.ERROR,
} as const;

/** The log of the engine that started this process. */
export class EngineLog {
  private readonly client: InstanceType<typeof service.EngineClient> | undefined;

  /** @param address - the engine's own, its first argument to a plugin */
  constructor(address: string | undefined) {
    if (address !== undefined) this.client = new service.EngineClient(address, credentials.createInsecure());
  }

  /** Writes for one resource. */
  of(urn: string): Log {
    return (severity, message) =>
      new Promise((resolve) => {
        const request = new proto.LogRequest().setUrn(urn).setMessage(message).setSeverity(SEVERITIES[severity]);
        // A lost line of the log fails no resource.
        if (this.client === undefined) resolve();
        else this.client.log(request, () => resolve());
      });
  }
}
