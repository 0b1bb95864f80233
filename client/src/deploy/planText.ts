// A plan in words: for the question before it runs, for the review, and for the clipboard.

import { t } from "../l10n";
import { quoteRemote } from "../ports/quoteRemote";
import { allSteps, type DeployPlan, type HostPlan } from "./plan";
import { type Step, shellLine } from "./step";
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

/** The question that is asked before anything changes a host. */
export function question(action: DeployAction, names: readonly string[]): string {
  const hosts = namesOf(names);
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

/** The names of hosts, as many as fit in a sentence. */
export function namesOf(hosts: readonly string[]): string {
  return hosts.length <= 4
    ? hosts.join(", ")
    : t("{0} and {1} more", hosts.slice(0, 3).join(", "), hosts.length - 3);
}

/** What guards the activation, in words; undefined where nothing does. */
export function guardText(plan: HostPlan): string | undefined {
  if (plan.watch !== undefined)
    return t(
      "{0} does not take this switch back by itself, so the host watches it, and goes back unless it is confirmed over a new connection within {1} s.",
      toolLabel(plan.tool),
      plan.watch.guardSeconds,
    );
  const guarded = plan.steps.find(step => step.where === "activation" && step.guardSeconds > 0);
  if (guarded?.where !== "activation") return undefined;
  return t(
    "The host does the last commands by itself, even if the connection is lost, and goes back unless it is confirmed over a new connection within {0} s.",
    guarded.guardSeconds,
  );
}

/** The tool as people know it. */
export function toolLabel(tool: ToolId): string {
  return tool === "direct" ? t("Nix and SSH") : tool;
}

/** The commands as a script that does the same in a terminal. */
export function planScript(plan: DeployPlan): string {
  const block = (names: readonly string[], folder: string, steps: readonly Step[]) => {
    const lines = steps.map(shellLine).join(" &&\n");
    return `# ${names.join(", ").replace(/\p{Cc}/gu, " ")}\ncd ${quoteRemote(folder)} &&\n${lines}\n`;
  };
  return [
    ...plan.checks.map(({ hosts, step }) => block(hosts, step.cwd, [step])),
    ...plan.hosts.map(host => block([host.host], host.root, allSteps(host))),
  ].join("\n");
}

/** The exact commands as a block of Markdown. */
export function commandBlock(steps: readonly Step[]): readonly string[] {
  return shellBlock(steps.map(shellLine));
}

/** Lines of shell as a block of Markdown. */
export function shellBlock(lines: readonly string[]): readonly string[] {
  // no line of ours has three backquotes; one of the workspace must not end the block
  return ["```sh", ...lines.map(line => line.replaceAll("```", "` ` `")), "```"];
}
