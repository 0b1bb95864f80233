// A review in words: one readable Markdown document with everything.

import { t } from "../../l10n";
import { quoteRemote } from "../../ports/quoteRemote";
import type { TextDocumentContent } from "../../ports/ui";
import { formatBytes } from "../../state/amounts";
import { packageTable } from "../../state/packageTable";
import { allSteps, type DeployPlan, type SharedStep } from "../plan";
import { actionVerb, commandBlock, guardText, shellBlock } from "../planText";
import { headline } from "./headline";
import type { HostReview } from "./hostReview";
import { orderLines, plain, sizeText, summaryLines } from "./summaryText";
import type { UnitChanges } from "./units";

/** Everything, host by host, with the exact commands. */
export function reviewDocument(plan: DeployPlan, reviews: readonly HostReview[]): TextDocumentContent {
  const names = plan.hosts.map(({ host }) => plain(host)).join(", ");
  const lines = [
    `# ${actionVerb(plan.action)}: ${names}`,
    "",
    plain(headline(reviews)),
    "",
    ...reviews.flatMap(review =>
      summaryLines(review).map((line, index) => (index === 0 ? `- ${line}` : `  ${line}`)),
    ),
    ...orderLines(plan),
    "",
    ...reviews.flatMap(hostSection),
    ...sharedLines(t("Built together"), plan.builds),
    ...sharedLines(t("Checked once"), plan.checks),
  ];
  return { name: `${fileName(plan)}.md`, text: `${lines.join("\n").trimEnd()}\n` };
}

function sharedLines(title: string, steps: readonly SharedStep[]): readonly string[] {
  return steps.length === 0 ? [] : [`## ${title}`, "", ...commandBlock(steps.map(({ step }) => step)), ""];
}

function fileName(plan: DeployPlan): string {
  const [only] = plan.hosts;
  const hosts = plan.hosts.length === 1 && only !== undefined ? only.host : t("{0} hosts", plan.hosts.length);
  return `${t("Review")} ${hosts}`.replace(/[^\p{L}\p{N} ._-]/gu, "_");
}

/** Where each part of what is copied comes from. */
function transferLines({ transfer }: HostReview): readonly string[] {
  if (transfer === undefined) return [];
  const { paths, bytes, fetched, free } = transfer;
  const room = free === undefined ? "" : t("; {0} are free", formatBytes(free));
  const head = `- ${t("Copied: {0} paths, {1}", paths, sizeText(bytes))}${room}`;
  if (paths === 0 || fetched === undefined) return [head];
  const rows = fetched.map(
    source => `  - ${plain(source.cache)}: ${t("{0} paths, {1}", source.paths, sizeText(source.bytes))}`,
  );
  const sentPaths = paths - fetched.reduce((sum, source) => sum + source.paths, 0);
  const sentBytes = fetched.reduce<number | undefined>(
    (left, source) => (left === undefined || source.bytes === undefined ? undefined : left - source.bytes),
    bytes,
  );
  const sent = t("{0} paths, {1}", sentPaths, sizeText(sentBytes));
  return [head, ...rows, ...(sentPaths === 0 ? [] : [`  - ${t("sent from where it is built: {0}", sent)}`])];
}

function hostSection(review: HostReview): readonly string[] {
  const { plan, before, after, packages, units } = review;
  const path = (system: string | undefined) => (system === undefined ? t("not known") : `\`${system}\``);
  return [
    `## ${plain(plan.host)}`,
    "",
    `- ${t("Runs now: {0}", path(before))}`,
    `- ${t("Gets: {0}", path(after))}`,
    `- ${t("Commit: {0} → {1}", shortCommit(review.fromCommit), treeText(review))}`,
    ...transferLines(review),
    ...unitLines(units),
    `- ${t("Reboot: {0}", review.reboot === undefined ? t("not known") : review.reboot ? t("needed") : t("not needed"))}`,
    ...review.gaps.map(gap => `- ${t("Not known: {0}", plain(gap))}`),
    "",
    `### ${t("Commands, in {0}", plain(plan.root))}`,
    "",
    ...commandBlock(allSteps(plan)),
    "",
    ...[guardText(plan) ?? []].flat(),
    ...wishLines(review),
    plan.connection === undefined
      ? t("What runs afterwards can't be asked.")
      : t("Before and after it, {0} is asked which system it runs.", plan.connection.destination),
    "",
    ...(packages === undefined || packages.length === 0
      ? []
      : [`### ${t("Packages")}`, "", ...packageTable(packages), ""]),
  ];
}

/** What runs besides, as the user has set it. */
function wishLines({ plan, health, allOrNothing }: HostReview): readonly string[] {
  const back = t(
    "All or nothing: when another host does not land, {0} is taken back to the generation that it has now.",
    plain(plan.host),
  );
  return [
    ...(health === undefined
      ? []
      : ["", t("Afterwards, this command tells here whether {0} is well:", plain(plan.host)), ""]),
    ...(health === undefined ? [] : [...shellBlock([health.map(quoteRemote).join(" ")]), ""]),
    ...(allOrNothing === true ? [back] : []),
  ];
}

function treeText({ tree }: HostReview): string {
  if (tree.commit === null) return t("not known");
  return tree.dirty === true ? t("{0} with changes", tree.commit.slice(0, 12)) : tree.commit.slice(0, 12);
}

function unitLines(units: UnitChanges | undefined): readonly string[] {
  if (units === undefined) return [];
  const source =
    units.by === "foretold"
      ? t("Units, as the host itself foretells")
      : t("Units whose files differ; what is done to them, the host decides when it has the system");
  const rows = [
    [t("stop"), units.stop],
    [units.by === "foretold" ? t("restart") : t("change"), units.restart],
    [t("reload"), units.reload],
    [t("start"), units.start],
    [t("left as they are"), units.leave],
  ] as const;
  const told = rows.flatMap(([label, names]) =>
    names.length === 0 ? [] : [`  - ${label}: ${names.map(plain).join(", ")}`],
  );
  return [`- ${source}: ${told.length === 0 ? t("none") : ""}`.trimEnd(), ...told];
}

function shortCommit(commit: string | undefined): string {
  if (commit === undefined) return t("not known");
  return /^[0-9a-f]{13,}$/.test(commit) ? commit.slice(0, 12) : plain(commit);
}
