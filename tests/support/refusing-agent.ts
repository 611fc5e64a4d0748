import { createServer } from "node:http2";
import type { AddressInfo } from "node:net";

const INVALID_ARGUMENT = "3";

/** An agent that takes everything but one signal, on a free port of loopback; gives its endpoint and how to end it. */
export async function refuse(signal: "trace" | "metrics" | "logs", how: "whole" | "in part") {
  const server = createServer();
  server.on("stream", (stream, headers) => {
    const isRefused = String(headers[":path"]).includes(`.collector.${signal}.`);
    // partial_success { rejected: 2 }, else an empty answer.
    const message = isRefused && how === "in part" ? [0x0a, 0x02, 0x08, 0x02] : [];
    stream.on("wantTrailers", () =>
      stream.sendTrailers({ "grpc-status": isRefused && how === "whole" ? INVALID_ARGUMENT : "0" }),
    );
    stream.on("end", () => {
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.end(Buffer.from([0, 0, 0, 0, message.length, ...message]));
    });
    stream.resume();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { endpoint: `http://127.0.0.1:${port}`, close: () => server.close() };
}
