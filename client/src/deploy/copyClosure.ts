// Building systems and sending them to their hosts without making them run: a later deployment then has little left to copy.

import type { App } from "../app";
import { t } from "../l10n";
import type { TextDocumentContent } from "../ports/ui";
import { CancelledError, orCancel } from "../userError";
import type { DeployApp } from "./deployApp";
import { prepare, requireFree } from "./deployer";
import { pickHosts } from "./pickHosts";
import { allSteps, type DeployPlan, type HostPlan } from "./plan";
import { commandBlock } from "./planText";
import { asCopyClosure } from "./tools/nix";

type CopyProgram = "nix" | "nix-copy-closure";

/** A plan that builds and copies, which the user has agreed to. */
export async function copyPlan(
  app: DeployApp & Pick<App, "storage">,
  hosts: readonly string[] | undefined,
): Promise<DeployPlan> {
  const title = t("Copy Closures");
  const names = hosts ?? (await pickHosts(app, title));
  const whole = await prepare(app, { action: "dry-activate", hosts: names, tool: "direct" });
  requireFree(app, whole);
  const programs = [
    { value: "nix", label: "nix copy", description: t("the host first asks its own caches") },
    {
      value: "nix-copy-closure",
      label: "nix-copy-closure",
      description: t("the older program; compressed on the way"),
    },
  ] as const;
  const program = orCancel(await app.ui.pickOne<CopyProgram>(programs, { title }));
  const plan = onlyCopies(whole, program);
  const question = {
    message: t("Build and send the systems of {0}?", names.join(", ")),
    detail: t("They are only sent. What the hosts run, and what they boot, stays as it is."),
    verb: t("Send"),
    details: { title: t("Show Commands"), document: commandsDocument(plan, title) },
  };
  if (!(await app.ui.confirm(question))) throw new CancelledError();
  return plan;
}

/** The plan without what comes after copying. */
export function onlyCopies(plan: DeployPlan, program: CopyProgram): DeployPlan {
  const copies = (host: HostPlan): HostPlan => ({
    ...host,
    steps: host.steps
      .filter(({ phase }) => phase === "build" || phase === "copy")
      .map(step => (program === "nix" ? step : asCopyClosure(step))),
  });
  return { ...plan, hosts: plan.hosts.map(copies) };
}

/** The commands of all hosts, where there is nothing else to review. */
export function commandsDocument(plan: DeployPlan, title: string): TextDocumentContent {
  const sections = plan.hosts.flatMap(host => [
    `## ${host.host.replace(/\s+/g, " ")}`,
    "",
    ...commandBlock(allSteps(host)),
    "",
  ]);
  return {
    name: "commands.md",
    text: `${[`# ${title}`, "", ...sections].join("\n").trimEnd()}\n`,
  };
}
