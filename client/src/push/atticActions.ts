// What can be done with Attic, beyond pushing: log in, use a cache, watch the store.

import type { EditOperation } from "../../../server/src/protocol";
import type { App } from "../app";
import { proposeEdits } from "../configuration/edits";
import { t } from "../l10n";
import type { PickItem } from "../ports/ui";
import {
  type AtticAccess,
  atticCacheInfo,
  atticServer,
  atticWatchStore,
  checkedAtticCache,
  parseAtticCacheInfo,
} from "../services/attic";
import { invoke } from "../services/invocation";
import { requireProgram } from "../services/program";
import { keepAtticServer, keptAtticServer } from "../services/tokens";
import { requireSuccess } from "../stores/nixPaths";
import { orCancel, UserError } from "../userError";
import type { PushApp } from "./pushQuestions";
import { type StartTask, workOf } from "./tasks";

export type AtticApp = PushApp & Pick<App, "server" | "documents">;

/** Keeps a server and its token in the system's keyring; an empty token forgets both. */
export async function logInToAttic(app: PushApp): Promise<void> {
  const title = t("Attic: Log In");
  const known = await keptAtticServer(app.storage.secrets);
  const ask = async (prompt: string, value: string) =>
    orCancel(await app.ui.input({ title, prompt, value })).trim();
  const name = await ask(t("A name for the server."), known?.name ?? "default");
  const endpoint = await ask(t("Its address."), known?.endpoint ?? "https://");
  const token = orCancel(
    await app.ui.input({
      title,
      prompt: t("A token of the server. It is kept in the system's keyring; empty forgets it."),
      password: true,
    }),
  ).trim();
  await keepAtticServer(app.storage.secrets, token === "" ? undefined : atticServer(name, endpoint, token));
  void app.ui.showInfo(token === "" ? t("The token was forgotten.") : t("The token is kept."));
}

/** Asks the server for the cache's address and key, and writes both for the chosen hosts. */
export async function useAtticCache(app: AtticApp): Promise<void> {
  const access = await accessOf(app);
  const cache = await askCache(app);
  const lines: string[] = [];
  const result = await app.ui.withProgress(t("Asking Attic for {0}", cache), ({ signal }) =>
    invoke(app.ports.processes, atticCacheInfo(access, cache), ({ text }) => void lines.push(text), signal),
  );
  requireSuccess(result, "attic", lines);
  const info = parseAtticCacheInfo(lines.join("\n"));
  if (info === undefined) throw new UserError(t("Attic did not tell the address and the key of {0}.", cache));
  const items = app.state.fleet.hosts.map(
    (host): PickItem<string> => ({ value: host.name, label: host.name }),
  );
  const hosts = orCancel(await app.ui.pickMany(items, { title: t("Hosts That Ask {0}", cache) }));
  const add = (option: string, item: string): EditOperation => ({
    kind: "addToList",
    target: { hosts },
    option,
    items: [item],
  });
  const changed = await proposeEdits(app, {
    message: t("Let {0} ask {1}?", hosts.join(", "), info.url),
    operations: [
      add("nix.settings.substituters", info.url),
      add("nix.settings.trusted-public-keys", info.publicKey),
    ],
  });
  if (changed.length === 0) void app.ui.showInfo(t("The cache and its key stand there already."));
}

export async function watchAttic(app: PushApp, start: StartTask): Promise<void> {
  const access = await accessOf(app);
  const cache = await askCache(app);
  await start(`attic ${cache}`, workOf(app.ports.processes, atticWatchStore(access, cache)));
}

async function accessOf(app: PushApp): Promise<AtticAccess> {
  const program = requireProgram("attic", app.config.read().tools.attic);
  return { program, server: await keptAtticServer(app.storage.secrets) };
}

async function askCache(app: PushApp): Promise<string> {
  const name = orCancel(
    await app.ui.input({
      title: t("Attic"),
      prompt: t("The cache: CACHE or SERVER:CACHE."),
      placeholder: "my-cache",
    }),
  );
  return checkedAtticCache(name.trim());
}
