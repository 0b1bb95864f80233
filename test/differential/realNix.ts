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
  return inFolder(folder => askTogether(folder, expressions));
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

/** Whether `nix-instantiate --parse` takes each text. Those that are thought to be Nix are asked together. */
export function parsed(texts: readonly string[]): boolean[] {
  return inFolder(folder => {
    const files = texts.map((text, index) => {
      const file = path.join(folder, `${index}.nix`);
      writeFileSync(file, text);
      return file;
    });
    return parsedTogether(files);
  });
}

/** So many files a question keep its command line short. */
const TOGETHER = 256;

function parsedTogether(files: readonly string[]): boolean[] {
  if (files.length === 0) return [];
  const middle = files.length >> 1;
  const halves = () => [...parsedTogether(files.slice(0, middle)), ...parsedTogether(files.slice(middle))];
  if (files.length > TOGETHER) return halves();
  const run = spawnSync("nix-instantiate", ["--parse", ...files], {
    stdio: ["ignore", "ignore", "pipe"],
    timeout: 60_000,
  });
  if (run.error !== undefined) throw run.error;
  if (run.status === 0) return files.map(() => true);
  return files.length === 1 ? [false] : halves();
}

/** Whether Nix starts with each text as its nix.conf. */
export function confAccepted(texts: readonly string[]): boolean[] {
  return inFolder(folder =>
    texts.map(text => {
      writeFileSync(path.join(folder, "nix.conf"), text);
      const features = ["--extra-experimental-features", "nix-command"];
      const run = spawnSync("nix", [...features, "show-config"], {
        env: { ...process.env, NIX_CONF_DIR: folder },
        stdio: "ignore",
        timeout: 20_000,
      });
      if (run.error !== undefined) throw run.error;
      return run.status === 0;
    }),
  );
}

function inFolder<T>(use: (folder: string) => T): T {
  const folder = mkdtempSync(path.join(os.tmpdir(), "nix-deploy-differential-"));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
