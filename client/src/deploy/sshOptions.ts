// How every ssh that deploying starts is called: never asking, with a time limit, and with keep-alives, without which a
// lost host is waited for for ever.

import { t } from "../l10n";
import { UserError } from "../userError";

export interface SshConnection {
  /** `host` or `user@host`. */
  readonly destination: string;
  /** Passed as `-F`. */
  readonly configFile: string | undefined;
}

const OPTIONS = ["BatchMode=yes", "ConnectTimeout=8", "ServerAliveInterval=5", "ServerAliveCountMax=2"];

/** Options without the destination, for ssh and for NIX_SSHOPTS. */
export function sshOptions(configFile: string | undefined): readonly string[] {
  const file = configFile === undefined ? [] : ["-F", configFile];
  return [...file, ...OPTIONS.flatMap(option => ["-o", option])];
}

/** Everything before the remote command. `--` ends the options, whatever the destination looks like. */
export function sshArguments(connection: SshConnection): readonly string[] {
  return [...sshOptions(connection.configFile), "--", connection.destination];
}

/** The value of NIX_SSHOPTS: the user's own options first, because ssh takes the first of each. */
export function nixSshOptions(configFile: string | undefined, own: string | undefined): string {
  if (configFile !== undefined && /\s/.test(configFile)) {
    throw new UserError(
      t("The path of the SSH configuration has a blank, at which Nix splits it: {0}", configFile),
      settingAction("nixDeploy.ssh.configFile"),
    );
  }
  return [own ?? "", ...sshOptions(configFile)].filter(part => part !== "").join(" ");
}

export function settingAction(key: string) {
  return { title: t("Open Settings"), run: { kind: "setting", key } } as const;
}
