// What completion offers as values: entries of lists by the setting they belong to, words of options with few values,
// and names behind a selection.

import type { Analysis } from "../analysis";
import { ACTIVATE_FUNCTIONS, DEPLOY_LIB_NAMES } from "../knowledge/deployRs";
import { EXPERIMENTAL_FEATURES } from "../knowledge/nixSettingsTable";
import { WELL_KNOWN_CACHES } from "../knowledge/wellKnownCaches";
import { nameOfKey, usersByText } from "./cacheFacts";
import type { Candidate } from "./completion";
import { nameInSet } from "./schema";

/** That derivations of nixpkgs ask for. */
const SYSTEM_FEATURES = ["kvm", "big-parallel", "nixos-test", "benchmark", "uid-range"];
const SYSTEMS = ["x86_64-linux", "aarch64-linux", "x86_64-darwin", "aarch64-darwin"];

/** Entries for the list at an attribute path; nothing where we do not know the list. */
export function listEntries(analysis: Analysis, path: readonly string[]): Candidate[] {
  const name = (path.at(-1) ?? "").replace(/^extra-/, "");
  switch (name) {
    case "substituters":
    case "trusted-substituters":
    case "binaryCaches":
      return cacheEntries(analysis);
    case "trusted-public-keys":
    case "binaryCachePublicKeys":
      return keyEntries(analysis);
    case "experimental-features":
      return EXPERIMENTAL_FEATURES.map(feature => plain(feature, "value", "experimental feature"));
    case "systems":
    case "extra-platforms":
    case "system":
      return SYSTEMS.map(system => plain(system, "value", "system"));
    case "system-features":
    case "supportedFeatures":
    case "mandatoryFeatures":
      return SYSTEM_FEATURES.map(feature => plain(feature, "value", "system feature"));
    default:
      return [];
  }
}

/** Caches of the fleet first, then well-known ones; each tells the key that belongs to it. */
function cacheEntries(analysis: Analysis): Candidate[] {
  const used = [...usersByText(analysis.fleet(), "substituters")].map(([url, hosts]) =>
    plain(url, "cache", hosts.length === 1 ? "asked by 1 host" : `asked by ${hosts.length} hosts`),
  );
  const known = WELL_KNOWN_CACHES.flatMap(({ url, keys, owner, retired }) => {
    if (url === undefined || retired === true) return [];
    const documentation = `Signs with:\n\n\`\`\`\n${keys.join("\n")}\n\`\`\``;
    return [{ ...plain(url, "cache", owner), documentation, keys }];
  });
  return unique([...used, ...known]);
}

function keyEntries(analysis: Analysis): Candidate[] {
  const used = [...usersByText(analysis.fleet(), "trusted-public-keys")].map(([key, hosts]) => ({
    ...plain(key, "key", hosts.length === 1 ? "trusted by 1 host" : `trusted by ${hosts.length} hosts`),
    label: nameOfKey(key) ?? key,
  }));
  const known = WELL_KNOWN_CACHES.flatMap(({ keys, url, owner, retired }) =>
    retired === true
      ? []
      : keys.map(key => ({ ...plain(key, "key", url ?? owner), label: nameOfKey(key) ?? key })),
  );
  return unique([...used, ...known]);
}

/** `true` and `false`, or the few values of an option. */
export function valueWords(path: readonly string[], file: string): Candidate[] {
  const doc = nameInSet(path.slice(0, -1), path.at(-1) ?? "", file);
  return (doc?.values ?? []).map(value => plain(value, "value", doc?.name ?? ""));
}

/** What may stand behind the last dot of a chain such as `self.nixosConfigurations.we`. */
export function selectionNames(
  analysis: Analysis,
  chain: string,
): { readonly typed: string; readonly candidates: readonly Candidate[] } | undefined {
  const typed = /[\w'-]*$/.exec(chain)?.[0] ?? "";
  const before = chain.slice(0, chain.length - typed.length);
  const configurations = /\b(nixosConfigurations|darwinConfigurations|homeConfigurations)\.$/.exec(
    before,
  )?.[1];
  if (configurations !== undefined)
    return { typed, candidates: configurationNames(analysis, configurations) };
  if (/^(?:inputs\.)?deploy-rs\.$/.test(before))
    return { typed, candidates: [plain("lib", "value", "deploy-rs")] };
  if (/^(?:inputs\.)?self\.$/.test(before))
    return { typed, candidates: [plain("nixosConfigurations", "value", "output of this flake")] };
  if (/\bpkgs\.deploy-rs\.lib\.activate\.$/.test(before)) return { typed, candidates: activateFunctions() };
  if (/\bpkgs\.deploy-rs\.lib\.$/.test(before)) return { typed, candidates: libNames() };
  if (/\bdeploy-rs\.lib\.$/.test(before))
    return { typed, candidates: SYSTEMS.map(system => plain(system, "value", "system")) };
  if (/\bdeploy-rs\.lib\.(\$\{[^}]*\}|[\w-]+)\.$/.test(before)) return { typed, candidates: libNames() };
  if (/\blib\.(\$\{[^}]*\}|[\w-]+)\.activate\.$/.test(before))
    return { typed, candidates: activateFunctions() };
  return undefined;
}

function libNames(): Candidate[] {
  return DEPLOY_LIB_NAMES.map(name => plain(name, "function", "deploy-rs"));
}

function activateFunctions(): Candidate[] {
  return ACTIVATE_FUNCTIONS.map(({ name, description, deprecated }) => ({
    ...plain(name, "function", deprecated ?? "deploy-rs activation"),
    documentation: description,
  }));
}

function configurationNames(analysis: Analysis, output: string): Candidate[] {
  const named = analysis.fleet().hosts.flatMap(host => {
    const paths = [...host.definitions.map(({ attrPath }) => attrPath), host.configuration?.attrPath ?? []];
    return paths.flatMap(([root, name]) =>
      root === output && name !== undefined ? [plain(name, "host", host.tools.join(", "))] : [],
    );
  });
  return unique(named);
}

function plain(text: string, kind: Candidate["kind"], detail: string): Candidate {
  return { label: text, kind, detail, documentation: "", newText: text, isSnippet: false };
}

function unique(candidates: readonly Candidate[]): Candidate[] {
  const byText = new Map<string, Candidate>();
  for (const candidate of candidates)
    if (!byText.has(candidate.newText.replace(/\/$/, "")))
      byText.set(candidate.newText.replace(/\/$/, ""), candidate);
  return [...byText.values()];
}
