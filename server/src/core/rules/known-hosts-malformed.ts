// known-hosts-malformed: a pinned host key that ssh cannot use, in programs.ssh.knownHosts or in the URL of an SSH cache.

import {
  type AttrsDatum,
  branchesOf,
  type Condition,
  type Datum,
  type PathDatum,
  spanInText,
  type TextDatum,
} from "../eval/datum";
import type { FileFacts, OptionFact } from "../facts/facts";
import type { Host } from "../fleet/fleet";
import { parsePinnedHostKey } from "../formats/pinnedHostKey";
import { parseSshPublicKey } from "../formats/sshPublicKey";
import { parseStoreUrl, type StoreUrl } from "../formats/storeUrl";
import { quotedName } from "./attributeFixes";
import { replaceInText } from "./entryFixes";
import { type HostFinding, reportForHosts } from "./hostFindings";
import { type SettingEntry, SUBSTITUTERS, settingEntries, whereClause } from "./listEntries";
import type { FileContext, Report, Rule, RuleMeta } from "./rule";
import { whatIsWrongWithSshKey } from "./sshKeyWording";

const BLOB = "AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55";

const meta: RuleMeta = {
  code: "known-hosts-malformed",
  category: "ssh",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "A pinned host key is not one that ssh can use",
    why: `\`programs.ssh.knownHosts.NAME\` takes exactly one of \`publicKey\` and \`publicKeyFile\` (else the assertion
\`knownHost NAME must contain either a publicKey or publicKeyFile\` stops the build). \`publicKey\` is \`TYPE BASE64\` without the host name that
ssh-keyscan prints in front, and so is what stands in \`publicKeyFile\`. \`base64-ssh-public-host-key\` in a URL is the Base64 of that whole text, not the blob alone.

With a key that does not match, ssh ends with \`Host key verification failed.\` and the build stops.`,
    bad: [
      `{ programs.ssh.knownHosts.stage.publicKey = "stage.example.org ssh-ed25519 ${BLOB}"; }`,
      `{ nix.settings.substituters = [ "ssh://nix-ssh@stage?base64-ssh-public-host-key=${BLOB}" ]; }`,
    ],
    good: [`{ programs.ssh.knownHosts.stage.publicKey = "ssh-ed25519 ${BLOB}"; }`],
  },
};

export const knownHostsMalformed: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const fact of ctx.facts.options) {
      if (!isKnownHost(fact)) continue;
      const [, , , , option] = fact.option;
      for (const { value, conditions } of branchesOf(fact.value, fact.conditions)) {
        if (option === "publicKey" && value.kind === "text") checkKey(ctx, value, conditions, report);
        if (option === "publicKeyFile" && value.kind === "path") checkKeyFile(ctx, value, conditions, report);
      }
      if (option === "publicKey") checkBoth(ctx.facts, fact, report);
    }
    for (const entry of settingEntries(ctx.facts, ...SUBSTITUTERS)) {
      const { url } = parseStoreUrl(entry.datum.text);
      if (url?.family === "ssh") checkPin(ctx, entry, url, report);
    }
  },
  checkFleet(ctx, report) {
    reportForHosts(ctx.fleet.hosts.flatMap(hostsWithoutKey), report);
  },
};

/** Entries that certainly have no key, from no module. */
function hostsWithoutKey(host: Host): readonly HostFinding[] {
  const known = host.effective.get("programs.ssh.knownHosts");
  if (known?.kind !== "attrs" || host.why.length > 0) return [];
  return [...known.entries].flatMap(([name, { value, nameSpan }]) => {
    const written = host.options.find(fact => isKnownHost(fact) && fact.option[3] === name);
    const span = written?.nameSpan ?? (nameSpan.path === "" ? undefined : nameSpan);
    if (value.kind !== "attrs" || span === undefined || !isNull(value, "publicKey")) return [];
    if (!isNull(value, "publicKeyFile")) return [];
    return [
      {
        span,
        host,
        before: `programs.ssh.knownHosts.${quotedName(name)} has neither publicKey nor publicKeyFile on `,
        after: ": the build stops, exactly one is needed",
      },
    ];
  });
}

