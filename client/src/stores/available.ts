// Which of many store paths other caches have: over HTTP(S) by our own bounded requests, everywhere else through Nix.
// A cache that does not answer has nothing, so that a broken one makes a push longer and never wrong.

import { parseNarInfo } from "../../../server/src/core/formats/narInfo";
import { isStorePath } from "../../../server/src/core/formats/storePath";
import { parseStoreUrl, type StoreUrl } from "../../../server/src/core/formats/storeUrl";
import { isRecord, parseJson } from "../json";
import type { Http } from "../ports/http";
import type { ProcessRunner } from "../ports/process";
import { cacheFileUrl, narInfoName } from "./cacheTest";
import { captureFresh } from "./freshNix";
import { NIX_FEATURES } from "./nixPaths";

export interface AskingPorts {
  readonly http: Http;
  readonly processes: ProcessRunner;
  readonly nix: string;
}

export interface Available {
  /** The first cache that has it. */
  readonly cache: string;
  /** Bytes to download; undefined where the cache does not say. */
  readonly size: number | undefined;
}

export interface Availability {
  readonly available: ReadonlyMap<string, Available>;
  /** Caches that did not answer: why. */
  readonly silent: ReadonlyMap<string, string>;
}

const AT_ONCE = 16;
const MAX_BYTES = 256 * 1024;

/** Asks the caches in their order; a path that one has is not asked of the next. */
export async function findAvailable(
  ports: AskingPorts,
  caches: readonly string[],
  paths: readonly string[],
  signal: AbortSignal,
): Promise<Availability> {
  const available = new Map<string, Available>();
  const silent = new Map<string, string>();
  for (const cache of caches) {
    const left = paths.filter(path => isStorePath(path) && !available.has(path));
    const { url } = parseStoreUrl(cache);
    if (left.length === 0 || url === undefined || signal.aborted) continue;
    const note = (path: string, size: number | undefined) => available.set(path, { cache, size });
    const why = /^https?:/.test(cache)
      ? await askHttp(ports.http, url, left, note, signal)
      : await askNix(ports, cache, left, note, signal);
    if (why !== undefined) silent.set(cache, why);
  }
  return { available, silent };
}

type Note = (path: string, size: number | undefined) => void;

/** Answers why it stopped asking, if it did. */
async function askHttp(
  http: Http,
  url: StoreUrl,
  paths: readonly string[],
  note: Note,
  signal: AbortSignal,
): Promise<string | undefined> {
  let failure: string | undefined;
  const queue = [...paths];
  const worker = async () => {
    for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
      if (failure !== undefined || signal.aborted) return;
      const name = narInfoName(path);
      if (name === undefined) continue;
      const answer = await http.get(cacheFileUrl(url, name), { signal, maxBytes: MAX_BYTES });
      if (answer.kind === "failed") failure = answer.message;
      else if (answer.status >= 500) failure = `HTTP ${answer.status}`;
      else if (answer.status === 200) noteNarInfo(answer.body, path, note);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, queue.length) }, worker));
  return failure;
}

function noteNarInfo(body: string, path: string, note: Note): void {
  const reading = parseNarInfo(body);
  if (reading.kind === "narinfo" && reading.info.storePath === path) note(path, reading.info.fileSize);
}

async function askNix(
  { processes, nix }: AskingPorts,
  cache: string,
  paths: readonly string[],
  note: Note,
  signal: AbortSignal,
): Promise<string | undefined> {
  // an SSH store is asked one connection at a time, so all paths go into few calls
  for (let at = 0; at < paths.length; at += NIX_BATCH) {
    const batch = paths.slice(at, at + NIX_BATCH);
    const args = [...NIX_FEATURES, "path-info", "--json", "--store", cache, ...batch];
    const env = { NIX_SSHOPTS: "-o BatchMode=yes -o ConnectTimeout=5", LC_ALL: "C" };
    const { result, stdout, stderr } = await captureFresh(processes, { command: nix, args, env }, signal);
    if (result.kind !== "exited" || result.code !== 0)
      return stderr.split("\n").findLast(line => line.startsWith("error:")) ?? result.kind;
    for (const [path, size] of validPaths(stdout, batch)) note(path, size);
  }
  return undefined;
}

const NIX_BATCH = 500;

/** Nix answers an array up to 2.18 and an object from 2.19 on; a path that is absent is null or not valid. */
function validPaths(json: string, asked: readonly string[]): (readonly [string, number | undefined])[] {
  const value = parseJson(json);
  return asked.flatMap((path): (readonly [string, number | undefined])[] => {
    const entry = Array.isArray(value)
      ? value.find(each => isRecord(each) && each["path"] === path)
      : isRecord(value)
        ? value[path]
        : undefined;
    if (!isRecord(entry) || entry["valid"] === false || entry["narHash"] === undefined) return [];
    const size = entry["downloadSize"];
    return [[path, typeof size === "number" ? size : undefined]];
  });
}
