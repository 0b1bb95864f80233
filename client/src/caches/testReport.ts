// The outcome of a test of a cache, in words: one line for the view, a page for reading.

import { t } from "../l10n";
import { markdownTable } from "../markdownTable";
import type { CacheTest } from "../stores/cacheTest";
import { explain } from "../stores/explain";
import type { Explanation, TroubleContext } from "../stores/explanation";
import { escapePage } from "../treeNode";

/** Where the cache was asked from. */
export function placeOf(test: Pick<CacheTest, "host">): string {
  return test.host ?? t("this machine");
}

/** "usable, signed by NAME, 12 ms"; the trouble by its name. */
export function resultText(test: CacheTest): string {
  const time = test.result.kind === "trouble" ? "" : timeText(test);
  return [resultWords(test), ...(time === "" ? [] : [time])].join(", ");
}

function timeText({ milliseconds }: CacheTest): string {
  return milliseconds === undefined ? "" : t("{0} ms", Math.round(milliseconds));
}

function resultWords(test: CacheTest): string {
  const { result } = test;
  switch (result.kind) {
    case "reachable":
      return t("answers");
    case "usable":
      return result.by === undefined ? t("usable") : t("usable, signed by {0}", result.by);
    case "trouble":
      return explain(result.trouble, emptyContext(test)).title;
  }
}

/** What is known for sure without asking anybody. */
function emptyContext(test: CacheTest): TroubleContext {
  return {
    host: placeOf(test),
    url: test.url,
    serverAddress: undefined,
    server: undefined,
    signerKeys: [],
    signatureNames: [],
    contradicting: [],
    clientKey: undefined,
    serverHostKey: undefined,
    signingKeyFile: undefined,
    httpServer: undefined,
    path: test.path,
  };
}

export interface ExplainedTest {
  readonly test: CacheTest;
  /** Present where there is trouble. */
  readonly explanation: Explanation | undefined;
}

/** The page. Everything in it that came from a cache, a host or a configuration is escaped. */
export function testReport(name: string, path: string | undefined, tests: readonly ExplainedTest[]): string {
  const lines = [`# ${escapePage(name)}`, ""];
  if (path !== undefined) lines.push(t("Looked for: {0}", escapePage(path)), "");
  const several = new Set(tests.map(({ test }) => test.url)).size > 1;
  const heading = [t("From"), ...(several ? [t("Cache")] : []), t("Result"), t("Time"), t("Priority")];
  const rows = tests.map(({ test }) => [
    escapePage(placeOf(test)),
    ...(several ? [escapePage(test.url)] : []),
    escapePage(resultWords(test)),
    timeText(test),
    test.info === undefined ? "" : String(test.info.priority ?? 0),
  ]);
  lines.push(...markdownTable([heading, ...rows]));
  for (const { test, explanation } of tests)
    if (explanation !== undefined) lines.push(...troubleLines(test, explanation, several));
  return `${lines.join("\n")}\n`;
}

function troubleLines(
  test: CacheTest,
  { title, text, fix }: Explanation,
  several: boolean,
): readonly string[] {
  const where = several ? `${placeOf(test)}, ${test.url}` : placeOf(test);
  const lines = ["", `## ${escapePage(where)}: ${escapePage(title)}`, "", escapePage(text), ""];
  lines.push(`- ${t("What to do")}: ${escapePage(fix.title)}`);
  if (fix.kind === "command") lines.push("", "```sh", `# ${fix.host}`, fix.command.replace(/`/g, ""), "```");
  const said = test.result.kind === "trouble" ? test.result.said : "";
  if (said !== "") lines.push("", t("What was said: {0}", escapePage(said.slice(0, 500))));
  return lines;
}
