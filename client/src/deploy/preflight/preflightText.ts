// The preflight in words: a table of hosts and checks, and below it what is wrong with its cause and its way out.

import { t } from "../../l10n";
import { markdownTable } from "../../markdownTable";
import type { TextDocumentContent } from "../../ports/ui";
import { CHECK_IDS, type Check, type CheckId, type CheckState } from "./check";

export interface HostChecks {
  readonly host: string;
  readonly checks: readonly Check[];
}

export function checkName(id: CheckId): string {
  switch (id) {
    case "address":
      return t("Address");
    case "hostKey":
      return t("Host key");
    case "login":
      return t("Login");
    case "sudo":
      return t("Root");
    case "push":
      return t("Push");
    case "caches":
      return t("Caches");
    case "space":
      return t("Store");
    case "boot":
      return t("/boot");
    case "rollback":
      return t("Way back");
    case "lock":
      return t("Lock");
  }
}

/** Said in words too: a mark alone tells nothing to a screen reader. */
function stateText(state: CheckState): string {
  switch (state) {
    case "ok":
      return t("ok");
    case "warning":
      return t("! look");
    case "failed":
      return t("✗ no");
    case "unknown":
      return "–";
  }
}

/** Worst first. */
export function problems(
  hosts: readonly HostChecks[],
): readonly { readonly host: string; readonly check: Check }[] {
  const rank = { failed: 0, warning: 1, unknown: 2, ok: 3 } as const;
  return hosts
    .flatMap(({ host, checks }) => checks.map(check => ({ host, check })))
    .filter(({ check }) => check.state === "failed" || check.state === "warning")
    .sort((a, b) => rank[a.check.state] - rank[b.check.state]);
}

/** One sentence. */
export function preflightSummary(hosts: readonly HostChecks[]): string {
  const bad = hosts.filter(({ checks }) => checks.some(({ state }) => state === "failed"));
  if (bad.length === 0) return t("{0} of {0} hosts can be deployed to.", hosts.length);
  const names = bad.map(({ host }) => host).join(", ");
  return t(
    "{0} of {1} hosts can be deployed to. Not so: {2}",
    hosts.length - bad.length,
    hosts.length,
    names,
  );
}

export function preflightDocument(hosts: readonly HostChecks[]): TextDocumentContent {
  const found = problems(hosts);
  const lines = [
    `# ${t("Preflight")}`,
    "",
    preflightSummary(hosts),
    "",
    ...matrix(hosts),
    ...found.flatMap(({ host, check }) => [
      "",
      `## ${check.state === "failed" ? "✗" : "!"} ${plain(host)}: ${checkName(check.id)}`,
      "",
      plain(check.text),
      ...(check.fix === undefined ? [] : ["", fixText(check)]),
    ]),
    "",
    `## ${t("In detail")}`,
    ...hosts.flatMap(({ host, checks }) => [
      "",
      `### ${plain(host)}`,
      "",
      ...checks.map(({ id, state, text }) => `- ${checkName(id)}: ${stateText(state)}: ${plain(text)}`),
    ]),
  ];
  return { name: "preflight.md", text: `${lines.join("\n")}\n` };
}

function fixText({ fix }: Check): string {
  if (fix === undefined) return "";
  if (fix.kind === "terminal") return `${fix.title}: \`${fix.text}\``;
  return fix.kind === "edit"
    ? t("{0}: the list of ways out makes this change in the configuration.", fix.title)
    : t("{0}: in the list of ways out.", fix.title);
}

function matrix(hosts: readonly HostChecks[]): readonly string[] {
  return markdownTable([
    [t("Host"), ...CHECK_IDS.map(checkName)],
    ...hosts.map(({ host, checks }) => [plain(host), ...checks.map(({ state }) => stateText(state))]),
  ]);
}

function plain(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").replaceAll("|", "/");
}
