// Programs of services that may not be installed: found on PATH, or an error that says how to get them.

import { t } from "../l10n";
import { findProgram } from "../ports/findProgram";
import { UserError } from "../userError";

export type ServiceProgram = "cachix" | "attic";

/** What installs it, for people who have Nix already. */
const INSTALL: Readonly<Record<ServiceProgram, string>> = {
  cachix: "nix profile install nixpkgs#cachix",
  attic: "nix profile install nixpkgs#attic-client",
};

/** The program's path. @throws UserError that says how to get it, with the setting for where it is */
export function requireProgram(
  program: ServiceProgram,
  configured: string = program,
  find: (name: string) => string | undefined = findProgram,
): string {
  const path = find(configured);
  if (path !== undefined) return path;
  const text = t("{0} was not found on this machine. It can be had by: {1}", configured, INSTALL[program]);
  throw new UserError(text, {
    title: t("Open Setting"),
    run: { kind: "setting", key: `nixDeploy.tools.${program}` },
  });
}
