import { ConfigError } from "../../components/core/errors.ts";
import { didYouMean } from "../../components/core/nearest.ts";
import { keepCompiledCode } from "./compiled.ts";
import { COMMANDS } from "./menu.ts";
import { Interrupted } from "./run-engine.ts";

keepCompiledCode();

process.exitCode = await main(process.argv.slice(2));

async function main([name = "", ...args]: readonly string[]): Promise<number> {
  const load = COMMANDS[name];
  if (load === undefined) {
    const known = Object.keys(COMMANDS);
    const fix = `${didYouMean(name, known)}README.md says what each does`;
    const problem = { path: "command", expected: `one of ${known.join(", ")}`, got: `"${name}"`, fix };
    console.error(new ConfigError([problem]).message);
    return 2;
  }
  const { command } = await load();
  if (args.includes("--help") || args.includes("-h")) {
    console.log(`${command.usage}\n\n${command.summary}`);
    return 0;
  }
  try {
    return await command.run(args);
  } catch (error) {
    if (error instanceof Interrupted) {
      const again = ["npm run", name, ...(args.length === 0 ? [] : ["--", ...args])].join(" ");
      console.error(`Interrupted. What was changed stays; the same command goes on from there: ${again}`);
      return error.exitCode;
    }
    if (error instanceof ConfigError) console.error(error.message);
    else console.error(error);
    return 1;
  }
}
