// A review in words: one readable Markdown document with everything, and the few lines of the question.

import { t } from "../../l10n";
import { quoteRemote } from "../../ports/quoteRemote";
import type { TextDocumentContent } from "../../ports/ui";
import { formatBytes } from "../../state/amounts";
import { growthText, packageTable, totalGrowth } from "../../state/packageTable";
import { allSteps, type DeployPlan, type HostPlan, type SharedStep } from "../plan";
import { actionVerb, commandBlock, guardText, shellBlock, toolLabel } from "../planText";
import { headline } from "./headline";
import type { HostReview } from "./hostReview";
import type { UnitChanges } from "./units";

const SHOWN_HOSTS = 8;
const SHOWN_UNITS = 3;

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

/** The text of the question: what changes, host by host, in which order. */
export function reviewSummary(plan: DeployPlan, reviews: readonly HostReview[]): string {
  const shown = reviews.slice(0, SHOWN_HOSTS).map(review => {
    const [head = "", ...rest] = summaryLines(review);
    return [head, ...rest.map(line => `    ${line}`)].join("\n");
  });
  const more = reviews.length - shown.length;
  return [
    plain(headline(reviews)),
    ...shown,
    ...(more > 0 ? [t("… and {0} more hosts, all in the review.", more)] : []),
    ...orderLines(plan).filter(line => line !== ""),
    ...(isAllOrNothing(reviews)
      ? [t("All or nothing: when one does not land, those that landed go back.")]
      : []),
    t("The review beside this question has everything, with the exact commands."),
  ].join("\n\n");
}

/** The first line names the host and its systems; the others say what that means. */
function summaryLines(review: HostReview): readonly string[] {
  const { plan, before, after } = review;
  const [old, fresh] = [systemName(before), systemName(after)];
  const change =
    after === undefined
      ? t("{0} → not known before it is built", old)
      : before === after
        ? t("{0}, as it runs already", fresh)
        : old === fresh
          ? t("{0} → another build of it", old)
          : `${old} → ${fresh}`;
  const facts = [packagesText(review), transferText(review), unitsText(review.units), rebootText(review)];
  return [
    `${plain(plan.host)}: ${change}`,
    ...[facts.filter(text => text !== undefined).join(", ")].filter(text => text !== ""),
    stepsText(plan),
    ...(review.lockedBy === undefined
      ? []
      : [t("Locked by {0}: {1}", review.lockedBy.owner, review.lockedBy.reason)]),
    ...review.gaps.map(gap => t("Not known: {0}", plain(gap))),
  ];
}

function stepsText(plan: HostPlan): string {
  const phases = [...new Set(allSteps(plan).map(({ phase }) => phase))];
  const count = allSteps(plan).length;
  const label = toolLabel(plan.tool);
  return count === 1
    ? t("1 step with {0}: {1}", label, phases.join(", "))
    : t("{0} steps with {1}: {2}", count, label, phases.join(", "));
}

function packagesText({ packages }: HostReview): string | undefined {
  if (packages === undefined) return undefined;
  if (packages.length === 0) return t("no package changes");
  const growth = totalGrowth(packages);
  const count = packages.length === 1 ? t("1 package changes") : t("{0} packages change", packages.length);
  return growth === undefined ? count : `${count} (${growthText(growth)})`;
}

function transferText({ transfer }: HostReview): string | undefined {
  if (transfer === undefined) return undefined;
  const { paths, bytes, free, fetched } = transfer;
  if (paths === 0) return t("nothing to copy");
  const size = sizeText(bytes);
  const all = paths === 1 ? t("copies 1 path ({0})", size) : t("copies {0} paths ({1})", paths, size);
  const own = (fetched ?? []).reduce((sum, source) => sum + source.paths, 0);
  const text = own === 0 ? all : t("{0}, {1} of them from its own caches", all, own);
  return free !== undefined && bytes !== undefined && bytes > free
    ? t("{0}: more than the {1} that are free", text, formatBytes(free))
    : text;
}

function sizeText(bytes: number | undefined): string {
  return bytes === undefined ? t("unknown size") : formatBytes(bytes);
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

function unitsText(units: UnitChanges | undefined): string | undefined {
  if (units === undefined) return undefined;
  const restart = units.by === "foretold" ? t("restarts {0}") : t("changes {0}");
  const parts = [
    [t("stops {0}"), units.stop],
    [restart, units.restart],
    [t("reloads {0}"), units.reload],
    [t("starts {0}"), units.start],
  ] as const;
  const said = parts.flatMap(([text, names]) =>
    names.length === 0 ? [] : [text.replace("{0}", someOf(names))],
  );
  return said.length === 0 ? t("no unit changes") : said.join(", ");
}

function someOf(names: readonly string[]): string {
  const rest = names.length - SHOWN_UNITS;
  const shown = names.slice(0, SHOWN_UNITS).map(plain).join(", ");
  return rest > 0 ? t("{0} and {1} more", shown, rest) : shown;
}

function rebootText({ reboot, plan }: HostReview): string | undefined {
  if (plan.action === "boot") return t("takes effect at the next boot");
  return reboot === true ? t("needs a reboot for its new kernel or initrd") : undefined;
}

function orderLines({ waves }: DeployPlan): readonly string[] {
  if (waves.length < 2) return [];
  return ["", t("Order: {0}", waves.map(wave => wave.map(plain).join(" + ")).join(t(", then ")))];
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

function isAllOrNothing(reviews: readonly HostReview[]): boolean {
  return reviews.length > 1 && reviews.some(({ allOrNothing }) => allOrNothing === true);
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

/** "24.11.20241121.1": what differs between two systems of one host. */
function systemName(system: string | undefined): string {
  if (system === undefined) return t("no known system");
  const name = system.replace(/^\/nix\/store\/[a-z0-9]{32}-/, "");
  const version = /^nixos-system-.*?-(\d.*)$/.exec(name)?.[1];
  return version ?? name;
}

function shortCommit(commit: string | undefined): string {
  if (commit === undefined) return t("not known");
  return /^[0-9a-f]{13,}$/.test(commit) ? commit.slice(0, 12) : plain(commit);
}

/** One line without control characters: names come from the workspace and from hosts. */
function plain(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").replace(/\s+/g, " ");
}
