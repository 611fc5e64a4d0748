import { connect } from "node:http2";
import type { Identity } from "./tls-client.ts";

/** Calls a gRPC method with an empty message and no metadata of our own; gives its `grpc-status`. */
export function callGrpc(address: string, method: string, identity: Identity): Promise<string> {
  return new Promise((resolve, reject) => {
    const session = connect(`https://${address}`, { ...identity, checkServerIdentity: () => undefined });
    session.once("error", reject);
    const call = session.request({
      ":method": "POST",
      ":path": method,
      "content-type": "application/grpc",
      te: "trailers",
    });
    const finish = (headers: Record<string, unknown>) => {
      if (headers["grpc-status"] === undefined) return;
      session.destroy();
      resolve(String(headers["grpc-status"]));
    };
    call.once("response", finish);
    call.once("trailers", finish);
    call.once("error", reject);
    // An uncompressed message of no bytes.
    call.end(Buffer.alloc(5));
    call.resume();
  });
}
