// Testing a cache from this machine: HTTP(S) by ourselves and read-only, file:// by reading, everything else through Nix, which
// writes a nix-cache-info into an S3 bucket that has none and that it may write to.

import { parseStoreUrl, type StoreUrl } from "../../../server/src/core/formats/storeUrl";
import type { Clock } from "../ports/clock";
import type { Files } from "../ports/files";
import type { Http, HttpFailureReason } from "../ports/http";
import { type ProcessRunner, succeeded } from "../ports/process";
import {
  type CacheTest,
  cacheFileUrl,
  type Fetched,
  judgeCacheInfo,
  judgeDescription,
  judgeNarInfo,
  narInfoName,
  type TestResult,
  trouble,
} from "./cacheTest";
import { captureFresh } from "./freshNix";
import { readPathInfo } from "./pathInfo";
import { type TroubleKind, tellingLine, troubleOf } from "./trouble";

export interface TestPorts {
  readonly http: Http;
  readonly files: Pick<Files, "readStart">;
  readonly processes: ProcessRunner;
  readonly clock: Clock;
  /** The program nix. */
  readonly nix: string;
}

export interface TestRequest {
  readonly url: string;
  /** A store path to look up; undefined to see only whether the cache answers. */
  readonly path: string | undefined;
  /** The keys that count: entries of trusted-public-keys. */
  readonly trusted: readonly string[];
}

/** Real ones have at most some hundred kilobytes. */
const MAX_BYTES = 2 * 1024 * 1024;

export async function testHere(
  ports: TestPorts,
  request: TestRequest,
  signal?: AbortSignal,
): Promise<CacheTest> {
  const started = ports.clock.elapsed();
  const at = ports.clock.now();
  const { url } = parseStoreUrl(request.url);
  const base = { url: request.url, host: undefined, at, path: request.path, info: undefined };
  const answer = (result: TestResult): CacheTest => ({
    ...base,
    milliseconds: ports.clock.elapsed() - started,
    result,
  });
  if (url === undefined) return answer(trouble("bad-url", request.url));
  if (url.family === "http" || url.family === "file") {
    const first = await fetchFile(ports, url, "nix-cache-info", signal);
    const milliseconds = ports.clock.elapsed() - started;
    const judged = judgeCacheInfo(first);
    if ("result" in judged) return { ...base, milliseconds, result: judged.result };
    const { info } = judged;
    return { ...base, milliseconds, info, result: await lookUp(ports, url, request, signal) };
  }
  return answer(await testByNix(ports, request, signal));
}

async function lookUp(
  ports: TestPorts,
  url: StoreUrl,
  { path, trusted }: TestRequest,
  signal: AbortSignal | undefined,
): Promise<TestResult> {
  if (path === undefined) return { kind: "reachable" };
  const name = narInfoName(path);
  if (name === undefined) return trouble("absent", path);
  return judgeNarInfo(await fetchFile(ports, url, name, signal), path, trusted);
}

async function fetchFile(
  ports: TestPorts,
  url: StoreUrl,
  file: string,
  signal: AbortSignal | undefined,
): Promise<Fetched> {
  if (url.family === "file") {
    const path = `${(url.path?.text ?? "").replace(/\/+$/, "")}/${file}`;
    const body = await ports.files.readStart(path, MAX_BYTES);
    return body === undefined
      ? { kind: "answered", status: 404, body: "" }
      : { kind: "answered", status: 200, body };
  }
  const options = { maxBytes: MAX_BYTES, ...(signal === undefined ? {} : { signal }) };
  const answer = await ports.http.get(cacheFileUrl(url, file), options);
  if (answer.kind === "answered") return answer;
  return { kind: "failed", trouble: TROUBLES[answer.reason], said: answer.message };
}

const TROUBLES: Readonly<Record<HttpFailureReason, TroubleKind>> = {
  badUrl: "bad-url",
  dns: "name-unknown",
  refused: "refused",
  unreachable: "no-route",
  timeout: "timed-out",
  tls: "tls",
  tooLarge: "corrupt",
  broken: "corrupt",
  badRedirect: "not-a-cache",
  cancelled: "unknown",
};

async function testByNix(
  ports: TestPorts,
  { url, path, trusted }: TestRequest,
  signal: AbortSignal | undefined,
): Promise<TestResult> {
  const question = path === undefined ? ["store", "ping"] : ["path-info", "--json"];
  const subject = path === undefined ? [] : [path];
  const own = process.env["NIX_SSHOPTS"] ?? "";
  const spec = {
    command: ports.nix,
    args: ["--extra-experimental-features", "nix-command", ...question, "--store", url, ...subject],
    env: { LC_ALL: "C", NIX_SSHOPTS: `${own} -o BatchMode=yes -o ConnectTimeout=10`.trim() },
  };
  const { result, stdout, stderr } = await captureFresh(ports.processes, spec, signal);
  if (result.kind === "spawnFailed") return trouble("no-nix", result.message);
  return judgeNixAnswer({ ok: succeeded(result), stdout, errors: stderr.split("\n"), path, trusted });
}

/** What Nix's answer about a store comes to, wherever it ran. */
export function judgeNixAnswer(answer: {
  readonly ok: boolean;
  readonly stdout: string;
  readonly errors: readonly string[];
  readonly path: string | undefined;
  readonly trusted: readonly string[];
}): TestResult {
  const { ok, stdout, path, trusted } = answer;
  const errors = answer.errors.filter(line => line.trim() !== "");
  if (!ok) return trouble(troubleOf(errors.join("\n")), tellingLine(errors));
  if (path === undefined) return { kind: "reachable" };
  const reading = readPathInfo(stdout, path);
  if (reading.kind === "absent") return trouble("absent", path);
  if (reading.kind === "unreadable") return trouble("corrupt", "nix path-info");
  return judgeDescription(reading.path, trusted);
}
