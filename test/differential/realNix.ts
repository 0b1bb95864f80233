// The real Nix: what it says of many expressions, in few processes.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

/** JSON text, or the first line of the error. */
export type Answer =
  | { readonly ok: true; readonly json: string }
  | { readonly ok: false; readonly message: string };

export function nixVersion(): string | undefined {
  const run = spawnSync("nix-instantiate", ["--version"], { encoding: "utf8" });
  return run.status === 0 ? run.stdout.trim() : undefined;
}

/** One expression evaluated and printed by `nix-instantiate --eval --strict --json`. */
function ask(folder: string, expression: string): Answer {
  const file = path.join(folder, "expression.nix");
  writeFileSync(file, expression);
  const run = spawnSync("nix-instantiate", ["--eval", "--strict", "--json", file], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    timeout: 20_000,
  });
  if (run.status === 0) return { ok: true, json: run.stdout.trim() };
  const message = run.stderr.split("\n").find(line => line.startsWith("error:")) ?? run.stderr;
  return { ok: false, message: message.trim() };
}

/**
 * What Nix says of each expression. Those that are thought to evaluate are asked together; where such a question
 * fails it is halved.
 */
export function askNix(expressions: readonly string[]): Answer[] {
  const folder = mkdtempSync(path.join(os.tmpdir(), "nix-deploy-differential-"));
  try {
    return askTogether(folder, expressions);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function askTogether(folder: string, expressions: readonly string[]): Answer[] {
  if (expressions.length <= 1) return expressions.map(expression => ask(folder, expression));
  const answer = ask(folder, `[\n${expressions.map(expression => `(${expression})`).join("\n")}\n]`);
  if (answer.ok) return split(answer.json).map(json => ({ ok: true, json }));
  const middle = expressions.length >> 1;
  return [
    ...askTogether(folder, expressions.slice(0, middle)),
    ...askTogether(folder, expressions.slice(middle)),
  ];
}

/** The texts of the items of a JSON list. */
function split(json: string): string[] {
  const items: string[] = [];
  let depth = 0;
  let start = 1;
  for (let i = 0; i < json.length; i++) {
    const c = json.charAt(i);
    if (c === '"') i = endOfString(json, i);
    else if (c === "[" || c === "{") depth++;
    else if (c === "]" || c === "}") depth--;
    if ((c === "," && depth === 1) || (depth === 0 && i > start)) {
      items.push(json.slice(start, i));
      start = i + 1;
    }
  }
  return items;
}

function endOfString(json: string, from: number): number {
  let i = from + 1;
  while (json.charAt(i) !== '"') i += json.charAt(i) === "\\" ? 2 : 1;
  return i;
}
