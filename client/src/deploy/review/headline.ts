// The first words of a review: what changes, where, and what speaks against it.

import { t } from "../../l10n";
import { namesOf } from "../planText";
import type { HostReview } from "./hostReview";

/** One or two sentences for all hosts; what should be looked at is named with its host. */
export function headline(reviews: readonly HostReview[]): string {
  return `${changeText(reviews)} ${safetyText(reviews)}`;
}

function changeText(reviews: readonly HostReview[]): string {
  const [first] = reviews;
  if (first === undefined) return t("No host is left.");
  const names = (some: readonly HostReview[]) => namesOf(some.map(({ plan }) => plan.host));
  if (first.plan.action === "dry-activate") return t("Changes nothing that runs on {0}.", names(reviews));
  const same = reviews.filter(({ before, after }) => after !== undefined && before === after);
  const changing = reviews.filter(review => !same.includes(review));
  const kept = same.length === 0 ? "" : t(" {0}: nothing new, it runs there already.", names(same));
  if (changing.length === 0) return kept.trim();
  const where = names(changing);
  const what =
    first.plan.action === "rollback"
      ? t("{0}: back to the generation before, at once.", where)
      : first.plan.action === "boot"
        ? t("{0}: a new system at the next boot; what runs stays.", where)
        : t("{0}: a new system, at once.", where);
  return what + kept;
}

function safetyText(reviews: readonly HostReview[]): string {
  const concerns = reviews.flatMap(review => concernsOf(review).map(text => `${review.plan.host} ${text}`));
  const dirty = reviews.some(({ tree }) => tree.dirty === true)
    ? [t("the work tree has changes in no commit")]
    : [];
  const all = [...concerns, ...dirty];
  if (all.length > 0) return t("Look at this first: {0}.", all.join("; "));
  return reviews.every(goesBack)
    ? t("Nothing speaks against it, and a switch that cuts the connection is taken back.")
    : t("Nothing speaks against it.");
}

/** Predicates of the host, each a few words. */
function concernsOf(review: HostReview): readonly string[] {
  const { plan, before, after, transfer, lockedBy, reboot, units, gaps } = review;
  if (plan.action === "dry-activate") return [];
  const tight =
    transfer?.bytes !== undefined && transfer.free !== undefined && transfer.bytes > transfer.free;
  const cutting = [...(units?.restart ?? []), ...(units?.stop ?? [])].filter(cutsOff);
  const switches = plan.action === "deploy" && before !== after;
  return [
    ...(lockedBy === undefined ? [] : [t("is locked by {0}", lockedBy.owner)]),
    ...(tight ? [t("has too little room")] : []),
    ...(switches && before === undefined ? [t("has no known system to go back to")] : []),
    ...(switches && !goesBack(review)
      ? [
          isForeign(review)
            ? t("can't be taken back by deploy-rs this time, as what it has now was deployed by other means")
            : t("does not go back by itself if the switch cuts the connection"),
        ]
      : []),
    ...(switches && cutting.length > 0 ? [t("restarts {0}", cutting.join(", "))] : []),
    ...(switches && reboot === true ? [t("needs a reboot to use all of it")] : []),
    ...(gaps.length > 0 ? [t("could not be asked everything")] : []),
  ];
}

/** Units that carry the connection by which we came. */
function cutsOff(unit: string): boolean {
  return /^(sshd?|network|networking|systemd-networkd|NetworkManager|firewall|nftables|dhcpcd|wireguard-.*|wg-quick-.*|tailscaled|zerotierone)\.(service|socket)$/.test(
    unit,
  );
}

/** deploy-rs goes back only to generations that it made itself. */
function isForeign({ plan, byDeployRs }: HostReview): boolean {
  return plan.tool === "deploy-rs" && plan.guardedByTool && byDeployRs === false;
}

/** Whether a switch that nobody confirms is taken back. */
function goesBack(review: HostReview): boolean {
  const { plan } = review;
  if (plan.watch !== undefined) return true;
  if (plan.guardedByTool) return !isForeign(review);
  return plan.steps.some(
    step => step.where === "activation" && (step.guardSeconds > 0 || step.mode === "boot"),
  );
}
