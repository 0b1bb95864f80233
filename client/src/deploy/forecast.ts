// Before a build: what would be built, and what fetched from which cache, with sizes. Nix says what, the caches say who has
// it. A forecast and no promise: a dry run checks no signature, and a cache may be gone a minute later.

import { type NixCacheInfo, parseNixCacheInfo } from "../../../server/src/core/formats/nixCacheInfo";
import { parseStorePath } from "../../../server/src/core/formats/storePath";
import { parseStoreUrl } from "../../../server/src/core/formats/storeUrl";
import type { HostSnapshot } from "../../../server/src/protocol";
import type { App } from "../app";
import { systemReference, targetOf } from "../configuration/project";
import { t } from "../l10n";
import { capture } from "../ports/process";
import type { TextDocumentContent } from "../ports/ui";
import { formatBytes } from "../state/amounts";
import { askingOrder } from "../stores/askingOrder";
import { type AskingPorts, type Availability, findAvailable } from "../stores/available";
import { cacheFileUrl } from "../stores/cacheTest";
import { NIX_FEATURES, requireSuccess } from "../stores/nixPaths";
import { UserError } from "../userError";
import { type DryRun, parseDryRun } from "./dryRun";
import { pickHosts } from "./pickHosts";

export interface BuildForecast {
  readonly dryRun: DryRun;
  /** Who has what would be fetched, of the caches that were asked. */
  readonly available: Availability;
}

export interface ForecastRequest {
  /** Flake references, relative to `cwd`. */
  readonly references: readonly string[];
  readonly cwd: string;
  readonly caches: readonly string[];
}

/** @throws UserError where Nix cannot even evaluate, CancelledError */
export async function forecastBuild(
  ports: AskingPorts,
  { references, cwd, caches }: ForecastRequest,
  signal: AbortSignal,
): Promise<BuildForecast> {
  const args = [...NIX_FEATURES, "build", ...references, "--dry-run", "--no-link"];
  const env = { LC_ALL: "C" };
  const { result, stderr } = await capture(ports.processes, { command: ports.nix, args, cwd, env }, signal);
  requireSuccess(result, ports.nix, stderr.split("\n"));
  const dryRun = parseDryRun(stderr);
  // a cache that is asked later may have the same path
  const asked = dryRun.fetches.length === 0 ? [] : await inAskingOrder(ports, caches, signal);
  return { dryRun, available: await findAvailable(ports, asked, dryRun.fetches, signal) };
}

/** Nix asks by the priority that each cache says of itself. */
async function inAskingOrder(
  { http }: Pick<AskingPorts, "http">,
  caches: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const infos = new Map<string, NixCacheInfo>();
  const ask = async (cache: string) => {
    const { url } = parseStoreUrl(cache);
    if (url === undefined || !/^https?:/.test(cache)) return;
    const answer = await http.get(cacheFileUrl(url, "nix-cache-info"), { signal, maxBytes: MAX_BYTES });
    const reading = answer.kind === "answered" ? parseNixCacheInfo(answer.body) : undefined;
    if (reading?.kind === "info") infos.set(cache, reading.info);
  };
  await Promise.all(caches.map(ask));
  return askingOrder(caches, cache => infos.get(cache)).map(({ url }) => url);
}

const MAX_BYTES = 64 * 1024;

/** The caches that Nix asks on this machine, as its settings list them. */
export async function ownCaches(
  { processes, nix }: Pick<AskingPorts, "processes" | "nix">,
  signal: AbortSignal,
): Promise<readonly string[]> {
  for (const verb of [["config", "show"], ["show-config"]]) {
    const { stdout } = await capture(processes, { command: nix, args: [...NIX_FEATURES, ...verb] }, signal);
    const line = /^substituters = ?(.*)$/m.exec(stdout)?.[1];
    if (line !== undefined) return line.split(/\s+/).filter(url => url !== "");
  }
  return [];
}