function isNull(entry: AttrsDatum, option: string): boolean {
  const value = entry.entries.get(option)?.value;
  return value?.kind === "scalar" && value.value === null;
}

function isKnownHost({ option }: OptionFact): boolean {
  return option.length === 5 && option[0] === "programs" && option[2] === "knownHosts";
}

function checkKey(
  ctx: FileContext,
  datum: TextDatum,
  conditions: readonly Condition[],
  report: Report,
): void {
  const reading = parseSshPublicKey(datum.text);
  if (reading.kind !== "problem") return;
  const { problem } = reading;
  const [instead, second] = problem.instead ?? [];
  const whole = { start: 0, end: datum.text.length };
  const edits =
    instead === undefined || second !== undefined ? undefined : replaceInText(ctx, datum, whole, instead);
  const what = whatIsWrongWithSshKey(problem, datum.text.slice(problem.start, problem.end));
  report({
    span: spanInText(datum, problem.start, problem.end),
    message: `${what}${whereClause(conditions)}: ssh cannot use this host key and ends with "Host key verification failed"`,
    fixes: edits === undefined ? [] : [{ title: "Write the key alone", safety: "safe", edits }],
  });
}

/** NixOS puts the host names in front of what the file holds, so its first line has to be the key. */
function checkKeyFile(
  ctx: FileContext,
  { path, span }: PathDatum,
  conditions: readonly Condition[],
  report: Report,
): void {
  const [line = ""] = (ctx.textOf(path) ?? "").trimStart().split("\n", 1);
  const reading = parseSshPublicKey(line);
  if (line === "" || reading.kind !== "problem") return;
  const start = (ctx.textOf(path) ?? "").indexOf(line);
  const what = whatIsWrongWithSshKey(reading.problem, line.slice(reading.problem.start, reading.problem.end));
  report({
    span,
    message: `${path.slice(path.lastIndexOf("/") + 1)} holds no host key that ssh can use (${what})${whereClause(conditions)}: ssh ends with "Host key verification failed"`,
    related: [{ span: { path, start, end: start + line.length }, message: "the first line" }],
  });
}

/** Both kinds of key for one host, each certainly given. */
function checkBoth(facts: FileFacts, key: OptionFact, report: Report): void {
  if (!isGiven(key.value) || key.conditions.length > 0) return;
  const name = key.option[3] ?? "";
  const file = facts.options.find(
    other =>
      isKnownHost(other) &&
      other.option[3] === name &&
      other.option[4] === "publicKeyFile" &&
      other.conditions.length === 0 &&
      other.priority.level === key.priority.level &&
      isGiven(other.value),
  );
  if (file === undefined) return;
  report({
    span: key.nameSpan,
    message: `programs.ssh.knownHosts.${quotedName(name)} has both publicKey and publicKeyFile: the build stops, exactly one is allowed`,
    related: [{ span: file.nameSpan, message: "the other one" }],
  });
}

function isGiven(value: Datum): boolean {
  return value.kind === "text" || value.kind === "path";
}

const PIN = "base64-ssh-public-host-key";

/** The pin must decode to `TYPE BLOB`; the blob alone is what people paste. */
function checkPin(
  ctx: FileContext,
  { datum, conditions }: SettingEntry,
  url: StoreUrl,
  report: Report,
): void {
  const value = url.parameters.findLast(parameter => parameter.name.text === PIN)?.value;
  const reading = value === undefined ? undefined : parsePinnedHostKey(value.decoded);
  if (value === undefined || reading?.kind !== "problem") return;
  const { instead, problem } = reading;
  const edits = instead === undefined ? undefined : replaceInText(ctx, datum, value, instead);
  report({
    span: spanInText(datum, value.start, value.end),
    message: `${PIN} must be the Base64 of "TYPE BLOB"${PIN_WORDS[problem]}${whereClause(conditions)}: ssh ends with "Host key verification failed"`,
    fixes: edits === undefined ? [] : [{ title: "Encode type and key", safety: "safe", edits }],
  });
}

const PIN_WORDS = {
  "not-encoded": ", not that text itself",
  blob: ", not the blob alone",
  "bad-base64": " and is no Base64",
  "not-a-key": " and holds no key",
} as const;
