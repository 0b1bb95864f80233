// The command "Add a Cache": a URL, its key, the hosts or the flake that shall ask it, and the edit.

import { parseCacheKey } from "../../../server/src/core/formats/cacheKey";
import { parseStoreUrl, type StoreUrl } from "../../../server/src/core/formats/storeUrl";
import { cachixUrl } from "../../../server/src/core/knowledge/wellKnownCaches";
import type { EditOperation, HostSnapshot } from "../../../server/src/protocol";
import type { App } from "../app";
import { proposeEdits } from "../configuration/edits";
import { t } from "../l10n";
import type { PickItem } from "../ports/ui";
import { cacheOn, keyOn } from "../stores/spellings";
import { testHere } from "../stores/testHere";
import { CancelledError, orCancel, UserError } from "../userError";
import { findCacheKeys } from "./cacheKeys";
import { resultText } from "./testReport";

export type AddCacheApp = Pick<
  App,
  "ui" | "http" | "ports" | "state" | "config" | "server" | "documents" | "log"
>;

export async function addCache(app: AddCacheApp): Promise<void> {
  const url = await askUrl(app);
  const found = await app.ui.withProgress(t("Asking {0}", url.text), async ({ signal }) => {
    const { clock, files, processes } = app.ports;
    const ports = { http: app.http, files, processes, clock, nix: app.config.read().tools.nix };
    const test = await testHere(ports, { url: url.text, path: undefined, trusted: [] }, signal);
    const keys = await findCacheKeys(app.http, url, signal);
    if (signal.aborted) throw new CancelledError();
    return { test, keys };
  });
  if (found.test.result.kind === "trouble") await confirmSilent(app, url, resultText(found.test));
  const { keys } = found;
  const added = keys.kind === "found" ? keys.keys : await askKey(app, url, keys.why);
  const targets = await askTargets(app, url);
  const origin = keys.kind === "found" ? keys.from : t("you");
  const told = added.length === 0 ? t("without a key") : t("key from {0}: {1}", origin, added.join(" "));
  const message = t("Add the cache {0} ({1})?", url.text, told);
  const operations = targets.flatMap(target => operationsFor(app, target, url.text, added));
  const changed = await proposeEdits(app, { message, operations });
  if (changed.length === 0) void app.ui.showInfo(t("The cache and its key stand there already."));
}

async function askUrl(app: AddCacheApp): Promise<StoreUrl> {
  const text = orCancel(
    await app.ui.input({
      title: t("Add a Cache"),
      prompt: t("The URL of a cache, or the name of a cache on Cachix."),
      placeholder: "https://cache.example.org",
      validate: input => {
        const { url, problems } = readUrl(input);
        if (url === undefined) return t("This is not the URL of a cache.");
        if (url.password !== undefined)
          return t("A password in the URL is public. Put it into the netrc file of the hosts.");
        return problems.length > 0 ? t("Nix would not read this URL as it is meant.") : undefined;
      },
    }),
  );
  const { url } = readUrl(text);
  if (url === undefined) throw new UserError(t("This is not the URL of a cache."));
  return url;
}

/** A bare word is the name of a cache on Cachix. */
function readUrl(input: string): ReturnType<typeof parseStoreUrl> {
  const text = input.trim();
  return parseStoreUrl(/^[a-z0-9][a-z0-9-]*$/.test(text) ? cachixUrl(text) : text);
}

async function confirmSilent(app: AddCacheApp, url: StoreUrl, what: string): Promise<void> {
  const question = {
    message: t("{0} does not answer as a cache does. Add it all the same?", url.text),
    detail: what,
    verb: t("Add It"),
  };
  if (!(await app.ui.confirm(question))) throw new CancelledError();
}

