// option-unknown: a misspelt option of NixOS around Nix, caches and SSH.

import { UNKNOWN_TEXT } from "../eval/datum";
import type { OptionFact } from "../facts/facts";
import { editDistance, nearest } from "../knowledge/editDistance";
import { findLegacyOption, neverWasOption } from "../knowledge/legacyOptions";
import { findOptionSet, type OptionSet } from "../knowledge/nixosOptions";
import { renameAttribute } from "./entryFixes";
import type { FileContext, Rule, RuleMeta } from "./rule";

const meta: RuleMeta = {
  code: "option-unknown",
  category: "settings",
  severity: "warning",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "An option does not exist under this name",
    why: `The module system stops with \`\`The option \`nix.sshServe.key' does not exist\`\`. Only names close to a real option are reported, since
modules of your own may declare others. Names of nix.conf stand under \`nix.settings\`, not directly under \`nix\`.`,
    bad: ["{ nix.sshServe.enabled = true; }", '{ nix.substituters = [ "https://cache.example.org" ]; }'],
    good: ["{ nix.sshServe.enable = true; }"],
  },
};

export const optionUnknown: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const fact of ctx.facts.options) {
      const { option, nameSpan } = fact;
      const meant = meantBy(option);
      if (meant === undefined || isForDroid(option, nameSpan.path, ctx)) continue;
      const parent = option.slice(0, -1);
      const full = [...parent, meant].join(".");
      report({
        span: nameSpan,
        missingOption: option.join("."),
        message: `the option ${option.join(".")} does not exist, so the configuration cannot be evaluated; did you mean ${full}?`,
        fixes: renameAttribute(fact, meant.split("."), { title: `Rename to ${full}`, safety: "safe" }),
      });
    }
  },
};

/** Options that exist somewhere (home-manager, nix-darwin, older NixOS) and look like misspelt ones. */
const REAL: ReadonlySet<string> = new Set([
  "nix.channels",
  "nix.extraConfig",
  "nix.version",
  "services.openssh.port",
]);

const DROID_OPTIONS = new Set(["nix.substituters", "nix.trustedPublicKeys"]);
/** The name of nix-on-droid, and options that only it has. */
const DROID = /nix-on-droid|\betcBackupExtension\b|\bandroid-integration\b|\benvironment\.packages\b/;

/** nix-on-droid has these options, which NixOS has not. */
function isForDroid(option: OptionFact["option"], path: string, { textOf }: FileContext): boolean {
  return DROID_OPTIONS.has(option.join(".")) && DROID.test(`${path}\n${textOf(path) ?? ""}`);
}

/** The name to write below the same set; undefined if the option may exist. */
function meantBy(option: OptionFact["option"]): string | undefined {
  const parent = option.slice(0, -1);
  const name = option.at(-1) ?? "";
  if (option.some(part => part.includes(UNKNOWN_TEXT)) || REAL.has(option.join("."))) return undefined;
  if (parent.join(".") === "nix") {
    const never = neverWasOption(name);
    if (never !== undefined) return never.slice(1).join(".");
    if (findLegacyOption(name) !== undefined) return undefined;
  }
  const set = findOptionSet(parent);
  if (set === undefined || parent.join(".") === "nix.settings") return undefined;
  return nearOption(set, name);
}

function nearOption(set: OptionSet, name: string): string | undefined {
  if (set.options.some(option => option.name === name)) return undefined;
  const near = nearest(
    name,
    set.options.map(option => option.name),
  );
  // Where other names are allowed, only a slip of one letter is certainly one.
  const certain = near !== undefined && (!set.open || editDistance(name, near, 1) === 1);
  return certain ? near : undefined;
}
