// Runs rules and turns what they report into findings. A crash of one rule is data beside the findings of the others.

import { type Crash, crashOf } from "../crash";
import type { FileFacts } from "../facts/facts";
import type { Host } from "../fleet/fleet";
import { LineIndex } from "../text/lineIndex";
import { compareSpans, type Span } from "../text/span";
import { evaluatedFacts, evaluatedHosts } from "./evaluatedSettings";
import { withoutRepetitions } from "./repeatedFindings";
import type { Draft, FileContext, Finding, FleetContext, Rule, Severity } from "./rule";
import { readSuppressions } from "./suppressions";

/** At most so many findings are given for one file: beyond that nobody reads them. */
export const MAX_FINDINGS = 100;

/** What the rules said, before severities and suppressions. Depends on the facts alone, so it can be kept. */
export interface Judgement {
  readonly drafts: readonly CodedDraft[];
  readonly crashes: readonly Crash[];
}

export interface CodedDraft extends Draft {
  readonly rule: Rule;
}

/** Judges what one file says by itself. */
export function judgeFile(rules: readonly Rule[], ctx: FileContext): Judgement {
  return judge(rules, ctx.facts.path, (rule, report) => rule.checkFile?.(ctx, report));
}

/**
 * Judges the fleet: rules about hosts together, and the rules about single files once more with what evaluation found
 * for each host, so that a value is judged even if it reached its option through functions and other files.
 */
export function judgeFleet(
  rules: readonly Rule[],
  ctx: FleetContext,
  known: HostJudgements = new WeakMap(),
): Judgement {
  const path = ctx.fleet.entryPoints[0]?.path ?? "";
  const judgements = [
    judge(rules, path, (rule, report) => rule.checkFleet?.(ctx, report)),
    ...ctx.fleet.hosts.map(host => judgeHost(rules, ctx, host, known)),
    ...evaluatedHosts(ctx.fleet).map(host => judgeEvaluated(rules, host, ctx.textOf)),
  ];
  return {
    drafts: judgements.flatMap(each => each.drafts),
    crashes: judgements.flatMap(each => each.crashes),
  };
}

/** What only real Nix knows about a host: it stands in no file, so the finding says so and nothing is there to be edited. */
function judgeEvaluated(rules: readonly Rule[], host: Host, textOf: FileContext["textOf"]): Judgement {
  const path = host.definitions[0]?.entryPoint ?? "";
  const settings = evaluatedFacts(host);
  const facts: FileFacts = { ...NOTHING, path, settings };
  const judgement = settings.length === 0 ? { drafts: [], crashes: [] } : judgeFile(rules, { facts, textOf });
  const drafts = judgement.drafts.map(draft => ({
    ...draft,
    message: `${draft.message} (on host "${host.name}", as real Nix evaluated it)`,
    fixes: [],
  }));
  return { ...judgement, drafts };
}

const NOTHING = { options: [], settings: [], confs: [], computedFlakeConfig: [], texts: [] };

/** What was said of hosts before: it holds for as long as the host and the texts that were looked at are the same. */
export type HostJudgements = WeakMap<Host, JudgedHost>;

interface JudgedHost extends Judgement {
  readonly texts: ReadonlyMap<string, string | undefined>;
}

function judgeHost(
  rules: readonly Rule[],
  { textOf }: FleetContext,
  host: Host,
  known: HostJudgements,
): Judgement {
  const before = known.get(host);
  if (before !== undefined && [...before.texts].every(([path, text]) => textOf(path) === text)) return before;
  const texts = new Map<string, string | undefined>();
  const noted = (path: string): string | undefined => {
    const text = textOf(path);
    texts.set(path, text);
    return text;
  };
  const judged = { ...judgeFile(rules, { facts: factsOfHost(host), textOf: noted }), texts };
  known.set(host, judged);
  return judged;
}

function factsOfHost(host: Host): FileFacts {
  return {
    ...NOTHING,
    path: host.definitions[0]?.entryPoint ?? "",
    options: host.options,
    settings: host.settings,
  };
}

function judge(
  rules: readonly Rule[],
  path: string,
  run: (rule: Rule, report: (draft: Draft) => void) => void,
): Judgement {
  const drafts: CodedDraft[] = [];
  const crashes: Crash[] = [];
  let judging: Rule | undefined;
  const report = (draft: Draft): void => {
    if (judging !== undefined) drafts.push({ ...draft, rule: judging });
  };
  for (const rule of rules) {
    const before = drafts.length;
    judging = rule;
    try {
      run(rule, report);
    } catch (error) {
      drafts.length = before;
      crashes.push(crashOf(rule.meta.code, path, error));
    }
  }
  return { drafts, crashes };
}

/** What users decide about findings. */
export interface EngineConfig {
  readonly severities: Readonly<Record<string, Severity | "off">>;
  /** Whether rules about the language itself speak. */
  readonly languageDiagnostics: boolean;
}

/** What the rest of the workspace says about the definitions of a file. */
export interface Surroundings {
  /** Those that take no effect on any host. */
  readonly overridden: readonly Span[];
  /** Options that modules of the workspace declare. */
  readonly declared: ReadonlySet<string>;
}

/** The findings of one file: severities and suppressions applied, each thing said once, sorted, bounded. */
export function findingsOf(
  drafts: readonly CodedDraft[],
  text: string,
  { severities, languageDiagnostics }: EngineConfig,
  { overridden, declared }: Surroundings,
): readonly Finding[] {
  if (drafts.length === 0) return [];
  const suppressions = readSuppressions(text);
  const lines = suppressions.size > 0 ? new LineIndex(text) : undefined;
  const seen = new Set<string>();
  const findings: Finding[] = [];
  for (const { rule, missingOption, span, message, related = [], fixes = [] } of drafts) {
    const { code } = rule.meta;
    const severity = severities[code] ?? rule.meta.severity;
    if (severity === "off" || (rule.meta.language === true && !languageDiagnostics)) continue;
    if (rule.meta.ofEffect === true && overridden.some(weak => isInside(span, weak))) continue;
    if (missingOption !== undefined && declared.has(missingOption)) continue;
    const id = `${code}\0${span.start}\0${span.end}\0${message}`;
    if (seen.has(id)) continue;
    seen.add(id);
    if (lines !== undefined && suppressions.get(lines.position(span.start).line)?.has(code)) continue;
    findings.push({ code, severity, span, message, related, fixes });
  }
  return withoutRepetitions(findings.sort(compareFindings)).slice(0, MAX_FINDINGS);
}

function isInside(inner: Span, outer: Span): boolean {
  return inner.path === outer.path && outer.start <= inner.start && inner.end <= outer.end;
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    compareSpans(a.span, b.span) ||
    (a.code < b.code ? -1 : a.code > b.code ? 1 : a.message < b.message ? -1 : 1)
  );
}
