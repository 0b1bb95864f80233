// What language models may ask: lists, explanations, observations and plans, as plain text. Everything here is a function of
// what is known already. It is given no process, no connection, no file and no command, so it can change nothing.

import type { FleetSnapshot, HostSnapshot } from "../../../server/src/protocol";
import { redact } from "../redact";
import { addressOf } from "../state/hostAddress";
import { runningGeneration } from "../state/hostFacts";
import type { LedgerEntry } from "../state/ledger";
import type { Observation } from "../state/observedStore";

/** All that an answer can be made of. */
export interface Knowledge {
  readonly fleet: FleetSnapshot | undefined;
  observation(host: string): Observation | undefined;
  /** Oldest first. */
  readonly ledger: readonly LedgerEntry[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A finding in a file, as the editor shows it. */
export interface ShownFinding {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly related: readonly string[];
}

const NOTHING_READ = "No configuration has been read yet in this workspace.";
/** Answers cost the one who asks; a fleet may have hundreds of hosts. */
const MAX_CHARACTERS = 20_000;

export function listHosts({ fleet, observation, now }: Knowledge, tag: string | undefined): string {
  if (fleet === undefined) return NOTHING_READ;
  const hosts = fleet.hosts.filter(host => tag === undefined || host.tags.includes(tag));
  if (hosts.length === 0)
    return tag === undefined ? "The workspace defines no hosts." : `No host has the tag ${tag}.`;
  return bounded(hosts.map(host => hostLine(host, observation(host.name), now)));
}

function hostLine(host: HostSnapshot, seen: Observation | undefined, now: number): string {
  const parts = [
    `address ${addressOf(host) ?? "not known by reading"}`,
    `tools ${host.tools.join(", ")}`,
    ...(host.system === null ? [] : [`system ${host.system}`]),
    ...(host.tags.length === 0 ? [] : [`tags ${host.tags.join(", ")}`]),
    ...(host.substituters.length === 0 ? [] : [`asks ${host.substituters.join(" ")}`]),
    ...(host.unknown.length === 0 ? [] : [`not known by reading: ${host.unknown.join(", ")}`]),
    stateOf(seen, now),
  ];
  return `- ${host.name}: ${parts.join("; ")}`;
}

function stateOf(seen: Observation | undefined, now: number): string {
  if (seen === undefined) return "not asked yet";
  const minutes = Math.max(0, Math.round((now - seen.at) / 60_000));
  return seen.answer.kind === "reached" ? `answered ${minutes} min ago` : `did not answer ${minutes} min ago`;
}

/** What a host said it runs, against what was last deployed from here. */
export function showDrift(knowledge: Knowledge, name: string): string {
  const { fleet, ledger } = knowledge;
  const host = fleet?.hosts.find(each => each.name === name);
  if (host === undefined) return unknownHost(fleet, name);
  const seen = knowledge.observation(name);
  const last = ledger.findLast(entry => entry.host === name && entry.outcome === "landed");
  const lines = [stateOf(seen, knowledge.now)];
  if (seen?.told === undefined)
    lines.push("It has not told what it runs. The user can refresh it in the view Hosts.");
  else lines.push(...factLines(seen, last));
  lines.push(
    last === undefined
      ? "Nothing is recorded as deployed to it from here."
      : `Last deployed from here: ${last.newSystem ?? "?"} at ${last.at}, commit ${last.commit ?? "unknown"}${last.dirty === true ? " with further changes" : ""}.`,
  );
  return bounded([`${name}:`, ...lines]);
}

function factLines({ told }: Observation, last: LedgerEntry | undefined): readonly string[] {
  if (told === undefined) return [];
  const { facts } = told;
  const generation = runningGeneration(facts);
  const lines = [
    `Runs ${facts.currentSystem ?? "an unknown system"}${generation === undefined ? "" : `, generation ${generation.number}`}.`,
  ];
  if (facts.configurationRevision !== undefined)
    lines.push(`Built from revision ${facts.configurationRevision}.`);
  if (facts.profileSystem !== facts.currentSystem)
    lines.push("The next boot gets another system than the one that runs.");
  if (facts.rebootNeeded === true) lines.push("It needs a reboot for its kernel.");
  if (facts.failedUnits !== undefined && facts.failedUnits.length > 0)
    lines.push(`Failed units: ${facts.failedUnits.join(", ")}.`);
  if (last?.newSystem !== undefined && last.newSystem !== null) {
    const same = last.newSystem === facts.currentSystem;
    lines.push(
      same
        ? "It runs what was last deployed from here."
        : "It does NOT run what was last deployed from here.",
    );
  }
  return lines;
}

function unknownHost(fleet: FleetSnapshot | undefined, name: string): string {
  if (fleet === undefined) return NOTHING_READ;
  return `There is no host ${name}. Hosts: ${fleet.hosts.map(host => host.name).join(", ")}.`;
}

/** Findings with the page of each rule. `page` answers undefined for codes without one. */
export function explainFindings(
  findings: readonly ShownFinding[],
  asked: { readonly path: string | undefined; readonly code: string | undefined },
  page: (code: string) => string | undefined,
): string {
  const wanted = findings.filter(
    ({ path, code }) =>
      (asked.path === undefined || path === asked.path || path.endsWith(`/${asked.path}`)) &&
      (asked.code === undefined || code === asked.code),
  );
  const codes = [...new Set(asked.code === undefined ? wanted.map(({ code }) => code) : [asked.code])];
  const pages = codes.flatMap(code => page(code) ?? []);
  if (wanted.length === 0 && pages.length === 0) return "There is no such finding.";
  const lines = wanted.flatMap(({ path, line, code, severity, message, related }) => [
    `- ${path}:${line}: ${severity} ${code}: ${message}`,
    ...related.map(each => `  - ${each}`),
  ]);
  return bounded([...lines, ...pages.map(text => `\n${text}`)]);
}

/** Cut at a line, and without what looks like a secret, wherever it came from. */
export function bounded(lines: readonly string[]): string {
  const text = redact(lines.join("\n"));
  if (text.length <= MAX_CHARACTERS) return text;
  const cut = text.lastIndexOf("\n", MAX_CHARACTERS);
  return `${text.slice(0, cut < 0 ? MAX_CHARACTERS : cut)}\n… (cut)`;
}
