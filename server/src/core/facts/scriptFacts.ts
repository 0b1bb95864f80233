// What scripts, task files and workflows say about deploying: flags of nixos-rebuild and the actions of a workflow. Read
// line by line as text; whatever a shell, make or YAML makes of it besides is of no interest here.

import type { Span } from "../text/span";

/** A word of a command line that calls nixos-rebuild. */
export interface FlagFact {
  readonly flag: string;
  readonly span: Span;
}

/** `uses: OWNER/NAME@REF` of a workflow. */
export interface ActionFact {
  readonly action: string;
  readonly ref: string;
  /** OWNER/NAME@REF. */
  readonly span: Span;
  readonly refSpan: Span;
}

export interface ScriptFacts {
  readonly flags: readonly FlagFact[];
  readonly actions: readonly ActionFact[];
  /** A flake of the file system is named as `path:…`: Nix copies its folder as it is, whatever Git tracks. */
  readonly pathFlakes: boolean;
}

/** Whether a path is that of a justfile, Makefile, shell script (in a folder of these without ending) or GitHub workflow. */
export function isScript(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (/^(justfile|\.justfile|makefile|gnumakefile)$/i.test(name)) return true;
  return /\.(just|mk|sh|bash)$/.test(name) || /\/(bin|scripts?)\/[\w-]+$/.test(path) || isWorkflow(path);
}

/** Lines that are longer are data, not commands. */
const MAX_LINE = 2000;

export function readScript(path: string, text: string): ScriptFacts {
  const flags: FlagFact[] = [];
  const actions: ActionFact[] = [];
  const state = { command: false };
  let pathFlakes = false;
  for (const { 0: line, index } of text.matchAll(/[^\r\n]+/g)) {
    const code = line.length > MAX_LINE || /^\s*@?#/.test(line) ? "" : line.replace(/(^|\s)#\s.*$/, "");
    flags.push(...flagsOfLine(path, code, index, state));
    if (isWorkflow(path)) actions.push(...actionsOfLine(path, code, index));
    pathFlakes ||= /(^|[\s"'=])path:["']?[./~$]/.test(code);
  }
  return { flags, actions, pathFlakes };
}

function isWorkflow(path: string): boolean {
  return /\/\.github\/(workflows|actions)\/.*\.ya?ml$/.test(path);
}

/** Words behind `nixos-rebuild`, up to the end of the command; a backslash at the end of a line carries it on. */
function flagsOfLine(path: string, line: string, at: number, state: { command: boolean }): FlagFact[] {
  const flags: FlagFact[] = [];
  for (const { 0: word, index } of line.matchAll(/[^\s;|&()`"']+|[;|&()`]/g)) {
    if (/^[;|&()`]$/.test(word)) state.command = false;
    else if (/(^|[/#])nixos-rebuild(-ng)?$/.test(word)) state.command = true;
    else if (state.command && word.startsWith("--") && word !== "--") {
      const start = at + index;
      flags.push({ flag: word, span: { path, start, end: start + word.length } });
    }
  }
  if (!/\\\s*$/.test(line)) state.command = false;
  return flags;
}

/** What is used, and the reference in it. */
const ACTION = /["']?(([\w.-]+\/[\w.-]+)(?:\/[\w./-]+)?@([\w./-]+))["']?\s*/.source;
/** A step a line, or a whole step in braces. */
const STEPS = [
  new RegExp(`^\\s*(?:-\\s+)?uses:\\s*${ACTION}$`),
  new RegExp(`^\\s*-\\s+\\{(?:[^"'{}]*,)?\\s*uses:\\s*${ACTION}[,}]`),
];

function actionsOfLine(path: string, line: string, at: number): ActionFact[] {
  for (const step of STEPS) {
    const [, whole, action, ref] = step.exec(line) ?? [];
    if (whole === undefined || action === undefined || ref === undefined) continue;
    const start = at + line.indexOf(whole);
    const span = { path, start, end: start + whole.length };
    return [{ action, ref, span, refSpan: { ...span, start: span.end - ref.length } }];
  }
  return [];
}
