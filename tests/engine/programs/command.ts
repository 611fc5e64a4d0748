import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";

const { CONTRACT_FOLDER: folder = "", CONTRACT_WORD: word = "", CONTRACT_TRIGGER: trigger = "" } = process.env;

const command = new local.Command("command", {
  create: 'cat > "$FOLDER/made" && echo "made $WORD" && echo "aside" >&2',
  update: 'cat > "$FOLDER/made" && echo "updated $WORD after $PULUMI_COMMAND_STDOUT"',
  delete: 'rm "$FOLDER/made" && echo "$PULUMI_COMMAND_STDOUT" > "$FOLDER/gone"',
  stdin: pulumi.secret("input nobody may read"),
  environment: { FOLDER: folder, WORD: word },
  triggers: [trigger],
  logging: local.Logging.None,
});

const open = new local.Command("open", { create: "pwd", dir: folder });

export const stdout = command.stdout;
export const stderr = command.stderr;
export const where = open.stdout;
