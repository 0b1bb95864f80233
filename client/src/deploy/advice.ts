// What well-known messages of ssh, sudo and Nix mean for a deployment, and what to do about them.

import { t } from "../l10n";

const ADVICE: readonly (readonly [RegExp, () => string])[] = [
  [
    /No space left on device|database or disk is full/,
    () =>
      t(
        "A disk is full. On the host, `nix-collect-garbage` makes room; a path that was copied in part stays until then.",
      ),
  ],
  [
    /kex_exchange_identification|Not allowed at this time/,
    () =>
      t("The SSH server shuts this machine out for a while, as it does after failed logins. Wait a minute."),
  ],
  [
    /sudo: (a password is required|a terminal is required)/,
    () =>
      t(
        "sudo on the host wants a password, and nobody can type it here. Let sudo ask nothing for this user, log in as root, or deploy with a tool that asks (deploy-rs with interactiveSudo, nixos-rebuild).",
      ),
  ],
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    () =>
      t(
        "The host shows another key than it had. If it was installed anew, remove the old key with `ssh-keygen -R`; else somebody may be in between.",
      ),
  ],
  [
    /cannot update unlocked flake input 'hive' in pure mode/,
    () =>
      t(
        "colmena 0.4 can't read a flake with this Nix. Install a newer colmena, and give the flake the output colmenaHive that it reads.",
      ),
  ],
  [
    /does not provide attribute .*\bcolmenaHive\b/,
    () =>
      t(
        "colmena reads the output colmenaHive. Add it to the flake: `colmenaHive = colmena.lib.makeHive self.outputs.colmena;`.",
      ),
  ],
  [
    /Pre-switch check 'switchInhibitors' failed/,
    () =>
      t(
        "The new system can't take over from the running one. Deploy it for the next boot, and restart the host.",
      ),
  ],
  [
    /unrecognised flag '--print-out-paths'/,
    () =>
      t("This nixos-rebuild needs a newer Nix on this machine than the one that it found: 2.18 or later."),
  ],
  [
    /Failed to build profile on node/,
    () =>
      t(
        "deploy-rs does not tell why a build failed. If Nix says nothing above it and is 2.33 or newer, this deploy-rs can't read its answer: a newer one is needed.",
      ),
  ],
  [
    /lacks a (valid )?signature/,
    () =>
      t(
        "The host takes only signed paths from this user. Make the user a trusted user of its Nix, or sign what is sent.",
      ),
  ],
];

/** What to do about a line that a program printed, where it is well known. */
export function adviceFor(line: string): string | undefined {
  return ADVICE.find(([pattern]) => pattern.test(line))?.[1]();
}
