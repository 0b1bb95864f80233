// GET over HTTP(S) from servers that nobody vouches for: everything is bounded (time, size, redirects), nothing is decoded
// but the text, and every way in which it can go wrong is a value. Never follows a redirect to another scheme than http
// and https, and never from https back to http.

import type { IncomingMessage, RequestOptions } from "node:http";
import { t } from "../l10n";
import { hasCode } from "./files";

export interface Http {
  /** Never rejects. */
  get(url: string, options?: HttpOptions): Promise<HttpAnswer>;
}

export interface HttpOptions {
  readonly signal?: AbortSignal;
  /** For everything together: name look-up, all redirects and the whole body. Default 10 s. */
  readonly timeoutMs?: number;
  /** Of the body. Default 1 MiB. */
  readonly maxBytes?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpResponse {
  readonly kind: "answered";
  readonly status: number;
  /** UTF-8 with replacement characters. */
  readonly body: string;
  /** The address that answered, after redirects; without user and password. */
  readonly url: string;
  readonly milliseconds: number;
}

export interface HttpFailure {
  readonly kind: "failed";
  readonly reason: HttpFailureReason;
  /** One line for people; never holds credentials of the URL. */
  readonly message: string;
}

export type HttpFailureReason =
  | "badUrl"
  | "dns"
  | "refused"
  | "unreachable"
  | "timeout"
  | "tls"
  | "tooLarge"
  /** The connection ended before the body did, or what came was no HTTP. */
  | "broken"
  | "badRedirect"
  | "cancelled";

export type HttpAnswer = HttpResponse | HttpFailure;

const MAX_REDIRECTS = 5;
const MAX_HEADER_BYTES = 16 * 1024;
const REDIRECTS: readonly number[] = [301, 302, 303, 307, 308];

export const nodeHttp: Http = { get };

async function get(url: string, options: HttpOptions = {}): Promise<HttpAnswer> {
  const started = performance.now();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), options.timeoutMs ?? 10_000);
  const outer = options.signal;
  const signal = outer === undefined ? limit.signal : AbortSignal.any([limit.signal, outer]);
  try {
    const answer = await follow(url, options, signal);
    if (answer.kind === "answered") return { ...answer, milliseconds: performance.now() - started };
    if (outer?.aborted === true) return failure("cancelled", "cancelled");
    if (!limit.signal.aborted) return answer;
    const seconds = Math.round((options.timeoutMs ?? 10_000) / 100) / 10;
    return failure("timeout", t("{0} did not answer within {1} s", withoutCredentials(url), seconds));
  } finally {
    clearTimeout(timer);
  }
}

async function follow(first: string, options: HttpOptions, signal: AbortSignal): Promise<HttpAnswer> {
  let at = readUrl(first);
  if (at === undefined)
    return failure("badUrl", t("{0} is no http or https address", withoutCredentials(first)));
  let headers = options.headers ?? {};
  for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
    const answer = await once(at, headers, options.maxBytes ?? 1 << 20, signal);
    if (answer.kind === "failed" || answer.location === undefined) return answer;
    const next = readUrl(answer.location, at);
    const downgraded = at.protocol === "https:" && next?.protocol === "http:";
    if (next === undefined || downgraded)
      return failure("badRedirect", t("{0} redirects to an address that is not followed", at.host));
    // credentials belong to the server that they were given for
    if (next.host !== at.host) headers = {};
    else [next.username, next.password] = [at.username, at.password];
    at = next;
  }
  return failure("badRedirect", t("{0} redirects without end", at.host));
}

interface Once extends HttpResponse {
  /** Where a redirect points. */
  readonly location: string | undefined;
}

async function once(
  url: URL,
  headers: Readonly<Record<string, string>>,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Once | HttpFailure> {
  // loaded when the first request is made: activation needs neither
  const { request } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  const options: RequestOptions = {
    signal,
    agent: false,
    maxHeaderSize: MAX_HEADER_BYTES,
    headers: { accept: "*/*", "accept-encoding": "identity", "user-agent": "nix-deploy", ...headers },
    ...(url.username === "" ? {} : { auth: `${decode(url.username)}:${decode(url.password)}` }),
  };
  return new Promise(resolve => {
    const fail = (error: Error) => resolve(failureOf(error, url));
    const bare = new URL(url);
    [bare.username, bare.password] = ["", ""];
    const sent = request(bare, options, response => collect(response, bare, maxBytes, resolve, fail));
    sent.on("error", fail);
    // a server that goes on to another protocol leaves no answer and no error
    sent.on("close", () => fail(new Error("the connection ended without an answer")));
    sent.end();
  });
}

function collect(
  response: IncomingMessage,
  url: URL,
  maxBytes: number,
  resolve: (answer: Once | HttpFailure) => void,
  fail: (error: Error) => void,
): void {
  const status = response.statusCode ?? 0;
  const { location } = response.headers;
  if (REDIRECTS.includes(status) && location !== undefined) {
    response.destroy();
    resolve({ kind: "answered", status, body: "", url: url.href, milliseconds: 0, location });
    return;
  }
  const tooLarge = () => failure("tooLarge", t("{0} sent more than {1} bytes", url.host, maxBytes));
  const chunks: Buffer[] = [];
  let size = 0;
  response.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBytes) return void chunks.push(chunk);
    chunks.length = 0;
    resolve(tooLarge());
    response.destroy();
  });
  response.on("error", fail);
  response.on("aborted", () => fail(new Error("the connection ended before the answer did")));
  response.on("end", () => {
    const body = Buffer.concat(chunks).toString("utf8");
    resolve({ kind: "answered", status, body, url: url.href, milliseconds: 0, location: undefined });
  });
}

function failureOf(error: Error, url: URL): HttpFailure {
  const { host } = url;
  if (hasCode(error, "ENOTFOUND", "EAI_AGAIN")) return failure("dns", t("no address is known for {0}", host));
  if (hasCode(error, "ECONNREFUSED")) return failure("refused", t("{0} refuses connections", host));
  if (hasCode(error, "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"))
    return failure("unreachable", t("there is no way to {0}", host));
  if (hasCode(error, "ETIMEDOUT")) return failure("timeout", t("{0} does not answer", host));
  const code = "code" in error ? String(error.code) : "";
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_|UNABLE_TO|SELF_SIGNED|EPROTO)/.test(code))
    return failure("tls", t("{0}: the TLS connection failed ({1})", host, code));
  return failure("broken", `${host}: ${error.message}`);
}

function failure(reason: HttpFailureReason, message: string): HttpFailure {
  return { kind: "failed", reason, message };
}

function readUrl(text: string, base?: URL): URL | undefined {
  if (!URL.canParse(text, base?.href)) return undefined;
  const url = new URL(text, base?.href);
  return !/^https?:$/.test(url.protocol) || url.hostname === "" ? undefined : url;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

function withoutCredentials(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//");
}
