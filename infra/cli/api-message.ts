import type { ApiException } from "@kubernetes/client-node";

/** Why an API server refuses something, in its own words where it has some: what stands in front of it may answer no JSON. */
export function messageOf({ code, body }: ApiException<unknown>): string {
  const said = typeof body === "string" ? parsed(body) : body;
  const { message } = (said ?? {}) as { message?: unknown };
  return typeof message === "string" && message !== "" ? message : `status ${code}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
