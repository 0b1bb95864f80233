// What can be done with Cachix, beyond pushing: log in, watch, import, serve a daemon, write the file for its Deploy agents.

import path from "node:path";
import type { HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import type { PickItem } from "../ports/ui";
import {
  type CachixAccess,
  cachixDaemon,
  cachixDoctor,
  cachixImport,
  cachixWatchExec,
  cachixWatchStore,
  checkedCachixCache,
  deploySpecification,
} from "../services/cachix";
import type { Invocation } from "../services/invocation";
import { requireProgram } from "../services/program";
import { cachixToken, keepCachixToken } from "../services/tokens";
import { buildOutputs, NIX_FEATURES } from "../stores/nixPaths";
import { CancelledError, orCancel, UserError } from "../userError";
import { buildOf, type PushApp, systemReferenceOf } from "./pushQuestions";
import { type StartTask, workOf } from "./tasks";

/** Keeps a token in the system's keyring; an empty answer forgets it. */
export async function logInToCachix(app: PushApp): Promise<void> {
  const token = orCancel(
    await app.ui.input({
      title: t("Cachix: Log In"),
      prompt: t("A token of app.cachix.org. It is kept in the system's keyring; empty forgets it."),
      password: true,
      validate: text =>
        /^[!-~]*$/.test(text.trim()) ? undefined : t("The token has characters that no token has."),
    }),
  );
  await keepCachixToken(app.storage.secrets, token.trim() === "" ? undefined : token.trim());
  void app.ui.showInfo(token.trim() === "" ? t("The token was forgotten.") : t("The token is kept."));
}

type Watch = "store" | "daemon" | "doctor";

/** Starts a program of Cachix that keeps running, in a terminal. */
export async function runCachix(app: PushApp, start: StartTask, what: Watch): Promise<void> {
  const access = await accessOf(app);
  const cache = await askCache(app);
  const options = { compression: "zstd" } as const;
  const invocation: Invocation = {
    store: () => cachixWatchStore(access, cache, options),
    daemon: () => cachixDaemon(access, cache, options),
    doctor: () => cachixDoctor(access, cache),
  }[what]();
  await start(`cachix ${cache}`, workOf(app.ports.processes, invocation));
}

/** Builds systems and sends what was built while it is built. */
export async function buildAndPush(app: PushApp, start: StartTask): Promise<void> {
  const access = await accessOf(app);
  const build = buildOf(app, await askHosts(app, t("Build and Push")));
  const cache = await askCache(app);
  const command = [app.config.read().tools.nix, ...NIX_FEATURES, "build", ...build.references, "--no-link"];
  const invocation = cachixWatchExec(access, cache, command, { compression: "zstd" });
  await start(`cachix ${cache}`, workOf(app.ports.processes, { ...invocation, cwd: build.cwd }));
}

export async function importBucket(app: PushApp, start: StartTask): Promise<void> {
  const access = await accessOf(app);
  const cache = await askCache(app);
  const bucket = orCancel(
    await app.ui.input({
      title: t("Cachix: Import from S3"),
      prompt: t("The bucket, with what Nix needs to reach it."),
      placeholder: "s3://my-bucket?region=eu-central-1",
    }),
  );
  await start(`cachix ${cache}`, workOf(app.ports.processes, cachixImport(access, cache, bucket)));
}

/** Builds the chosen hosts and writes `deploy.json`, which says which system each agent activates. */
export async function writeDeploySpecification(app: PushApp): Promise<void> {
  const hosts = await askHosts(app, t("Agents of Cachix Deploy"));
  const build = buildOf(app, hosts);
  const ports = { processes: app.ports.processes, nix: app.config.read().tools.nix };
  const systems = await app.ui.withProgress(t("Building {0} systems", hosts.length), ({ signal }) =>
    buildOutputs(ports, build, signal),
  );
  const agents = new Map(hosts.map((host, index) => [host.name, systems[index] ?? ""]));
  const file = path.join(build.cwd, "deploy.json");
  const before = await app.ports.files.readText(file);
  const text = deploySpecification(agents);
  if (before === text) return void app.ui.showInfo(t("{0} says that already.", file));
  if (before !== undefined) {
    const message = t("Replace {0}?", file);
    const detail = t("Agents: {0}", [...agents.keys()].join(", "));
    const question = { message, detail, verb: t("Replace"), changes: [{ path: file, before, after: text }] };
    if (!(await app.ui.confirmChanges(question))) throw new CancelledError();
  }
  await app.ports.files.replaceText(file, text);
  await app.ui.openFile(file);
}

async function accessOf(app: PushApp): Promise<CachixAccess> {
  const program = requireProgram("cachix", app.config.read().tools.cachix);
  return { program, token: await cachixToken(app.storage.secrets) };
}

async function askCache(app: PushApp): Promise<string> {
  const own = app.config.read().deploy.cachixCache;
  const name = orCancel(
    await app.ui.input({
      title: t("Cachix"),
      prompt: t("The name of the cache."),
      placeholder: "my-cache",
      ...(own === undefined ? {} : { value: own }),
    }),
  );
  return checkedCachixCache(name.trim());
}

async function askHosts(app: PushApp, title: string): Promise<readonly HostSnapshot[]> {
  const hosts = app.state.fleet.hosts.filter(host => systemReferenceOf(app, host) !== undefined);
  if (hosts.length === 0)
    throw new UserError(t("No host of this workspace is built by a flake, so there is nothing to build."));
  const items = hosts.map((host): PickItem<HostSnapshot> => ({ value: host, label: host.name }));
  return orCancel(await app.ui.pickMany(items, { title }));
}
