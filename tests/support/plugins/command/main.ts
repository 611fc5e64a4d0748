import { servePlugin } from "../serve.ts";
import { localCommand, remoteCommand } from "./command.ts";
import { copyToRemote } from "./copy-to-remote.ts";

const KINDS = {
  "command:local:Command": localCommand,
  "command:remote:Command": remoteCommand,
  "command:remote:CopyToRemote": copyToRemote,
};

await servePlugin({
  sdk: "@pulumi/command",
  version: "1.2.1",
  kindOf: (token) => KINDS[token as keyof typeof KINDS],
});
