// Random closed expressions, evaluated by us and by the real Nix: the same JSON, or both fail, or ours is Unknown.
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseJson } from "../../server/src/core/eval/builtins/jsonText";
import { createEvaluator } from "../../server/src/core/eval/evaluator";
import { memoryFiles } from "../../server/src/core/eval/files";
import { type Json, printJson, toJson } from "../../server/src/core/eval/toJson";
import { evaluatorPorts } from "../../server/src/io/evaluatorPorts";
import { loadParser } from "../../server/src/io/grammar";
import { expression } from "./grammar";
import { type Answer, askNix, nixVersion } from "./realNix";

const COUNT = Number(process.env["DIFFERENTIAL_COUNT"] ?? 3000);
const SEED = Number(process.env["DIFFERENTIAL_SEED"] ?? Date.now() % 2 ** 31);

/** Where versions of Nix differ, ours follows the newer one. */
const NEWER = /integer overflow/;

type Ours =
  | { readonly kind: "json"; readonly text: string }
  | { readonly kind: "error"; readonly why: string }
  | { readonly kind: "unknown"; readonly why: string };

const parser = await loadParser();

function evaluate(text: string): Ours {
  const files = memoryFiles(new Map([["/case/case.nix", text]]), ["/case"]);
  const ports = evaluatorPorts((path, source) => parser.parse(path, source), files);
  const { value, ctx } = createEvaluator(ports, { strict: true, optimistic: false }).evaluateFile(
    "/case/case.nix",
  );
  const outcome = toJson(ctx, value, { strict: true });
  if (outcome.kind === "error") {
    const { message, error } = outcome.error;
    return { kind: NEWER.test(message) ? "unknown" : "error", why: `${error}: ${message}` };
  }
  const why = unknownIn(outcome.json);
  return why === undefined ? { kind: "json", text: printJson(outcome.json) } : { kind: "unknown", why };
}

function unknownIn(json: Json): string | undefined {
  if (json instanceof Map) {
    const why: Json | undefined = json.get("$unknown");
    if (typeof why === "string") return why;
    return [...json.values()].map(unknownIn).find(found => found !== undefined);
  }
  return Array.isArray(json) ? json.map(unknownIn).find(found => found !== undefined) : undefined;
}

/** Floats are printed with six digits by some versions. */
function same(ours: unknown, theirs: unknown): boolean {
  if (typeof ours === "number" || typeof theirs === "number") {
    const [a, b] = [Number(ours), Number(theirs)];
    return a === b || Math.abs(a - b) <= 1e-5 * Math.max(Math.abs(a), Math.abs(b));
  }
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    return ours.length === theirs.length && ours.every((item, i) => same(item, theirs[i]));
  }
  if (ours instanceof Map && theirs instanceof Map) {
    return (
      ours.size === theirs.size &&
      [...ours].every(([name, value]) => theirs.has(name) && same(value, theirs.get(name)))
    );
  }
  return ours === theirs;
}

function agree(ours: Ours, theirs: Answer): boolean {
  if (ours.kind === "unknown") return true;
  if (ours.kind === "error") return !theirs.ok;
  if (!theirs.ok) return false;
  const [a, b] = [ours.text, theirs.json].map(json => parseJson(json.replace(/-0(?=[,\s\]}]|$)/g, "-0.0")));
  return a?.kind === "value" && b?.kind === "value" ? same(a.value, b.value) : ours.text === theirs.json;
}

function sample(count: number): string[] {
  const draws = fc.sample(fc.gen(), { numRuns: count, seed: SEED });
  return draws.map(draw => expression(arbitrary => draw(() => arbitrary)));
}

/** Few processes: what we think evaluates is asked in batches, what we think fails one by one. */
function answers(cases: readonly { readonly text: string; readonly ours: Ours }[]): Map<string, Answer> {
  const result = new Map<string, Answer>();
  const batch = (texts: readonly string[]) => {
    for (const [i, answer] of askNix(texts).entries()) result.set(texts[i]!, answer);
  };
  const texts = (kind: Ours["kind"]) =>
    cases.filter(({ ours }) => ours.kind === kind).map(({ text }) => text);
  const good = texts("json");
  for (let i = 0; i < good.length; i += 100) batch(good.slice(i, i + 100));
  for (const text of texts("error")) batch([text]);
  return result;
}

test(`${nixVersion() ?? "no Nix"}: ${COUNT} random expressions, seed ${SEED}`, () => {
  expect(nixVersion()).toBeDefined();
  const cases = [...new Set(sample(COUNT))].map(text => ({ text, ours: evaluate(text) }));
  const theirs = answers(cases);
  const different = cases.filter(({ text, ours }) => {
    const answer = theirs.get(text);
    return answer !== undefined && !agree(ours, answer);
  });
  const count = (kind: Ours["kind"]) => cases.filter(({ ours }) => ours.kind === kind).length;
  console.log(
    `${cases.length} expressions: ${count("json")} same value, ${count("error")} both fail, ${count("unknown")} unknown, ${different.length} different`,
  );
  expect(different.slice(0, 10).map(({ text, ours }) => ({ text, ours, theirs: theirs.get(text) }))).toEqual(
    [],
  );
  expect(count("unknown")).toBeLessThan(cases.length * 0.2);
  expect(count("json")).toBeGreaterThan(cases.length * 0.4);
});
