// The few lines of the question before a deployment, which the review begins with too.

import { t } from "../../l10n";
import { formatBytes } from "../../state/amounts";
import { growthText, totalGrowth } from "../../state/packageTable";
import { allSteps, type DeployPlan, type HostPlan } from "../plan";
import { toolLabel } from "../planText";
import { headline } from "./headline";
import type { HostReview } from "./hostReview";
import type { UnitChanges } from "./units";

const SHOWN_HOSTS = 8;
const SHOWN_UNITS = 3;

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
export function summaryLines(review: HostReview): readonly string[] {
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

export function sizeText(bytes: number | undefined): string {
  return bytes === undefined ? t("unknown size") : formatBytes(bytes);
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

export function orderLines({ waves }: DeployPlan): readonly string[] {
  if (waves.length < 2) return [];
  return ["", t("Order: {0}", waves.map(wave => wave.map(plain).join(" + ")).join(t(", then ")))];
}

function isAllOrNothing(reviews: readonly HostReview[]): boolean {
  return reviews.length > 1 && reviews.some(({ allOrNothing }) => allOrNothing === true);
}

/** "24.11.20241121.1": what differs between two systems of one host. */
function systemName(system: string | undefined): string {
  if (system === undefined) return t("no known system");
  const name = system.replace(/^\/nix\/store\/[a-z0-9]{32}-/, "");
  const version = /^nixos-system-.*?-(\d.*)$/.exec(name)?.[1];
  return version ?? name;
}

/** One line without control characters: names come from the workspace and from hosts. */
export function plain(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ").replace(/\s+/g, " ");
}
