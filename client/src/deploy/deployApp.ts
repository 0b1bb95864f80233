// What deploying needs of the app, and what it refuses whatever the way it was reached.

import type { App } from "../app";
import { t } from "../l10n";
import { UserError } from "../userError";

/** The part of App that deploying needs. */
export type DeployApp = Pick<App, "config" | "log" | "ports" | "state" | "ui" | "workspace">;

/** Tasks reach deploying without the boundary of commands. */
export function requireTrust(app: Pick<DeployApp, "workspace">): void {
  if (app.workspace.trusted) return;
  throw new UserError(t("This workspace is not trusted."), {
    title: t("Manage Trust"),
    run: { kind: "trust" },
  });
}

export function hostBusy(host: string): UserError {
  return new UserError(t("Another deployment to {0} is still running.", host));
}
