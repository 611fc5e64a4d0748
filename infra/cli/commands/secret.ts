import { text } from "node:stream/consumers";
import { ConfigError } from "../../../components/core/errors.ts";
import { secretsNeededBy } from "../../environment/rules.ts";
import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import { storeSecret } from "../engine.ts";

export const command: Command = {
  usage: "npm run secret -- <stack> <name>",
  summary:
    "Keeps a secret of an environment. Reads its value from standard input, never from the command line:\n" +
    "  npm run secret -- local alertWebhookUrl < file",
  run: async ([stack = "", name = "", ...rest]) => {
    const environment = parseEnvironment([stack, ...rest]);
    if (!/^[a-zA-Z][\w-]*$/.test(name)) {
      const known = secretsNeededBy(environment).join(", ") || "none yet";
      throw new ConfigError([
        {
          path: "name",
          expected: `the name of a secret, such as alertWebhookUrl; ${stack} needs: ${known}`,
          got: `"${name}"`,
          fix: `npm run secret -- ${stack} <name>`,
        },
      ]);
    }
    const value = (await text(process.stdin)).replace(/\r?\n$/, "");
    if (value === "") {
      throw new ConfigError([
        {
          path: name,
          expected: "its value on standard input",
          got: "nothing",
          fix: `npm run secret -- ${stack} ${name} < <file>`,
        },
      ]);
    }
    const code = await storeSecret(environment, name, value);
    if (code === 0) console.log(`${name} is kept for ${stack}; it takes effect with: npm run up -- ${stack}`);
    return code;
  },
};
