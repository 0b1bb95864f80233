// A plan in words: for the question before it runs, for the review document, and for the clipboard.

import { t } from "../l10n";
import { quoteRemote } from "../ports/quoteRemote";
import type { Confirmation, TextDocumentContent } from "../ports/ui";
import { allSteps, changesHost, type DeployPlan, type HostPlan } from "./plan";
import { shellLine } from "./step";
import type { DeployAction, ToolId } from "./tools/adapter";

/** What the action does, as a verb for buttons and titles. */
export function actionVerb(action: DeployAction): string {
  switch (action) {
    case "deploy":
      return t("Deploy");
    case "boot":
      return t("Deploy for Next Boot");
    case "dry-activate":
      return t("Dry-Activate");
    case "build":
      return t("Build");
    case "rollback":
      return t("Roll Back");
  }
}

const SHOWN_HOSTS = 12;

/** The question that is asked before anything changes a host. */
export function confirmation(plan: DeployPlan): Confirmation {
  const names = plan.hosts.map(({ host }) => host);
  const shown = plan.hosts.slice(0, SHOWN_HOSTS).map(hostCommands);
  const rest = plan.hosts.length - shown.length;
  const more =
    rest > 0 ? [t("… and the same for {0} more hosts; the command Review shows all of it.", rest)] : [];
  return {
    message: question(plan.action, names),
    detail: [...shown, ...more].join("\n\n"),
    verb: actionVerb(plan.action),
  };
}

function question(action: DeployAction, names: readonly string[]): string {
  const hosts =
    names.length <= 4
      ? names.join(", ")
      : t("{0} and {1} more", names.slice(0, 3).join(", "), names.length - 3);
  switch (action) {
    case "deploy":
      return t("Deploy to {0}?", hosts);
    case "boot":
      return t("Make a new system the next boot of {0}?", hosts);
    case "rollback":
      return t("Roll {0} back to the generation before?", hosts);
    case "dry-activate":
      return t("Copy the new system to {0} and show what activating it would do?", hosts);
    case "build":
      return t("Build {0}?", hosts);
  }
}

function hostCommands(plan: HostPlan): string {
  const head = t("{0} (with {1}, in {2}):", plan.host, toolLabel(plan.tool), plan.root);
  const guard = guardText(plan);
  const commands = allSteps(plan).map(step => `${step.phase}:  ${shellLine(step)}`);
  return [head, ...commands, ...(guard === undefined ? [] : [guard])].join("\n\n");
}

/** What guards the activation, in words; undefined where nothing does. */
function guardText(plan: HostPlan): string | undefined {
  const guarded = plan.steps.find(step => step.where === "activation" && step.guardSeconds > 0);
  if (guarded?.where !== "activation") return undefined;
  return t(
    "The host does the last commands by itself, even if the connection is lost, and goes back unless it is confirmed over a new connection within {0} s.",
    guarded.guardSeconds,
  );
}

/** The tool as people know it. */
function toolLabel(tool: ToolId): string {
  return tool === "direct" ? t("Nix and SSH") : tool;
}

/** The commands as a script that does the same in a terminal. */
export function planScript(plan: DeployPlan): string {
  const blocks = plan.hosts.map(host => {
    const lines = allSteps(host).map(shellLine).join(" &&\n");
    return `# ${host.host.replace(/\p{Cc}/gu, " ")}\ncd ${quoteRemote(host.root)} &&\n${lines}\n`;
  });
  return blocks.join("\n");
}

/** Everything that would run, as a document. */
export function reviewDocument(plan: DeployPlan): TextDocumentContent {
  const head = `# ${actionVerb(plan.action)}: ${plan.hosts.map(({ host }) => oneLine(host)).join(", ")}`;
  const sections = plan.hosts.map(host =>
    [
      `## ${oneLine(host.host)}`,
      t("Tool: {0}. Folder: `{1}`.", toolLabel(host.tool), host.root),
      ["```sh", ...allSteps(host).map(shellLine), "```"].join("\n"),
      [guardText(host) ?? [], verification(host)].flat().join(" "),
    ].join("\n\n"),
  );
  return { name: `${plan.action} ${plan.hosts.length}.md`, text: `${[head, ...sections].join("\n\n")}\n` };
}

function verification(host: HostPlan): string {
  if (!changesHost(host.action)) return t("Nothing that the host runs is changed.");
  return host.connection === undefined
    ? t("The address is not known by reading, so what runs afterwards can't be asked.")
    : t("Before and after it, {0} is asked which system it runs.", host.connection.destination);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}
