import { Agent, request, type Dispatcher } from "undici";

/** Any object of the API, read or written. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly generation?: number;
    readonly resourceVersion?: string;
    readonly deletionTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [part: string]: unknown;
}

/** How the API refused; `message` is what it said. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;

  constructor(code: number, reason: string, message: string) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.reason = reason;
  }
}

/** What a client shows and trusts, all PEM. */
export interface Identity {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** The REST API of a cluster, by path: `/apis/apps/v1/namespaces/x/deployments`. */
export class Api {
  readonly #server: string;
  readonly #agent: Agent;

  constructor(server: string, identity: Identity) {
    this.#server = server;
    this.#agent = new Agent({ connect: identity });
  }

  get<T extends KubeObject = KubeObject>(path: string): Promise<T> {
    return this.#call<T>("GET", path);
  }

  async list<T extends KubeObject = KubeObject>(path: string): Promise<readonly T[]> {
    const { items } = await this.#call<{ items: readonly T[] }>("GET", path);
    return items;
  }

  /** The object, or undefined when there is none of this name. */
  async find<T extends KubeObject = KubeObject>(path: string): Promise<T | undefined> {
    try {
      return await this.get<T>(path);
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return undefined;
      throw error;
    }
  }

  /** Creates an object; a field the API does not know is refused, as by every client of today. */
  create<T extends KubeObject = KubeObject>(object: KubeObject): Promise<T> {
    return this.#call<T>("POST", `${collectionOf(object)}?fieldValidation=Strict`, object);
  }

  patch<T extends KubeObject = KubeObject>(path: string, change: object): Promise<T> {
    return this.#call<T>("PATCH", path, change, "application/merge-patch+json");
  }

  delete(path: string): Promise<unknown> {
    return this.#call("DELETE", path);
  }

  /** Text of a path that is no object: `/readyz`, `/metrics`. */
  async text(path: string): Promise<string> {
    return (await this.#send("GET", path)).body.text();
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #call<T>(method: Dispatcher.HttpMethod, path: string, body?: object, contentType?: string): Promise<T> {
    const answer = await this.#send(method, path, body, contentType);
    return (await answer.body.json()) as T;
  }

  async #send(
    method: Dispatcher.HttpMethod,
    path: string,
    body?: object,
    contentType = "application/json",
  ): Promise<Dispatcher.ResponseData> {
    const answer = await request(`${this.#server}${path}`, {
      method,
      dispatcher: this.#agent,
      headers: { accept: "application/json", ...(body === undefined ? {} : { "content-type": contentType }) },
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (answer.statusCode < 300) return answer;
    throw toApiError(answer.statusCode, await answer.body.text());
  }
}

function toApiError(code: number, text: string): ApiError {
  try {
    const { reason = "", message = text } = JSON.parse(text) as { reason?: string; message?: string };
    return new ApiError(code, reason, message);
  } catch {
    return new ApiError(code, "", text);
  }
}

/** Path of the collection an object belongs to. */
export function collectionOf({ apiVersion, kind, metadata: { namespace } }: KubeObject): string {
  const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const scope = namespace === undefined ? "" : `/namespaces/${namespace}`;
  return `${group}${scope}/${plural(kind.toLowerCase())}`;
}

/** Path of an object. */
export function pathOf(object: KubeObject): string {
  return `${collectionOf(object)}/${object.metadata.name}`;
}

function plural(kind: string): string {
  if (kind.endsWith("s")) return kind === "endpoints" ? kind : `${kind}es`;
  return kind.endsWith("y") ? `${kind.slice(0, -1)}ies` : `${kind}s`;
}
