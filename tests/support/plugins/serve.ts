import {
  Metadata,
  Server,
  ServerCredentials,
  type sendUnaryData,
  type ServerUnaryCall,
  type ServiceError,
  status,
  type UntypedHandleCall,
} from "@grpc/grpc-js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import service from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import any from "google-protobuf/google/protobuf/any_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";
import type { Failure } from "./check.ts";
import { EngineLog } from "./engine-log.ts";
import { Plugin } from "./plugin.ts";
import { InitError, type PluginDescription } from "./resource-kind.ts";
import { holdsUnknown, type Properties } from "./values.ts";

/**
 * Serves a stand-in to the engine that started this process, and tells it the port. Speaks the protocol itself and not
 * through `@pulumi/pulumi/provider`, which drops the provider's configuration, the old inputs and the preview flag.
 */
export async function servePlugin(description: PluginDescription): Promise<void> {
  const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  const handlers = handlersOf(new Plugin(description), new EngineLog(process.argv[2]));
  server.addService(service.ResourceProviderService, { ...notServed(), ...handlers });
  const port = await new Promise<number>((resolve, reject) => {
    const done = (error: Error | null, bound: number) => (error === null ? resolve(bound) : reject(error));
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), done);
  });
  process.stdout.write(`${port}\n`);
}

type Handlers = Readonly<Record<string, UntypedHandleCall>>;

function handlersOf(plugin: Plugin, engine: EngineLog): Handlers {
  return { ...configurationHandlers(plugin), ...resourceHandlers(plugin, engine) };
}

function configurationHandlers(plugin: Plugin): Handlers {
  return {
    getPluginInfo: answer(() => new pluginProto.PluginInfo().setVersion(plugin.version)),
    getSchema: answer(() => new proto.GetSchemaResponse().setSchema("{}")),
    attach: answer(() => new empty.Empty()),
    cancel: answer(() => new empty.Empty()),
    checkConfig: answer((request: CheckRequest) => {
      const failures = plugin.checkConfig(toProperties(request.getNews()));
      return new proto.CheckResponse().setInputs(request.getNews()).setFailuresList(toFailures(failures));
    }),
    diffConfig: answer((request: DiffRequest) => {
      const olds = toProperties(request.getOldInputs());
      const isSame = JSON.stringify(olds) === JSON.stringify(toProperties(request.getNews()));
      const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
      return new proto.DiffResponse().setChanges(isSame ? DIFF_NONE : DIFF_SOME);
    }),
    configure: answer((request: ConfigureRequest) => {
      const config = toProperties(request.getArgs());
      plugin.configure(holdsUnknown(config) ? {} : config);
      return new proto.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),
  };
}

function resourceHandlers(plugin: Plugin, engine: EngineLog): Handlers {
  return {
    check: answer((request: CheckRequest) => {
      const [olds, news] = [toProperties(request.getOlds()), toProperties(request.getNews())];
      const { inputs, failures } = plugin.check(request.getUrn(), olds, news, toHex(request.getRandomseed_asU8()));
      return new proto.CheckResponse().setInputs(toStruct(inputs)).setFailuresList(toFailures(failures));
    }),
    diff: answer((request: DiffRequest) => {
      const news = toProperties(request.getNews());
      const { changed, replaced, deleteBeforeReplace } = plugin.diff(
        request.getUrn(),
        toProperties(request.getOldInputs()),
        news,
      );
      const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
      return new proto.DiffResponse()
        .setChanges(changed.length === 0 ? DIFF_NONE : DIFF_SOME)
        .setDiffsList([...changed])
        .setReplacesList([...replaced])
        .setDeletebeforereplace(deleteBeforeReplace);
    }),
    create: answer(async (request: CreateRequest) => {
      const [urn, inputs] = [request.getUrn(), toProperties(request.getProperties())];
      const made = await plugin
        .create(urn, inputs, request.getPreview(), engine.of(urn))
        .catch((error: unknown) => fail(error, (outputs) => plugin.brokenState(urn, inputs, outputs)));
      return new proto.CreateResponse().setId(made.id).setProperties(toStruct(made.outputs));
    }),
    read: answer(async (request: ReadRequest) => {
      const [urn, id] = [request.getUrn(), request.getId()];
      const [state, inputs] = [toProperties(request.getProperties()), toProperties(request.getInputs())];
      const found = await plugin.read(urn, id, state, inputs, engine.of(urn));
      const response = new proto.ReadResponse();
      if (found === undefined) return response;
      return response.setId(id).setProperties(toStruct(found.state)).setInputs(toStruct(found.inputs));
    }),
    update: answer(async (request: UpdateRequest) => {
      const [urn, id] = [request.getUrn(), request.getId()];
      const change = { olds: toProperties(request.getOlds()), news: toProperties(request.getNews()) };
      const state = await plugin
        .update(urn, id, change, request.getPreview(), engine.of(urn))
        .catch((error: unknown) => fail(error, (outputs) => plugin.brokenState(urn, change.news, outputs)));
      return new proto.UpdateResponse().setProperties(toStruct(state));
    }),
    delete: answer(async (request: DeleteRequest) => {
      const urn = request.getUrn();
      await plugin.delete(urn, request.getId(), toProperties(request.getProperties()), engine.of(urn));
      return new empty.Empty();
    }),
  };
}

function toFailures(failures: readonly Failure[]) {
  return failures.map(({ property, reason }) => new proto.CheckFailure().setProperty(property).setReason(reason));
}

type CheckRequest = InstanceType<typeof proto.CheckRequest>;
type DiffRequest = InstanceType<typeof proto.DiffRequest>;
type ConfigureRequest = InstanceType<typeof proto.ConfigureRequest>;
type CreateRequest = InstanceType<typeof proto.CreateRequest>;
type ReadRequest = InstanceType<typeof proto.ReadRequest>;
type UpdateRequest = InstanceType<typeof proto.UpdateRequest>;
type DeleteRequest = InstanceType<typeof proto.DeleteRequest>;

function answer<Request, Response>(respond: (request: Request) => Response | Promise<Response>): UntypedHandleCall {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
    Promise.resolve(call.request)
      .then(respond)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error)),
      );
  };
}

