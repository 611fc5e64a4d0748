import { text } from "node:stream/consumers";
import { ConfigError, throwIfAny } from "../../../components/core/errors.ts";
import { findMisspeltSecret, secretsUsedBy } from "../../environment/rules.ts";
import { stackFile } from "../../environment/stack-file.ts";
import { parseEnvironment } from "../arguments.ts";
import type { Command } from "../command.ts";
import { storeSecret } from "../engine.ts";

export const command: Command = {
  usage: "npm run secret -- <stack> <name>",
  summary:
    "Keeps a secret of an environment. Reads its value from standard input, never from the command line:\n" +
    "  npm run secret -- local alertWebhookUrl < file\n" +
    "Refuses a name that is nearly one the environment uses; warns of any other that it does not use.",
  run: async ([stack = "", name = "", ...rest]) => {
    const environment = parseEnvironment([stack, ...rest]);
    const used = secretsUsedBy(environment).join(", ") || "none yet";
    if (!/^[a-zA-Z][\w-]*$/.test(name)) {
      throw new ConfigError([
        {
          path: "name",
          expected: `the name of a secret, such as alertWebhookUrl; ${stack} uses: ${used}`,
          got: `"${name}"`,
          fix: `npm run secret -- ${stack} <name>`,
        },
      ]);
    }
    throwIfAny(findMisspeltSecret(environment, name));
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
    if (code !== 0) return code;
    if (secretsUsedBy(environment).includes(name))
      console.log(`${name} is kept for ${stack}; it takes effect with: npm run up -- ${stack}`);
    else {
      const where = `it takes effect once ${stackFile(environment.name)} names it`;
      console.warn(`warning: ${name} is kept for ${stack}, which does not use it (it uses: ${used}); ${where}`);
    }
    return code;
  },
};
