// What the command "Test a Cache" asks of the user: which caches, from where, and which path.

import { isStorePath } from "../../../server/src/core/formats/storePath";
import { parseStoreUrl } from "../../../server/src/core/formats/storeUrl";
import type { HostSnapshot } from "../../../server/src/protocol";
import type { App } from "../app";
import { t } from "../l10n";
import type { PickItem } from "../ports/ui";
import { orCancel } from "../userError";

type AskingApp = Pick<App, "ui" | "state">;

/** A host, or this machine. */
export type TestPlace = HostSnapshot | "here";

/** The URLs of one cache or of all. */
export async function chooseCaches(app: AskingApp): Promise<readonly string[]> {
  const caches = app.state.fleet.snapshot?.caches ?? [];
  const urls = caches.map(cache => cache.url);
  const items: PickItem<readonly string[]>[] = [
    ...caches.map(cache => ({ value: [cache.url], label: cache.url, description: cache.usedBy.join(", ") })),
    ...(urls.length < 2
      ? []
      : [{ value: urls, label: t("All caches"), description: t("each host asks its own, in its order") }]),
    { value: [], label: t("Another cache…") },
  ];
  const title = t("Test a Cache");
  const picked = caches.length === 0 ? [] : orCancel(await app.ui.pickOne(items, { title }));
  if (picked.length > 0) return picked;
  const prompt = t("The URL of the cache, as it would stand in substituters.");
  const validate = (text: string) =>
    parseStoreUrl(text.trim()).url === undefined ? t("This is not the URL of a cache.") : undefined;
  const text = await app.ui.input({ title, prompt, placeholder: "https://cache.example.org", validate });
  return [orCancel(text).trim()];
}

export async function choosePlaces(app: AskingApp, urls: readonly string[]): Promise<readonly TestPlace[]> {
  const { hosts, snapshot } = app.state.fleet;
  if (hosts.length === 0) return ["here"];
  const asked = snapshot?.caches.filter(cache => urls.includes(cache.url)) ?? [];
  const users = asked.flatMap(cache => cache.usedBy);
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
  const title =
    urls.length === 1 ? t("From Where to Ask {0}", urls.join()) : t("From Where to Ask All Caches");
  return orCancel(await app.ui.pickMany(items, { title }));
}

export async function choosePath(app: AskingApp): Promise<string | undefined> {
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
