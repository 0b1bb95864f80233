// The command Doctor.

import * as vscode from "vscode";
import type { App } from "../app";
import type { Disposable } from "../disposableStore";
import { t } from "../l10n";
import { examine } from "./doctor";
import { doctorReport } from "./report";

export function registerSupport(app: App): Disposable {
  return app.commands.register("nixDeploy.doctor", async () => {
    const findings = await app.ui.withProgress(t("Asking this machine"), ({ signal }) =>
      examine(app, `${vscode.env.appName} ${vscode.version}`, signal),
    );
    await app.ui.showText({ name: "doctor.md", text: doctorReport(findings) });
  });
}
