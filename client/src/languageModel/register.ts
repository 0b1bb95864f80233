// The tools for language models. They are given what is known and nothing that acts.

import { readFileSync } from "node:fs";
import path from "node:path";
import * as vscode from "vscode";
import type { App } from "../app";
import { type Disposable, DisposableStore } from "../disposableStore";
import { bounded, explainFindings, type Knowledge, listHosts, type ShownFinding, showDrift } from "./answers";
import { findingInput, hostInput, listInput, planInput } from "./inputs";

/** What answers are made from: no processes, no connections, no commands. */
export type LanguageModelApp = {
  readonly state: {
    readonly fleet: Pick<App["state"]["fleet"], "snapshot">;
    readonly observed: Pick<App["state"]["observed"], "get">;
    readonly ledger: Pick<App["state"]["ledger"], "load">;
  };
  readonly ports: { readonly clock: Pick<App["ports"]["clock"], "now"> };
  /** The folder with the pages of the rules. */
  readonly rulePages: string;
  /** The commands of a deployment as text. */
  plan(request: { readonly action: string; readonly hosts: readonly string[] }): string;
};

export function registerLanguageModel(app: LanguageModelApp): Disposable {
  const store = new DisposableStore();
  const add = (name: string, answer: (input: unknown) => string | Promise<string>) =>
    store.add(
      vscode.lm.registerTool<object>(name, {
        async invoke({ input }) {
          const text = await answer(input);
          return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(text)]);
        },
      }),
    );
  add("nixDeploy_listHosts", async input => listHosts(await knowledge(app), listInput(input).tag));
  add("nixDeploy_showDrift", async input => showDrift(await knowledge(app), hostInput(input).host));
  add("nixDeploy_explainFinding", input =>
    explainFindings(shownFindings(), findingInput(input), code => pageOf(app.rulePages, code)),
  );
  add("nixDeploy_planDeployment", input => bounded([app.plan(planInput(input))]));
  return store;
}

async function knowledge({ state, ports }: LanguageModelApp): Promise<Knowledge> {
  const { entries } = await state.ledger.load();
  return {
    fleet: state.fleet.snapshot,
    observation: host => state.observed.get(host),
    ledger: entries,
    now: ports.clock.now(),
  };
}

function shownFindings(): readonly ShownFinding[] {
  return vscode.languages.getDiagnostics().flatMap(([uri, diagnostics]) =>
    diagnostics
      .filter(({ source }) => source === "nix-deploy")
      .map(({ range, code, severity, message, relatedInformation }) => ({
        path: uri.fsPath,
        line: range.start.line + 1,
        code: String(typeof code === "object" ? code.value : (code ?? "")),
        severity: vscode.DiagnosticSeverity[severity].toLowerCase(),
        message,
        related: (relatedInformation ?? []).map(
          each => `${each.location.uri.fsPath}:${each.location.range.start.line + 1}: ${each.message}`,
        ),
      })),
  );
}

function pageOf(folder: string, code: string): string | undefined {
  // codes come from a model: only what can be the name of a rule becomes part of a path
  if (!/^[a-z0-9-]+$/.test(code)) return undefined;
  try {
    return readFileSync(path.join(folder, `${code}.md`), "utf8");
  } catch {
    // there is no such rule
    return undefined;
  }
}
