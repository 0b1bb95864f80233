// What the command "Push to a Cache" asks of the user: where to, what, and with which key or options.

import { isStorePath } from "../../../server/src/core/formats/storePath";
import type { HostSnapshot } from "../../../server/src/protocol";
import type { App } from "../app";
import { systemReference, targetOf } from "../configuration/project";
import { t } from "../l10n";
import type { PickItem } from "../ports/ui";
import type { AtticAccess } from "../services/attic";
import { CACHIX_COMPRESSIONS, type CachixAccess, type CachixPin } from "../services/cachix";
import { requireProgram } from "../services/program";
import { cachixToken, keptAtticServer } from "../services/tokens";
import { orCancel, UserError } from "../userError";
import { canSign, type Destination, destinationLabel, parseDestination } from "./destination";
import type { PushJob } from "./push";

export type PushApp = Pick<
  App,
  "ui" | "log" | "config" | "http" | "storage" | "state" | "ports" | "workspace"
>;

/** One of the fleet's caches that can be written to, or another. */
export async function chooseDestination(app: PushApp): Promise<Destination> {
  const urls = [...new Set(app.state.fleet.snapshot?.caches.map(cache => cache.url) ?? [])];
  const known = urls.flatMap((url): PickItem<Destination | undefined>[] => {
    const destination = destinationOrNone(url);
    // reading caches over plain HTTP(S) seldom means that one can write there
    const offered = destination !== undefined && !(destination.kind === "store" && /^https?:/.test(url));
    return offered ? [{ value: destination, label: destinationLabel(destination), description: url }] : [];
  });
  const other: PickItem<Destination | undefined> = {
    value: undefined,
    label: t("Another Cache…"),
    detail: t("cachix:NAME, attic:CACHE, file://, s3://, ssh:// or an HTTP store"),
  };
  const title = t("Push to a Cache");
  const items = [...known, other];
  if (known.length > 0) {
    const picked = orCancel(await app.ui.pickOne(items.map(boxed), { title }));
    if (picked.choice !== undefined) return picked.choice;
  }
  const text = orCancel(
    await app.ui.input({
      title,
      prompt: t("The cache: cachix:NAME, attic:CACHE, attic:SERVER:CACHE, or a store URL."),
      placeholder: "cachix:my-cache",
      validate: typed => problemOf(() => parseDestination(typed.trim())),
    }),
  );
  return parseDestination(text.trim());
}

/** A choice of "none of these" is not the same as no choice. */
function boxed<T>(item: PickItem<T>): PickItem<{ readonly choice: T }> {
  return { ...item, value: { choice: item.value } };
}

function destinationOrNone(url: string): Destination | undefined {
  try {
    return parseDestination(url);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function problemOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
}

/** One build for what is not built yet. */
export interface BuildRequest {
  readonly references: readonly string[];
  readonly cwd: string;
}

export interface Chosen {
  readonly paths: readonly string[];
  readonly build: BuildRequest | undefined;
}

/** Systems of hosts, a store path, or both. */
export async function choosePaths(app: PushApp): Promise<Chosen> {
  const hosts = app.state.fleet.hosts.filter(host => systemReferenceOf(app, host) !== undefined);
  const items = [
    ...hosts.map((host): PickItem<HostSnapshot | undefined> => ({ value: host, label: host.name })),
    { value: undefined, label: t("A Store Path…") },
  ];
  const title = t("What to Push");
  const picked =
    hosts.length === 0
      ? [{ choice: undefined }]
      : orCancel(await app.ui.pickMany(items.map(boxed), { title }));
  const chosen = picked.flatMap(({ choice }) => (choice === undefined ? [] : [choice]));
  const build = chosen.length === 0 ? undefined : buildOf(app, chosen);
  const pathsAsked = chosen.length < picked.length;
  return { paths: pathsAsked ? [await askPath(app, title)] : [], build };
}

async function askPath(app: PushApp, title: string): Promise<string> {
  const path = orCancel(
    await app.ui.input({
      title,
      prompt: t("A path of the store on this machine."),
      placeholder: "/nix/store/…",
      validate: text => (isStorePath(text.trim()) ? undefined : t("This is no store path.")),
    }),
  );
  return path.trim();
}

/** One build of all of them, because Nix builds what they share once. */
export function buildOf(app: Pick<App, "state">, hosts: readonly HostSnapshot[]): BuildRequest {
  const [first] = hosts;
  const cwd = first?.root ?? "/";
  if (hosts.some(host => host.root !== cwd))
    throw new UserError(t("These hosts are defined by several flakes. Choose hosts of one."));
  const references = hosts.flatMap(host => systemReferenceOf(app, host) ?? []);
  return { references, cwd };
}

export function systemReferenceOf(app: Pick<App, "state">, host: HostSnapshot): string | undefined {
  const { snapshot } = app.state.fleet;
  return snapshot === undefined ? undefined : systemReference(targetOf(host, snapshot));
}

/** Everything about the push but what is pushed; asks for a key or options where the destination needs them. */
export async function makeJob(app: PushApp, destination: Destination): Promise<Omit<PushJob, "paths">> {
  const access = await accessTo(app, destination.kind);
  return {
    destination: await withKey(app, destination),
    upstream: app.config.read().push.upstreamCaches,
    cachix: { ...access.cachix, ...(await cachixOptions(app, destination)) },
    attic: access.attic,
    sshOptions: "-o BatchMode=yes -o ConnectTimeout=10 -o ServerAliveInterval=5 -o ServerAliveCountMax=2",
  };
}

async function accessTo(
  { config, storage }: PushApp,
  kind: Destination["kind"],
): Promise<{ readonly cachix: CachixAccess; readonly attic: AtticAccess }> {
  const { tools } = config.read();
  const cachix = kind === "cachix" ? requireProgram("cachix", tools.cachix) : tools.cachix;
  const attic = kind === "attic" ? requireProgram("attic", tools.attic) : tools.attic;
  return {
    cachix: { program: cachix, token: await cachixToken(storage.secrets) },
    attic: { program: attic, server: await keptAtticServer(storage.secrets) },
  };
}

/** A binary cache without a server of its own is signed by whoever writes to it. */
async function withKey(app: PushApp, destination: Destination): Promise<Destination> {
  if (destination.kind !== "store" || !canSign(destination) || /[?&]secret-key=/.test(destination.url))
    return destination;
  const file = orCancel(
    await app.ui.input({
      title: t("Sign While Pushing"),
      prompt: t("The file of the secret key; empty to push without signing."),
      placeholder: "/etc/nix/cache.secret",
      validate: text => (text === "" || text.startsWith("/") ? undefined : t("An absolute path.")),
    }),
  );
  return { ...destination, secretKeyFile: file === "" ? undefined : file };
}

async function cachixOptions(
  app: PushApp,
  destination: Destination,
): Promise<Pick<PushJob["cachix"], "compression" | "pin">> {
  if (destination.kind !== "cachix") return { compression: "zstd", pin: undefined };
  const compression = orCancel(
    await app.ui.pickOne(
      CACHIX_COMPRESSIONS.map(value => ({ value, label: value })),
      { title: t("Compression"), placeholder: t("zstd is fast, xz is small") },
    ),
  );
  const name = orCancel(
    await app.ui.input({
      title: t("Pin"),
      prompt: t("A name under which it is kept from being collected; empty for no pin."),
      placeholder: "production",
      validate: text =>
        text === "" || /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text) ? undefined : t("Letters, digits, . _ -"),
    }),
  );
  const pin: CachixPin | undefined = name === "" ? undefined : { name, keepRevisions: 10 };
  return { compression, pin };
}
