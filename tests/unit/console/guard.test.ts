import { describe, expect, it } from "vitest";
import { isOpened, isQueryOf } from "../../../components/console/server/front.ts";
import { type Asked, type Guard, refuse } from "../../../components/console/server/guard.ts";

const guard: Guard = { environment: "local", user: "viewer", password: "right", isQuery: isQueryOf("prometheus") };
const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
const asked: Asked = {
  method: "GET",
  host: "127.0.0.1:8870",
  origin: undefined,
  authorization: basic("viewer:right"),
};
const statusOf = (change: Partial<Asked>, path = "/") => refuse({ ...asked, ...change }, path, guard)?.status;

describe("the console", () => {
  it("lets in whoever knows user and password", () => {
    expect(statusOf({})).toBeUndefined();
    expect(statusOf({ method: "HEAD" })).toBeUndefined();
  });

  it.each([
    undefined,
    "",
    basic("viewer:wrong"),
    basic("viewer:righ"),
    basic("admin:right"),
    basic(":"),
    "Bearer right",
  ])("rejects the credentials %s and asks for better", (authorization) => {
    const refusal = refuse({ ...asked, authorization }, "/", guard);
    expect(refusal?.status).toBe(401);
    expect(refusal?.headers["www-authenticate"]).toBe('Basic realm="gpu-observability local", charset="UTF-8"');
  });

  it("is this machine's loopback, by any port: a person may come through ssh -L", () => {
    for (const host of ["127.0.0.1", "127.81.0.1:8871", "localhost:9000", "LOCALHOST"]) {
      expect(statusOf({ host }), host).toBeUndefined();
    }
  });

  it.each([undefined, "", "evil.example", "evil.example:8870", "127.0.0.1.evil.example", "10.0.0.1", "localhost.evil"])(
    "rejects the host %s, before it looks at the password",
    (host) => {
      expect(statusOf({ host, authorization: undefined })).toBe(421);
    },
  );

  it("rejects what a page of another origin sends", () => {
    expect(statusOf({ origin: "http://127.0.0.1:8870" })).toBeUndefined();
    expect(statusOf({ origin: "http://127.0.0.1:3000" })).toBe(403);
    expect(statusOf({ origin: "null" })).toBe(403);
  });

  it("rejects whatever may change something", () => {
    for (const method of ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", ""]) expect(statusOf({ method })).toBe(405);
    expect(statusOf({ method: "POST" }, "/-/quit")).toBe(405);
    expect(statusOf({ method: "POST" }, "/api/v1/admin/tsdb/delete_series")).toBe(405);
  });

  it("lets Prometheus' page send its queries, and no other backend's", () => {
    expect(statusOf({ method: "POST" }, "/api/v1/query_range")).toBeUndefined();
    expect(isQueryOf("alertmanager")("/api/v2/silences")).toBe(false);
    expect(isQueryOf("loki")("/loki/api/v1/push")).toBe(false);
  });
});

describe("the front of a backend", () => {
  it.each([
    ["prometheus", "/query"],
    ["prometheus", "/api/v1/targets"],
    ["alertmanager", "/api/v2/alerts/groups"],
    ["jaeger", "/api/services"],
    ["tempo", "/api/search"],
    ["loki", "/loki/api/v1/labels"],
  ] as const)("of %s opens %s", (backend, path) => {
    expect(isOpened(backend, path)).toBe(true);
  });

  it.each([
    ["tempo", "/shutdown"],
    ["tempo", "/flush"],
    ["tempo", "/apix"],
    ["loki", "/ingester/shutdown"],
    ["loki", "/config"],
    ["prometheus", "/debug/pprof/profile"],
    ["alertmanager", "/debug/pprof/heap"],
  ] as const)("rejects what GET does or costs at %s %s", (backend, path) => {
    expect(isOpened(backend, path)).toBe(false);
  });
});
