// The state of a host in one word, with the text and icon that show it: what is done to it now, whether it answers, and
// whether somebody should look at it.

import type { HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import { formatBytes } from "../state/amounts";
import { sshTargetOf } from "../state/hostAddress";
import type { DiskSpace, HostFacts, Memory } from "../state/hostFacts";
import type { Answer, Observation } from "../state/observedStore";
import type { RunningDeployment } from "../state/runningDeployments";
import type { NodeIcon } from "../treeNode";
import { type Drift, describeDrift } from "./drift";

/** In the order in which somebody should look at them. */
export const STATE_KINDS = ["down", "attention", "drifted", "deploying", "unasked", "up"] as const;
export type StateKind = (typeof STATE_KINDS)[number];

export interface HostState {
  readonly kind: StateKind;
  /** A few words. */
  readonly text: string;
  /** More, where there is more to say. */
  readonly detail: readonly string[];
  readonly icon: NodeIcon;
}

export interface KnownOfHost {
  readonly host: HostSnapshot;
  readonly observation: Observation | undefined;
  readonly running: RunningDeployment | undefined;
  readonly drift: Drift | undefined;
}

export function hostState(known: KnownOfHost): HostState {
  const { host, observation, running, drift } = known;
  if (running !== undefined) {
    const text = t("{0}: {1}…", running.action, running.phase);
    return { kind: "deploying", text, detail: [], icon: { id: "sync~spin" } };
  }
  if (observation === undefined) {
    const text = sshTargetOf(host) === undefined ? t("address not known by reading") : t("not asked yet");
    return { kind: "unasked", text, detail: [], icon: { id: "server-environment" } };
  }
  if (observation.answer.kind === "failed") return down(observation.answer);
  const detail = observation.told === undefined ? [] : concerns(observation.told.facts);
  const { current, profile } = observation.answer.system;
  const nextBoot = current !== undefined && profile !== undefined && current !== profile;
  const all = nextBoot ? [t("next boot differs"), ...detail] : detail;
  const [first] = all;
  if (first !== undefined) {
    const icon = nextBoot ? "debug-restart" : "warning";
    return {
      kind: "attention",
      text: first,
      detail: all,
      icon: { id: icon, color: "list.warningForeground" },
    };
  }
  const told = drift === undefined ? undefined : describeDrift(drift);
  if (told?.drifted === true) {
    return {
      kind: "drifted",
      text: t("up"),
      detail: [told.long],
      icon: { id: "git-compare", color: "charts.blue" },
    };
  }
  return { kind: "up", text: t("up"), detail: [], icon: { id: "pass", color: "charts.green" } };
}

function down(answer: Extract<Answer, { kind: "failed" }>): HostState {
  const icon =
    answer.cause === "hostKey" || answer.cause === "auth"
      ? { id: "lock", color: "testing.iconFailed" }
      : { id: "error", color: "testing.iconFailed" };
  return { kind: "down", text: downText(answer), detail: [answer.why], icon };
}

function downText(answer: Extract<Answer, { kind: "failed" }>): string {
  switch (answer.cause) {
    case "hostKey":
      return answer.hostKey?.verdict === "unknown" ? t("host key not known") : t("host key changed");
    case "auth":
      return t("login refused");
    case "dns":
      return t("name not found");
    case "configuration":
      return t("SSH configuration");
    case "protocol":
      return t("answers wrongly");
    default:
      return t("no answer");
  }
}

/** What somebody should look at, the most urgent first. */
function concerns(facts: HostFacts): string[] {
  const failed = facts.failedUnits ?? [];
  return [
    ...(facts.system === "no-nix" ? [t("no Nix")] : []),
    ...(failed.length === 1
      ? [t("1 unit failed")]
      : failed.length > 1
        ? [t("{0} units failed", failed.length)]
        : []),
    ...(isLow(facts.storeSpace)
      ? [t("store nearly full: {0} free", formatBytes(facts.storeSpace.free))]
      : []),
    ...(isBootLow(facts.bootSpace)
      ? [t("/boot nearly full: {0} free", formatBytes(facts.bootSpace.free))]
      : []),
    ...(facts.rebootNeeded === true ? [t("reboot needed")] : []),
    ...(swaps(facts.memory) ? [t("short of memory")] : []),
  ];
}

const GIB = 1024 ** 3;
const MIB = 1024 ** 2;

/** Too little for the closure of one more system. */
export function isLow(space: DiskSpace | undefined): space is DiskSpace {
  return space !== undefined && space.free < 2 * GIB && space.free < space.total / 10;
}

/** A kernel and an initrd take some 60 MB. */
export function isBootLow(space: DiskSpace | undefined): space is DiskSpace {
  return space !== undefined && space.free < 80 * MIB && space.total > 0 && space.free < space.total / 2;
}

/** Much of the swap is used and little memory is left. */
export function swaps(memory: Memory | undefined): memory is Memory {
  if (memory === undefined || memory.swapTotal === 0) return false;
  const used = memory.swapTotal - memory.swapFree;
  return used > memory.swapTotal / 4 && memory.available < memory.total / 5;
}
