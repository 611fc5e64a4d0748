import { z } from "zod";
import { environmentSchema } from "./schema.ts";
import { ENVIRONMENT_KEY } from "./stack-file.ts";

/** The JSON schema of a stack file, for editors: every key with its meaning and default. */
export function renderStackSchema(): unknown {
  const environment = z.toJSONSchema(environmentSchema, { io: "input", unrepresentable: "any" });
  const { $schema, ...body } = environment as Record<string, unknown>;
  return {
    $schema,
    title: "Stack file",
    type: "object",
    properties: { config: { type: "object", properties: { [ENVIRONMENT_KEY]: body }, required: [ENVIRONMENT_KEY] } },
    required: ["config"],
  };
}
