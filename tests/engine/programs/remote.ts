import { remote } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

const env = process.env;
const folder = env["CONTRACT_FOLDER"] ?? "";
const endpoint = (port: string | undefined, hostKey: string | undefined) => ({
  host: "127.0.0.1",
  port: Number(port),
  user: "operator",
  privateKey: env["CONTRACT_PRIVATE_KEY"] ?? "",
  dialErrorLimit: 1,
  ...(hostKey === undefined ? {} : { hostKey }),
});
const connection = {
  ...endpoint(env["CONTRACT_PORT"], env["CONTRACT_HOST_KEY"]),
  proxy: endpoint(env["CONTRACT_BASTION_PORT"], env["CONTRACT_BASTION_KEY"]),
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
    delete: `rm ${folder}/copied.txt`,
    stdin: pulumi.secret(env["CONTRACT_STDIN"] ?? ""),
    triggers: [],
    logging: remote.Logging.None,
  },
  { dependsOn: [bundle, file] },
);

export const stdout = command.stdout;