/** Every other method of the protocol says that it is not there, and the engine does without. */
function notServed(): Handlers {
  const refuse = (_call: unknown, callback?: sendUnaryData<never>) =>
    callback?.({ code: status.UNIMPLEMENTED, details: "not served by this stand-in" });
  return Object.fromEntries(Object.keys(service.ResourceProviderService).map((name) => [name, refuse]));
}

class BrokenResource extends Error {
  readonly details: Metadata;

  constructor({ message, id }: InitError, state: Properties) {
    super(message);
    const detail = new proto.ErrorResourceInitFailed();
    detail.setId(id);
    detail.setProperties(toStruct(state));
    detail.setReasonsList([message]);
    const packed = new any.Any();
    packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const answered = new statusProto.Status();
    answered.setCode(status.UNKNOWN);
    answered.setMessage(message);
    answered.addDetails(packed);
    this.details = new Metadata();
    this.details.add("grpc-status-details-bin", Buffer.from(answered.serializeBinary()));
  }
}

function fail(error: unknown, toState: (outputs: Properties) => Properties): never {
  throw error instanceof InitError ? new BrokenResource(error, toState(error.outputs)) : error;
}

function toServiceError(error: unknown): Partial<ServiceError> {
  const details = error instanceof Error ? error.message : String(error);
  const code = status.UNKNOWN;
  return error instanceof BrokenResource ? { code, details, metadata: error.details } : { code, details };
}

function toProperties(value: { toJavaScript(): unknown } | undefined): Properties {
  return (value?.toJavaScript() ?? {}) as Properties;
}

function toStruct(properties: Properties) {
  return struct.Struct.fromJavaScript(properties as Parameters<typeof struct.Struct.fromJavaScript>[0]);
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