/** The forecast as a page. */
export function forecastDocument(hosts: readonly string[], forecast: BuildForecast): TextDocumentContent {
  const { dryRun, available } = forecast;
  const sections = [
    `# ${t("What building {0} would do", hosts.join(", "))}`,
    summaryOf(dryRun),
    ...section(t("Built"), dryRun.builds.map(nameOf)),
    ...fetchSections(forecast),
    ...section(t("Not to be had"), dryRun.unavailable.map(nameOf)),
    ...[...available.silent].map(([cache, why]) => t("No answer from {0}: {1}", cache, why)),
  ];
  return { name: "forecast.md", text: `${sections.join("\n\n")}\n` };
}

function summaryOf({ builds, fetches, download, unpacked }: DryRun): string {
  if (builds.length + fetches.length === 0) return t("Nothing: it is all in the store of this machine.");
  const counts = t("Derivations to build: {0}. Paths to fetch: {1}.", builds.length, fetches.length);
  if (download === undefined || unpacked === undefined) return counts;
  return `${counts} ${t("Download: {0}, unpacked: {1}.", formatBytes(download), formatBytes(unpacked))}`;
}

function fetchSections({ dryRun, available }: BuildForecast): readonly string[] {
  const byCache = new Map<string, string[]>();
  const sums = new Map<string, number>();
  for (const path of dryRun.fetches) {
    const found = available.available.get(path);
    const cache = found?.cache ?? t("a cache that did not say");
    const size = found?.size;
    sums.set(cache, (sums.get(cache) ?? 0) + (size ?? 0));
    const row = size === undefined ? nameOf(path) : `${nameOf(path)} (${formatBytes(size)})`;
    const rows = byCache.get(cache);
    if (rows === undefined) byCache.set(cache, [row]);
    else rows.push(row);
  }
  return [...byCache].flatMap(([cache, rows]) => section(titleOf(cache, sums.get(cache) ?? 0), rows));
}

function titleOf(cache: string, bytes: number): string {
  const title = t("Fetched from {0}", cache);
  return bytes === 0 ? title : `${title} (${formatBytes(bytes)})`;
}

function section(title: string, rows: readonly string[]): readonly string[] {
  return rows.length === 0 ? [] : [`## ${title}`, rows.map(row => `- ${row}`).join("\n")];
}

function nameOf(path: string): string {
  return parseStorePath(path)?.name ?? path;
}

/** The command. */
export async function showForecast(
  app: Pick<App, "state" | "storage" | "ui" | "http" | "ports" | "config">,
  names: readonly string[] | undefined,
): Promise<void> {
  const chosen = names ?? (await pickHosts(app, t("What a Build Would Do")));
  const hosts = chosen.flatMap(name => app.state.fleet.findHost(name) ?? []);
  const ports = { ...app.ports, http: app.http, nix: app.config.read().tools.nix };
  const request = requestFor(app, hosts);
  const forecast = await app.ui.withProgress(t("Asking Nix and the caches"), async ({ signal }) => {
    const caches = await ownCaches(ports, signal);
    return forecastBuild(ports, { ...request, caches }, signal);
  });
  await app.ui.showText(forecastDocument(chosen, forecast));
}

function requestFor(
  { state }: Pick<App, "state">,
  hosts: readonly HostSnapshot[],
): Pick<ForecastRequest, "references" | "cwd"> {
  const { snapshot } = state.fleet;
  const references = hosts.flatMap(host =>
    snapshot === undefined ? [] : (systemReference(targetOf(host, snapshot)) ?? []),
  );
  const [cwd, ...others] = [...new Set(hosts.map(host => host.root))];
  if (cwd === undefined || others.length > 0)
    throw new UserError(t("Only hosts of one flake can be looked at together."));
  if (references.length < hosts.length)
    throw new UserError(
      t("Only systems of a flake can be looked at, and which of them is meant must be known."),
    );
  return { references, cwd };
}
