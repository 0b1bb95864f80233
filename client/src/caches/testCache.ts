// The command "Test a Cache": asks a cache from here and from chosen hosts, shows what came of it, and offers the fix.

import { parseCacheKey } from "../../../server/src/core/formats/cacheKey";
import { isStorePath } from "../../../server/src/core/formats/storePath";
import { parseStoreUrl } from "../../../server/src/core/formats/storeUrl";
import { findCacheByUrl } from "../../../server/src/core/knowledge/wellKnownCaches";
import type { HostSnapshot } from "../../../server/src/protocol";
import type { App } from "../app";
import { proposeEdits } from "../configuration/edits";
import { t } from "../l10n";
import type { PickItem } from "../ports/ui";
import { createHostShell } from "../remote/hostShell";
import { explain } from "../stores/explain";
import type { CacheFix } from "../stores/explanation";
import { testHere } from "../stores/testHere";
import { type HostCacheTest, testOnHost } from "../stores/testOnHost";
import { CancelledError, orCancel, UserError } from "../userError";
import type { CacheTests } from "./cacheTests";
import { askServer, type ServerSide, servingHost } from "./serverSide";
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
  const chosen = url ?? (await chooseCache(app));
  const places = await choosePlaces(app, chosen);
  const path = await choosePath(app);
  const { done, server } = await app.ui.withProgress(t("Testing {0}", chosen), async ({ report, signal }) => {
    const asked = places.map(async place => {
      const outcome = await testFrom(app, place, { url: chosen, path }, signal);
      report(`${placeOf(outcome.test)}: ${resultText(outcome.test)}`);
      return outcome;
    });
    const outcomes = await Promise.all(asked);
    return { done: outcomes, server: await serverInTrouble(app, chosen, outcomes, signal) };
  });
  tests.add(done.map(({ test }) => test));
  const explained = done.map(outcome => explainTest(app, outcome, server));
  app.log.info("cache tested", { results: done.map(({ test }) => test.result.kind) });
  await app.ui.showText({ name: "cache-test.md", text: testReport(chosen, path, explained) });
  void offerFix(app, explained).catch((error: unknown) => {
    // it begins when the command has ended, so there is no boundary above it
    if (error instanceof UserError) void app.ui.showError(error.message);
    else if (!(error instanceof CancelledError)) app.log.error("fix failed", { error });
  });
}

/** A host, or this machine. */
type TestPlace = HostSnapshot | "here";

async function testFrom(
  app: TestCacheApp,
  place: TestPlace,
  request: { readonly url: string; readonly path: string | undefined },
  signal: AbortSignal,
): Promise<HostCacheTest> {
  const { clock, files, processes, ssh } = app.ports;
  if (place !== "here") return testOnHost({ shell: createHostShell(ssh), clock }, place, request, signal);
  const nix = app.config.read().tools.nix;
  const ports = { http: app.http, files, processes, clock, nix };
  const test = await testHere(ports, { ...request, trusted: keysForHere(app, request.url) }, signal);
  return { test, side: undefined };
}

/** From here there is no host whose keys would count: those that the fleet trusts do, and those of the cache's owner. */
function keysForHere(app: TestCacheApp, text: string): readonly string[] {
  const { url } = parseStoreUrl(text);
  const published = url === undefined ? undefined : findCacheByUrl(url)?.keys;
  const trusted = app.state.fleet.snapshot?.keys.map(key => key.publicKey) ?? [];
  // a malformed key is in the way of the host that has it, not of this machine
  return [...(published ?? []), ...trusted].filter(key => parseCacheKey(key).kind === "key");
}

/** Where something is wrong, the host of the fleet that serves the cache is asked for its keys: the fix may need them. */
async function serverInTrouble(
  app: TestCacheApp,
  url: string,
  outcomes: readonly HostCacheTest[],
  signal: AbortSignal,
): Promise<ServerSide | undefined> {
  const host = servingHost(app.state.fleet.snapshot, url);
  const well = outcomes.every(({ test }) => test.result.kind !== "trouble");
  return host === undefined || well ? undefined : askServer(createHostShell(app.ports.ssh), host, signal);
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

async function chooseCache(app: TestCacheApp): Promise<string> {
  const caches = app.state.fleet.snapshot?.caches ?? [];
  const other = t("Another cache…");
  const items: PickItem<string>[] = [
    ...caches.map(cache => ({ value: cache.url, label: cache.url, description: cache.usedBy.join(", ") })),
    { value: "", label: other },
  ];
  const title = t("Test a Cache");
  const picked = caches.length === 0 ? "" : orCancel(await app.ui.pickOne(items, { title }));
  if (picked !== "") return picked;
  const prompt = t("The URL of the cache, as it would stand in substituters.");
  const validate = (text: string) =>
    parseStoreUrl(text.trim()).url === undefined ? t("This is not the URL of a cache.") : undefined;
  return orCancel(
    await app.ui.input({ title, prompt, placeholder: "https://cache.example.org", validate }),
  ).trim();
}

async function choosePlaces(app: TestCacheApp, url: string): Promise<readonly TestPlace[]> {
  const { hosts, snapshot } = app.state.fleet;
  if (hosts.length === 0) return ["here"];
  const users = snapshot?.caches.find(cache => cache.url === url)?.usedBy ?? [];
  const items: PickItem<TestPlace>[] = [
    { value: "here", label: t("This machine"), picked: true },
    ...hosts.map(
      (host): PickItem<TestPlace> => ({
        value: host,
        label: host.name,
        picked: users.includes(host.name),
        ...(users.includes(host.name) ? { description: t("uses it") } : {}),
      }),
    ),
  ];
  const title = t("From Where to Ask {0}", url);
  return orCancel(await app.ui.pickMany(items, { title }));
}

async function choosePath(app: TestCacheApp): Promise<string | undefined> {
  const running = app.state.fleet.hosts
    .map(host => app.state.observed.get(host.name)?.answer)
    .flatMap(answer => (answer?.kind === "reached" ? [answer.system.current] : []))
    .find(path => path !== undefined);
  const text = orCancel(
    await app.ui.input({
      title: t("A Store Path to Look Up"),
      prompt: t("Its signature is checked too. Empty: only whether the cache answers."),
      validate: input =>
        input.trim() === "" || isStorePath(input.trim()) ? undefined : t("This is not a store path."),
      ...(running === undefined ? {} : { value: running }),
    }),
  ).trim();
  return text === "" ? undefined : text;
}
