// The rows under a host that come from the host itself: what it runs, what it could go back to, and how it is.

import type { HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import { formatAge, formatBytes, formatTime } from "../state/amounts";
import { type CacheReach, type HostFacts, type Memory, runningGeneration } from "../state/hostFacts";
import type { Observation, Told } from "../state/observedStore";
import { escapeMarkdown, type NodeIcon, type TreeNodeData } from "../treeNode";
import { type Drift, describeDrift } from "./drift";
import { generationsRow } from "./generationRows";
import { isBootLow, isLow, swaps } from "./hostState";
import { sameOnce } from "./probe/script";
import { infoRow } from "./rows";

const WARNING: NodeIcon = { id: "warning", color: "list.warningForeground" };

/** @param id of the host's row, of which these become part */
export function observedRows(
  id: string,
  host: HostSnapshot,
  observation: Observation | undefined,
  drift: Drift | undefined,
): readonly TreeNodeData[] {
  if (observation === undefined) return [];
  const { answer, told } = observation;
  const failure = answer.kind === "failed" ? failureRows(id, host, answer) : [];
  if (told === undefined) return failure;
  const { facts } = told;
  return [
    ...failure,
    ...runningRow(id, facts),
    ...driftRow(id, drift),
    ...generationsRow(id, host.name, facts),
    ...failedUnitsRow(id, facts),
    ...cachesRow(id, host, told),
    ...diskRows(id, facts),
    ...memoryRow(id, facts.memory),
    machineRow(id, facts),
    ...clockRow(id, told),
    askedRow(id, told),
  ];
}

function failureRows(
  id: string,
  host: HostSnapshot,
  answer: Extract<Observation["answer"], { kind: "failed" }>,
): readonly TreeNodeData[] {
  const row = infoRow({
    id: `${id}:failure`,
    label: t("Not reached"),
    description: answer.why,
    icon: { id: "error", color: "testing.iconFailed" },
    tooltip: escapeMarkdown(answer.why),
  });
  if (answer.hostKey === undefined) return [row];
  const label =
    answer.hostKey.verdict === "unknown" ? t("Look at its host key…") : t("Why its host key is refused…");
  const key = infoRow({ id: `${id}:hostkey`, label, icon: { id: "key" } });
  return [row, { ...key, run: "nixDeploy.acceptHostKey", subject: { kind: "host", name: host.name } }];
}

function runningRow(id: string, facts: HostFacts): readonly TreeNodeData[] {
  if (facts.currentSystem === undefined) {
    const label =
      facts.system === "no-nix"
        ? t("There is no Nix on this host")
        : facts.system === "nixos"
          ? t("It runs no system that can be named")
          : t("Not NixOS: it has no system of its own");
    return [infoRow({ id: `${id}:running`, label, description: facts.osName, icon: { id: "info" } })];
  }
  const running = runningGeneration(facts);
  const age = running?.date === undefined ? undefined : formatAge(facts.clock - running.date);
  const description = [
    running === undefined ? undefined : t("generation {0}", running.number),
    facts.nixosVersion,
    age,
  ];
  const row = (key: string, label: string, value: string | undefined, icon: NodeIcon): TreeNodeData[] =>
    value === undefined ? [] : [infoRow({ id: `${id}:running:${key}`, label, description: value, icon })];
  const booted = facts.bootedSystem === facts.currentSystem ? undefined : facts.bootedSystem;
  const next = facts.profileSystem === facts.currentSystem ? undefined : facts.profileSystem;
  const children = [
    ...row("path", t("System"), facts.currentSystem, { id: "package" }),
    ...row("revision", t("Revision"), facts.configurationRevision, { id: "git-commit" }),
    ...row("booted", t("Booted with another"), booted, { id: "vm-running" }),
    ...row("next", t("The next boot gets another"), next, {
      id: "debug-restart",
      color: "list.warningForeground",
    }),
    ...(facts.rebootNeeded === true
      ? row("reboot", t("Reboot needed"), t("kernel, initrd or modules differ from what was booted"), WARNING)
      : []),
  ];
  return [
    infoRow({
      id: `${id}:running`,
      label: t("Runs"),
      description: description.filter(part => part !== undefined).join(" · "),
      icon: { id: "play-circle" },
      children,
    }),
  ];
}

function driftRow(id: string, drift: Drift | undefined): readonly TreeNodeData[] {
  if (drift === undefined) return [];
  const { short, long, drifted } = describeDrift(drift);
  const icon = drifted ? { id: "git-compare", color: "charts.blue" } : { id: "git-commit" };
  const tooltip = escapeMarkdown(long);
  return [infoRow({ id: `${id}:drift`, label: t("Repository"), description: short, icon, tooltip })];
}

function failedUnitsRow(id: string, facts: HostFacts): readonly TreeNodeData[] {
  const units = facts.failedUnits ?? [];
  if (units.length === 0) return [];
  const children = units.map((unit, index) =>
    infoRow({ id: `${id}:units:${index}`, label: unit, icon: { id: "error" } }),
  );
  const description = String(units.length);
  return [infoRow({ id: `${id}:units`, label: t("Failed units"), description, icon: WARNING, children })];
}

/** The caches of the configuration and those that the host says it asks. */
function cachesRow(id: string, host: HostSnapshot, told: Told): readonly TreeNodeData[] {
  const urls = sameOnce([...host.substituters, ...(told.facts.settings?.substituters ?? [])]);
  if (urls.length === 0) return [];
  const reach = new Map(told.caches?.map(cache => [cache.url, cache]));
  const away = [...reach.values()].filter(cache => !cache.reached).length;
  const children = urls.map((url, index) => cacheRow(`${id}:caches:${index}`, url, reach.get(url)));
  const description = away === 0 ? String(urls.length) : t("{0}, {1} out of reach", urls.length, away);
  const icon = away === 0 ? { id: "database" } : WARNING;
  return [infoRow({ id: `${id}:caches`, label: t("Asks caches"), description, icon, children })];
}

function cacheRow(id: string, url: string, reach: CacheReach | undefined): TreeNodeData {
  if (reach === undefined)
    return infoRow({ id, label: url, description: t("not tried"), icon: { id: "database" } });
  if (!reach.reached) {
    const description = t("out of reach: {0}", reach.why ?? "");
    return infoRow({ id, label: url, description, icon: WARNING, tooltip: escapeMarkdown(description) });
  }
  const description =
    reach.milliseconds === undefined ? t("reached") : t("reached in {0} ms", reach.milliseconds);
  return infoRow({ id, label: url, description, icon: { id: "pass" } });
}

function diskRows(id: string, facts: HostFacts): readonly TreeNodeData[] {
  const { storeSpace, bootSpace } = facts;
  const text = (space: { free: number; total: number }) =>
    t("{0} free of {1}", formatBytes(space.free), formatBytes(space.total));
  const store = storeSpace && [
    infoRow({
      id: `${id}:disk`,
      label: "/nix/store",
      description: text(storeSpace),
      icon: isLow(storeSpace) ? WARNING : { id: "archive" },
    }),
  ];
  const boot = bootSpace &&
    isBootLow(bootSpace) && [
      infoRow({ id: `${id}:boot`, label: "/boot", description: text(bootSpace), icon: WARNING }),
    ];
  return [...(store || []), ...(boot || [])];
}

function memoryRow(id: string, memory: Memory | undefined): readonly TreeNodeData[] {
  if (!swaps(memory)) return [];
  const advice = t(
    "It swaps. Build elsewhere (a build host or here), use a binary cache, or give it more memory.",
  );
  return [
    infoRow({
      id: `${id}:memory`,
      label: t("Short of memory"),
      description: t(
        "{0} of {1} left, {2} swapped",
        formatBytes(memory.available),
        formatBytes(memory.total),
        formatBytes(memory.swapTotal - memory.swapFree),
      ),
      icon: WARNING,
      tooltip: escapeMarkdown(advice),
      children: [infoRow({ id: `${id}:memory:advice`, label: advice, icon: { id: "lightbulb" } })],
    }),
  ];
}

function machineRow(id: string, facts: HostFacts): TreeNodeData {
  const row = (key: string, label: string, value: string | undefined): TreeNodeData[] =>
    value === undefined
      ? []
      : [infoRow({ id: `${id}:machine:${key}`, label, description: value, icon: { id: "dash" } })];
  const { login, load1, cpuCount, uptimeSeconds } = facts;
  const rights =
    login.isRoot || login.sudoWithoutPassword === undefined
      ? login.user
      : login.sudoWithoutPassword
        ? t("{0}, sudo without password", login.user)
        : t("{0}, no sudo without password", login.user);
  const load =
    load1 === undefined
      ? undefined
      : cpuCount === undefined
        ? String(load1)
        : t("{0} on {1} CPUs", load1, cpuCount);
  return infoRow({
    id: `${id}:machine`,
    label: t("Machine"),
    description: [facts.hostName, facts.nixVersion === undefined ? undefined : `Nix ${facts.nixVersion}`]
      .filter(part => part !== undefined)
      .join(" · "),
    icon: { id: "server" },
    children: [
      ...row("os", t("Operating system"), facts.osName),
      ...row("kernel", t("Kernel"), facts.kernel),
      ...row("nix", "Nix", facts.nixVersion),
      ...row("uptime", t("Up for"), uptimeSeconds === undefined ? undefined : formatAge(uptimeSeconds)),
      ...row("load", t("Load"), load),
      ...row("login", t("Logged in as"), rights),
      ...row("hostkey", t("Host key"), facts.hostPublicKey),
      ...row("rootkey", t("Root's key"), facts.rootPublicKey),
    ],
  });
}

const CLOCK_TOLERANCE_SECONDS = 300;

function clockRow(id: string, told: Told): readonly TreeNodeData[] {
  const off = told.facts.clock - told.at / 1000;
  if (Math.abs(off) < CLOCK_TOLERANCE_SECONDS) return [];
  const amount = formatAge(Math.abs(off)) ?? "";
  const description = off > 0 ? t("{0} ahead of ours", amount) : t("{0} behind ours", amount);
  return [infoRow({ id: `${id}:clock`, label: t("Its clock is wrong"), description, icon: WARNING })];
}

function askedRow(id: string, told: Told): TreeNodeData {
  const description = [
    formatTime(told.at),
    t("observed"),
    told.facts.truncated ? t("it did not tell everything in time") : undefined,
  ];
  return infoRow({
    id: `${id}:asked`,
    label: t("Asked"),
    description: description.filter(part => part !== undefined).join(" · "),
    icon: { id: "comment" },
  });
}
