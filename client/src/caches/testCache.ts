// The command "Test a Cache": asks one cache or all of them from here and from chosen hosts, shows what came of it, and offers
// the fix.

import type { App } from "../app";
import { afterCommand } from "../commands";
import { proposeEdits } from "../configuration/edits";
import { t } from "../l10n";
import { explain } from "../stores/explain";
import type { CacheFix } from "../stores/explanation";
import type { HostCacheTest } from "../stores/testOnHost";
import { CancelledError } from "../userError";
import { askCaches } from "./askCaches";
import type { CacheTests } from "./cacheTests";
import type { ServerSide } from "./serverSide";
import { chooseCaches, choosePath, choosePlaces } from "./testQuestions";
import { type ExplainedTest, placeOf, resultText, testReport } from "./testReport";
import { contextOf } from "./troubleContext";

export type TestCacheApp = Pick<
  App,
  "ui" | "http" | "ports" | "state" | "config" | "server" | "documents" | "log" | "commands"
>;

/** `url` is that of the row the command was called on. */
export async function testCache(
  app: TestCacheApp,
  tests: CacheTests,
  url: string | undefined,
): Promise<void> {
  const urls = url === undefined ? await chooseCaches(app) : [url];
  const places = await choosePlaces(app, urls);
  const path = await choosePath(app);
  const name = urls.length === 1 ? urls.join() : t("all caches");
  const title = t("Testing {0}", name);
  const { outcomes, servers } = await app.ui.withProgress(title, async ({ report, signal }) => {
    const say = ({ test }: HostCacheTest) => report(`${placeOf(test)}: ${resultText(test)}`);
    const asked = await askCaches(app, { urls, places, path }, tests, say, signal);
    // what was broken off says nothing of a cache
    if (signal.aborted) throw new CancelledError();
    return asked;
  });
  tests.add(outcomes.map(({ test }) => test));
  const explained = outcomes.map(outcome => explainTest(app, outcome, servers.get(outcome.test.url)));
  app.log.info("cache tested", { results: outcomes.map(({ test }) => test.result.kind) });
  await app.ui.showText({ name: "cache-test.md", text: testReport(name, path, explained) });
  afterCommand(app, "fix of a cache", () => offerFix(app, explained));
}

function explainTest(
  app: TestCacheApp,
  { test, side }: HostCacheTest,
  server: ServerSide | undefined,
): ExplainedTest {
  if (test.result.kind !== "trouble") return { test, explanation: undefined };
  const world = {
    fleet: app.state.fleet.snapshot,
    facts: (host: string) => app.state.observed.get(host)?.told?.facts,
    server,
  };
  return { test, explanation: explain(test.result.trouble, contextOf(test, side, world)) };
}

async function offerFix(app: TestCacheApp, tests: readonly ExplainedTest[]): Promise<void> {
  const failed = tests.find(
    ({ explanation }) => explanation !== undefined && explanation.fix.kind !== "advice",
  );
  const explanation = failed?.explanation;
  if (failed === undefined || explanation === undefined) return;
  const { fix, title } = explanation;
  const button = fix.kind === "command" ? t("Copy Command") : t("Show the Fix");
  const message = `${placeOf(failed.test)}: ${title}. ${fix.title}`;
  if ((await app.ui.showWarning(message, button)) !== button) return;
  if (fix.kind === "command") await app.ui.copy(fix.command);
  else if (fix.kind === "edit") await makeFix(app, fix);
}

/** Changes the configuration and says what is left: until it is deployed, nothing has changed for the hosts. */
async function makeFix(app: TestCacheApp, fix: Extract<CacheFix, { kind: "edit" }>): Promise<void> {
  const changed = await proposeEdits(app, { message: `${fix.title}?`, operations: fix.operations });
  const named = fix.operations.flatMap(({ target }) => ("hosts" in target ? target.hosts : []));
  const hosts = [...new Set(named)];
  const message =
    changed.length === 0
      ? t("The configuration says this already, but {0} does not run it yet.", hosts.join(", "))
      : t("Changed. It takes effect when {0} is deployed.", hosts.join(", "));
  const deploy = t("Deploy");
  if ((await app.ui.showInfo(message, deploy)) === deploy)
    await app.commands.execute("nixDeploy.deploy", { hosts });
}
