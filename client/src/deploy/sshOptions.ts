// How every ssh that deploying starts is called: never asking, with a time limit, and with keep-alives, without which a
// lost host is waited for for ever.

import { t } from "../l10n";
import { UserError } from "../userError";

export interface SshConnection {
  /** `host` or `user@host`. */
  readonly destination: string;
  /** Passed as `-F`. */
  readonly configFile: string | undefined;
  /** What the host's own configuration gives to ssh, such as a port. */
  readonly options: readonly string[];
}

const OPTIONS = ["BatchMode=yes", "ConnectTimeout=8", "ServerAliveInterval=5", "ServerAliveCountMax=2"];

/** Options without the destination, for ssh and for NIX_SSHOPTS; ssh takes the first of each. */
function sshOptions(configFile: string | undefined, own: readonly string[]): readonly string[] {
  const file = configFile === undefined ? [] : ["-F", configFile];
  return [...file, ...own, ...OPTIONS.flatMap(option => ["-o", option])];
}

/** Everything before the remote command. `--` ends the options, whatever the destination looks like. */
export function sshArguments(connection: SshConnection): readonly string[] {
  return [...sshOptions(connection.configFile, connection.options), "--", connection.destination];
}

/** The value of NIX_SSHOPTS: the user's own options first, then the host's. */
export function nixSshOptions(
  configFile: string | undefined,
  own: string | undefined,
  host: readonly string[],
): string {
  const blank = host.find(word => /\s/.test(word));
  if (blank !== undefined)
    throw new UserError(
      t(
        "Nix splits options of ssh at blanks, so {0} can't be given to it. Put it into the SSH configuration.",
        blank,
      ),
    );
  if (configFile !== undefined && /\s/.test(configFile)) {
    throw new UserError(
      t("The path of the SSH configuration has a blank, at which Nix splits it: {0}", configFile),
      settingAction("nixDeploy.ssh.configFile"),
    );
  }
  return [own ?? "", ...sshOptions(configFile, host)].filter(part => part !== "").join(" ");
}

export function settingAction(key: string) {
  return { title: t("Open Settings"), run: { kind: "setting", key } } as const;
}
