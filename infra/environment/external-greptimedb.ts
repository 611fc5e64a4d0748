import { z } from "zod";
import { authority, endpoint, user } from "./external-access.ts";
import { address, secretName } from "./values.ts";

/** A GreptimeDB that is there already, such as a cluster of its own operator. */
export const externalGreptimedb = z.strictObject({
  url: endpoint.meta({
    description:
      "Its frontend's HTTP. GreptimeDB ends no TLS there: where a password is sent, the address of what does in front of it.",
  }),
  mysql: address.optional().meta({
    description:
      "`host:port` where it speaks MySQL, for SQL in Grafana; with `authority` over TLS. Default: Grafana has no SQL of it.",
  }),
  user,
  password: secretName.optional().meta({
    description: "Name of the stack's secret that holds it. With `mysql`, Grafana takes none with a `$` in it.",
  }),
  database: z.string().min(1).default("public"),
  authority,
});
