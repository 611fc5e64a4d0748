import { z } from "zod";
import { HOST_KEY } from "../../components/runtime/ssh/connection.ts";
import { port, secretName } from "./values.ts";

const hostKey = z.string().regex(HOST_KEY, "a host's public key of type ed25519 or ecdsa, such as ssh-ed25519 AAAA…");
const user = z.string().min(1);

/** What an ssh host says for itself. */
export const hostConnection = {
  hostKey: hostKey.optional().meta({
    description:
      "Public key of an ssh host (`ssh-keyscan -t ed25519 <host>`); a host that shows another is refused. Default: its key in ssh.knownHosts.",
  }),
  user: user.optional().meta({ description: "Account on an ssh host. Default: ssh.user." }),
  port: port.optional().meta({ description: "Port of an ssh host's sshd. Default: ssh.port." }),
};

/** What all ssh hosts share. */
export const ssh = z.strictObject({
  user: user.default("root"),
  port: port.default(22),
  privateKey: secretName.default("sshPrivateKey"),
  privateKeyPassword: secretName.optional(),
  sudo: z
    .union([z.enum(["none", "passwordless"]), z.strictObject({ password: secretName })])
    .optional()
    .meta({ description: "How the user becomes root. Default: none for root, else passwordless." }),
  knownHosts: z.string().min(1).optional().meta({
    description:
      "A known_hosts file of OpenSSH, from the folder stacks/: host keys of hosts, and of the bastion, that give none themselves. One that differs from a host's hostKey is an error.",
  }),
  bastion: z
    .strictObject({
      host: z.string().min(1),
      port: port.default(22),
      user: user.default("root"),
      hostKey: hostKey.optional().meta({ description: "Its public key. Default: its key in ssh.knownHosts." }),
    })
    .optional()
    .meta({ description: "Host that connections go through, with the same private key." }),
  mirror: z
    .url({ protocol: /^(https|file)$/ })
    .optional()
    .meta({
      description: "Folder that serves the official archives under their own names. Default: their publishers.",
    }),
  dcgmExporter: z
    .discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("package"),
        version: z
          .string()
          .regex(/^\d+\.\d+\.\d+$/, "a version of the exporter, such as 4.8.2")
          .optional()
          .meta({ description: "Version of the exporter. Default: the one of infra/toolchain/versions.json." }),
      }),
      z.strictObject({ kind: z.literal("existing") }),
      z.strictObject({ kind: z.literal("container"), engine: z.enum(["docker", "podman"]).default("docker") }),
    ])
    .default({ kind: "package" })
    .meta({ description: "NVIDIA's package of the distribution, one that already runs, or the pinned image." }),
});
