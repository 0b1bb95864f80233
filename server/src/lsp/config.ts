// The server's settings: one schema, parsed field by field, so that a bad field is reported and the others apply.

import * as v from "valibot";
import type { AnalysisConfig } from "../core/analysis";
import type { Severity } from "../core/rules/rule";

export interface Config {
  /** `auto` follows whether another extension reports Nix syntax errors. */
  readonly languageDiagnostics: "auto" | "on" | "off";
  readonly severities: Readonly<Record<string, Severity | "off">>;
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
}

/** A setting that is not what it should be; its default is used instead. */
export interface ConfigProblem {
  /** As people find it in their settings: `nixDeploy.rules.key-malformed`. */
  readonly setting: string;
  readonly message: string;
}

export const DEFAULT_SETTINGS: Config = {
  languageDiagnostics: "auto",
  severities: {},
  codeLens: true,
  inlayHints: true,
};

const severity = v.picklist(["error", "warning", "information", "hint", "off"]);
const languageDiagnostics = v.picklist(["auto", "on", "off"]);
const section = v.custom<Record<string, unknown>>(
  value => typeof value === "object" && value !== null && !Array.isArray(value),
  "must be an object",
);

/** Reads the section `nixDeploy` of the client's settings. `codes` are the rules that exist. */
export function parseConfig(raw: unknown, codes: ReadonlySet<string>): [Config, ConfigProblem[]] {
  const problems: ConfigProblem[] = [];
  const fields = v.safeParse(section, raw ?? {});
  if (!fields.success) return [DEFAULT_SETTINGS, [{ setting: "nixDeploy", message: "must be an object" }]];
  const read = <T>(name: string, schema: v.GenericSchema<unknown, T>, otherwise: T): T =>
    field(fields.output, name, schema, otherwise, problems);
  const config: Config = {
    languageDiagnostics: read("languageDiagnostics", languageDiagnostics, "auto"),
    severities: parseSeverities(fields.output["rules"], codes, problems),
    codeLens: read("codeLens.enabled", v.boolean(), true),
    inlayHints: read("inlayHints.enabled", v.boolean(), true),
  };
  return [config, problems];
}

/** What core needs of the settings. */
export function analysisConfig(config: Config, otherNixExtension: boolean): AnalysisConfig {
  const { languageDiagnostics: wish } = config;
  return {
    severities: config.severities,
    languageDiagnostics: wish === "on" || (wish === "auto" && !otherNixExtension),
  };
}

/** One field by its dotted name, whether the client nests sections or not. */
function field<T>(
  fields: Record<string, unknown>,
  name: string,
  schema: v.GenericSchema<unknown, T>,
  otherwise: T,
  problems: ConfigProblem[],
): T {
  const value = valueAt(fields, name);
  if (value === undefined || value === null) return otherwise;
  const parsed = v.safeParse(schema, value);
  if (parsed.success) return parsed.output;
  problems.push({ setting: `nixDeploy.${name}`, message: messageOf(parsed.issues) });
  return otherwise;
}

function valueAt(fields: Record<string, unknown>, name: string): unknown {
  if (name in fields) return fields[name];
  let at: unknown = fields;
  for (const part of name.split(".")) {
    const inner = v.safeParse(section, at);
    if (!inner.success) return undefined;
    at = inner.output[part];
  }
  return at;
}

function parseSeverities(
  raw: unknown,
  codes: ReadonlySet<string>,
  problems: ConfigProblem[],
): Config["severities"] {
  if (raw === undefined || raw === null) return {};
  const entries = v.safeParse(section, raw);
  if (!entries.success) {
    problems.push({
      setting: "nixDeploy.rules",
      message: "must be an object of severities by rule code",
    });
    return {};
  }
  const severities: Record<string, Severity | "off"> = {};
  for (const [code, value] of Object.entries(entries.output)) {
    const setting = `nixDeploy.rules.${code}`;
    const parsed = v.safeParse(severity, value);
    if (!codes.has(code)) problems.push({ setting, message: `there is no rule named ${code}` });
    else if (!parsed.success) problems.push({ setting, message: messageOf(parsed.issues) });
    else severities[code] = parsed.output;
  }
  return severities;
}

function messageOf(issues: readonly { readonly message: string }[]): string {
  return issues[0]?.message ?? "is not valid";
}
