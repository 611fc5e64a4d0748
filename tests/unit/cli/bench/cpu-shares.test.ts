import { describe, expect, it } from "vitest";
import { toShares } from "../../../../infra/cli/bench/cpu-shares.ts";

const SEPARATOR = "-----------+-------------------------------------------------------";
const contrib = "github.com/open-telemetry/opentelemetry-collector-contrib";
const redaction = `${contrib}/processor/redactionprocessor.(*redaction).processTraces`;
const receive = "google.golang.org/grpc.(*Server).processUnaryRPC";

/** As `go tool pprof -traces -unit=us` prints stacks, the leaf first. */
function traces(...stacks: readonly (readonly [microseconds: number, ...frames: readonly string[]])[]): string {
  const blocks = stacks.map(([value, first, ...rest]) =>
    [SEPARATOR, `   ${value}us   ${first}`, ...rest.map((frame) => `             ${frame}`)].join("\n"),
  );
  return ["File: otelcol", "Type: cpu", ...blocks, SEPARATOR].join("\n");
}

describe("the shares of a gateway's CPU", () => {
  it("belong to the part that is nearest to where the time was spent", () => {
    const shares = toShares(
      traces(
        [600, "regexp.(*Regexp).doExecute", redaction, receive],
        [
          300,
          "go.etcd.io/bbolt.(*DB).Update",
          "queue.(*persistentQueue[go.shape.interface {}]).Offer",
          redaction,
          receive,
        ],
        [100, "proto.Unmarshal", receive],
      ),
    );
    expect(shares).toMatchObject({ redaction: 60, queue: 30, decode: 10, send: 0, other: 0 });
  });

  it("of sending are those of the exporter and its connection, not of the receiver's", () => {
    const shares = toShares(
      traces(
        [50, "crypto/tls.(*Conn).Write", "transport.(*loopyWriter).run", "transport.newHTTP2Client.func6"],
        [50, "crypto/tls.(*Conn).Write", "transport.(*loopyWriter).run", "transport.NewServerTransport.func2"],
      ),
    );
    expect(shares).toMatchObject({ send: 50, decode: 50 });
  });

  it("name garbage collection, and call other what nobody is known for", () => {
    const shares = toShares(
      traces([75, "runtime.scanobject", "runtime.gcBgMarkWorker"], [25, "runtime.findRunnable", "runtime.mcall"]),
    );
    expect(shares).toMatchObject({ garbage: 75, other: 25 });
  });
});
