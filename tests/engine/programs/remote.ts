import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

const env = process.env;
const folder = env["CONTRACT_FOLDER"] ?? "";
const endpoint = (port: string | undefined, hostKey: string | undefined, dialErrorLimit: number) => ({
  host: "127.0.0.1",
  port: Number(port),
  user: "operator",
  privateKey: env["CONTRACT_PRIVATE_KEY"] ?? "",
  dialErrorLimit,
  ...(hostKey === undefined ? {} : { hostKey }),
});
const connection = {
  ...endpoint(env["CONTRACT_PORT"], env["CONTRACT_HOST_KEY"], 0),
  proxy: endpoint(env["CONTRACT_BASTION_PORT"], env["CONTRACT_BASTION_KEY"], 1),
};

const bundle = new remote.CopyToRemote("bundle", {
  connection,
  source: new pulumi.asset.FileArchive(`${folder}/source`),
  remotePath: `${folder}/target`,
});
const file = new remote.CopyToRemote("file", {
  connection,
  source: new pulumi.asset.FileAsset(`${folder}/source/deep/file.txt`),
  remotePath: `${folder}/copied.txt`,
});
const command = new remote.Command(
  "command",
  {
    connection,
    create: `cat ${folder}/target/source/deep/file.txt && cat`,
    update: `cat ${folder}/copied.txt`,
    // Reads its input: the official plugin calls it a failure where a command ends before it is sent.
    delete: `cat > /dev/null && rm ${folder}/copied.txt`,
    stdin: pulumi.secret(env["CONTRACT_STDIN"] ?? ""),
    triggers: [],
    logging: remote.Logging.None,
  },
  { dependsOn: [bundle, file], additionalSecretOutputs: ["stdout"] },
);

export const stdout = command.stdout;