async function askKey(app: AddCacheApp, url: StoreUrl, why: string | undefined): Promise<readonly string[]> {
  const prompt = t(
    "Nobody tells the key of this cache by itself: ask its owner. Empty: add it without a key.",
  );
  const text = orCancel(
    await app.ui.input({
      title: t("The Public Key of {0}", url.host?.text ?? url.text),
      prompt: [why ?? "", prompt].join(" ").trim(),
      placeholder: `${url.host?.text ?? "cache.example.org"}-1:…`,
      validate: publicKeyProblem,
    }),
  ).trim();
  return text === "" ? [] : [text];
}

/** What is wrong with a public key that was typed; nothing may be typed at all. */
export function publicKeyProblem(text: string): string | undefined {
  if (text.trim() === "") return undefined;
  const reading = parseCacheKey(text.trim());
  if (reading.kind === "key") return undefined;
  if (reading.kind === "problem" && reading.problem.kind === "is-secret")
    return t("This is the secret half. It must be given to nobody; make a new key.");
  return t("A public key is NAME:BASE64 with 44 characters after the colon.");
}

type Target = { readonly hosts: readonly string[] } | { readonly path: string };

async function askTargets(app: AddCacheApp, url: StoreUrl): Promise<readonly Target[]> {
  const { hosts, snapshot } = app.state.fleet;
  const flakes = (snapshot?.entryPoints ?? []).filter(entry => entry.kind === "flake");
  const items: PickItem<Target>[] = [
    ...hosts.map(
      (host, index): PickItem<Target> => ({
        value: { hosts: [host.name] },
        label: host.name,
        ...(index === 0 ? { heading: t("Hosts") } : {}),
      }),
    ),
    ...flakes.map(
      (flake, index): PickItem<Target> => ({
        value: { path: flake.path },
        label: flake.path,
        description: t("for whoever builds the flake: nixConfig"),
        ...(index === 0 ? { heading: t("Flakes") } : {}),
      }),
    ),
  ];
  if (items.length === 0) throw new UserError(t("There is no host and no flake in this workspace."));
  const picked = orCancel(await app.ui.pickMany(items, { title: t("Who Shall Ask {0}", url.text) }));
  const chosen = picked.flatMap(target => ("hosts" in target ? target.hosts : []));
  const paths = picked.filter(target => "path" in target);
  return chosen.length === 0 ? paths : [{ hosts: chosen }, ...paths];
}

function operationsFor(
  app: AddCacheApp,
  target: Target,
  url: string,
  keys: readonly string[],
): readonly EditOperation[] {
  if ("path" in target)
    return [
      ...adding(target, "nixConfig.extra-substituters", [url]),
      ...adding(target, "nixConfig.extra-trusted-public-keys", keys),
    ];
  const lacking = (lacks: (host: HostSnapshot | undefined) => readonly string[], option: string) =>
    byWhat(target.hosts, name => lacks(app.state.fleet.hosts.find(host => host.name === name))).flatMap(
      ({ hosts, items }) => adding({ hosts }, option, items),
    );
  return [
    ...lacking(host => (cacheOn(host, url) === undefined ? [url] : []), "nix.settings.substituters"),
    ...lacking(
      host => keys.filter(key => keyOn(host, key) === undefined),
      "nix.settings.trusted-public-keys",
    ),
  ];
}

/** The names together for which the same comes out. */
function byWhat(
  names: readonly string[],
  what: (name: string) => readonly string[],
): readonly { readonly hosts: readonly string[]; readonly items: readonly string[] }[] {
  const groups = new Map<string, { readonly hosts: string[]; readonly items: readonly string[] }>();
  for (const name of names) {
    const items = what(name);
    const group = groups.get(JSON.stringify(items));
    if (group === undefined) groups.set(JSON.stringify(items), { hosts: [name], items });
    else group.hosts.push(name);
  }
  return [...groups.values()];
}

function adding(target: Target, option: string, items: readonly string[]): readonly EditOperation[] {
  return items.length === 0 ? [] : [{ kind: "addToList", target, option, items }];
}
