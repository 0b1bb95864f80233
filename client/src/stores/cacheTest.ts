// The outcome of testing a cache from one place, and how the answers of a binary cache are judged, whoever fetched them.

import { parseNarInfo } from "../../../server/src/core/formats/narInfo";
import { type NixCacheInfo, parseNixCacheInfo } from "../../../server/src/core/formats/nixCacheInfo";
import { parseStorePath, STORE_DIR } from "../../../server/src/core/formats/storePath";
import type { StoreUrl } from "../../../server/src/core/formats/storeUrl";
import { t } from "../l10n";
import { judgePath, type PathDescription } from "./signatures";
import type { TroubleKind } from "./trouble";

export interface CacheTest {
  readonly url: string;
  /** The name of the host that asked; undefined for this machine. */
  readonly host: string | undefined;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** How long the first answer took. */
  readonly milliseconds: number | undefined;
  /** What the cache says about itself; SSH and S3 stores are not asked for it. */
  readonly info: NixCacheInfo | undefined;
  readonly path: string | undefined;
  readonly result: TestResult;
}

export type TestResult =
  /** It answers as a cache does; no path was looked up. */
  | { readonly kind: "reachable" }
  /** It has the path, and whoever asked would take it. */
  | { readonly kind: "usable"; readonly by: string | undefined }
  | {
      readonly kind: "trouble";
      readonly trouble: TroubleKind;
      /** What ssh, Nix or the server said. */
      readonly said: string;
      readonly names: readonly string[];
      readonly entry: string | undefined;
    };

/** A file of a binary cache as it was answered. */
export type Fetched =
  | { readonly kind: "answered"; readonly status: number; readonly body: string }
  | { readonly kind: "failed"; readonly trouble: TroubleKind; readonly said: string };

export function trouble(kind: TroubleKind, said: string): TestResult {
  return { kind: "trouble", trouble: kind, said, names: [], entry: undefined };
}

/** Reads `nix-cache-info`; a result means that the cache is of no use. */
export function judgeCacheInfo(
  fetched: Fetched,
): { readonly info: NixCacheInfo } | { readonly result: TestResult } {
  if (fetched.kind === "failed") return { result: trouble(fetched.trouble, fetched.said) };
  const { status } = fetched;
  if (status === 401 || status === 403) return { result: trouble("unauthorized", `HTTP ${status}`) };
  if (status >= 500) return { result: trouble("server-error", `HTTP ${status}`) };
  if (status !== 200) return { result: trouble("not-a-cache", `nix-cache-info: HTTP ${status}`) };
  const reading = parseNixCacheInfo(fetched.body);
  if (reading.kind === "not-cache-info")
    return { result: trouble("not-a-cache", t("nix-cache-info is something else")) };
  if (reading.kind === "bad-priority")
    return { result: trouble("not-a-cache", `Priority: ${reading.text.slice(0, 40)}`) };
  const { storeDir } = reading.info;
  if (storeDir !== undefined && storeDir !== STORE_DIR)
    return { result: trouble("other-store", `StoreDir: ${storeDir.slice(0, 200)}`) };
  return { info: reading.info };
}

/** Reads the narinfo of `path`. A cache may describe another path than it was asked for; such an answer is corrupt. */
export function judgeNarInfo(fetched: Fetched, path: string, trusted: readonly string[]): TestResult {
  if (fetched.kind === "failed") return trouble(fetched.trouble, fetched.said);
  const { status, body } = fetched;
  if (status === 404 || status === 410) return trouble("absent", `HTTP ${status}`);
  if (status === 401 || status === 403) return trouble("unauthorized", `HTTP ${status}`);
  if (status !== 200) return trouble("server-error", `HTTP ${status}`);
  const reading = parseNarInfo(body);
  if (reading.kind === "problem") {
    const { kind, line, field } = reading.problem;
    return trouble("corrupt", `narinfo, line ${line}: ${field ?? ""} ${kind}`);
  }
  if (reading.info.storePath !== path) return trouble("corrupt", t("the narinfo describes another path"));
  return judgeDescription(reading.info, trusted);
}

export function judgeDescription(path: PathDescription, trusted: readonly string[]): TestResult {
  const verdict = judgePath(path, trusted);
  if (verdict.kind === "usable") return verdict;
  const signed = verdict.names.length === 0 ? "" : `Sig: ${verdict.names.join(", ")}`;
  const said = verdict.trouble === "malformed-key" ? (verdict.entry ?? "").slice(0, 200) : signed;
  return { ...verdict, said };
}

/** The address of a file of an HTTP cache, without Nix's own parameters. */
export function cacheFileUrl(url: StoreUrl, file: string): string {
  const query = url.text.indexOf("?");
  const base = (query < 0 ? url.text : url.text.slice(0, query)).replace(/\/+$/, "");
  return `${base}/${file}`;
}

/** `HASH.narinfo`; undefined for what is no store path. */
export function narInfoName(path: string): string | undefined {
  const parts = parseStorePath(path);
  return parts === undefined ? undefined : `${parts.hash}.narinfo`;
}
