// Testing a cache from a host, as root of that host, who is the one that asks caches there. Read-only: an HTTP cache is
// asked with curl, because Nix itself would try to write to a server that has no nix-cache-info.

import { parseStoreUrl } from "../../../server/src/core/formats/storeUrl";
import type { HostSnapshot } from "../../../server/src/protocol";
import { t } from "../l10n";
import type { Clock } from "../ports/clock";
import type { Answers, FixedScript } from "../remote/fixedScript";
import type { HostShell } from "../remote/hostShell";
import {
  type CacheTest,
  cacheFileUrl,
  type Fetched,
  judgeCacheInfo,
  judgeNarInfo,
  narInfoName,
  type TestResult,
  trouble,
} from "./cacheTest";
import { judgeNixAnswer } from "./testHere";
import { tellingLine, troubleOf } from "./trouble";

/** What the host said of itself on the way. */
export interface HostSide {
  readonly trustedPublicKeys: readonly string[];
  readonly substituters: readonly string[];
  /** Root's SSH public key. */
  readonly rootPublicKey: string | undefined;
}

export interface HostCacheTest {
  readonly test: CacheTest;
  readonly side: HostSide | undefined;
}

export async function testOnHost(
  ports: { readonly shell: HostShell; readonly clock: Clock },
  host: HostSnapshot,
  request: { readonly url: string; readonly path: string | undefined },
  signal?: AbortSignal,
): Promise<HostCacheTest> {
  const at = ports.clock.now();
  const base = { url: request.url, host: host.name, at, path: request.path };
  const unasked = (result: TestResult): HostCacheTest => ({
    test: { ...base, milliseconds: undefined, info: undefined, result },
    side: undefined,
  });
  const script = scriptFor(request.url, request.path);
  if (script === undefined) return unasked(trouble("bad-url", request.url));
  const options = signal === undefined ? { timeoutMs: 90_000 } : { timeoutMs: 90_000, signal };
  const answer = await ports.shell.asRoot(host, script, options);
  if (answer.kind === "failed") return unasked(trouble("no-login", answer.why));
  const { answers } = answer;
  const side = sideOf(answers);
  const milliseconds = wholeNumber(answers.one("milliseconds"));
  if (answers.one("how") === "http") {
    const judged = judgeCacheInfo(fetchedOf(answers, "info"));
    if ("result" in judged)
      return { test: { ...base, milliseconds, info: undefined, result: judged.result }, side };
    const result: TestResult =
      request.path === undefined
        ? { kind: "reachable" }
        : judgeNarInfo(fetchedOf(answers, "narinfo"), request.path, side.trustedPublicKeys);
    return { test: { ...base, milliseconds, info: judged.info, result }, side };
  }
  if (answers.one("how") === "no-curl") {
    const result = trouble("unknown", t("there is no curl on {0}", host.name));
    return { test: { ...base, milliseconds, info: undefined, result }, side };
  }
  if (answers.one("how") === "none")
    return { test: { ...base, milliseconds, info: undefined, result: trouble("no-nix", "") }, side };
  const result = judgeNixAnswer({
    ok: answers.one("code") === "0",
    stdout: answers.all("out").join("\n"),
    errors: answers.all("err"),
    path: request.path,
    trusted: side.trustedPublicKeys,
  });
  return { test: { ...base, milliseconds, info: undefined, result }, side };
}

function scriptFor(text: string, path: string | undefined): FixedScript | undefined {
  const { url } = parseStoreUrl(text);
  const narInfo = path === undefined ? "" : narInfoName(path);
  if (url === undefined || narInfo === undefined) return undefined;
  const name = t("the test of the cache");
  if (url.family !== "http") return { name, body: BODY, args: ["nix", text, path ?? "", "", ""] };
  const info = cacheFileUrl(url, "nix-cache-info");
  return {
    name,
    body: BODY,
    args: ["http", text, path ?? "", info, narInfo === "" ? "" : cacheFileUrl(url, narInfo)],
  };
}

function fetchedOf(answers: Answers, file: string): Fetched {
  const status = wholeNumber(answers.one(`${file}:status`));
  if (status !== undefined && status > 0)
    return {
      kind: "answered",
      status,
      body: answers
        .all(`${file}:body`)
        .map(line => `${line}\n`)
        .join(""),
    };
  const errors = answers.all(`${file}:err`);
  return { kind: "failed", trouble: troubleOf(errors.join("\n")), said: tellingLine(errors) };
}

function sideOf(answers: Answers): HostSide {
  const words = (key: string) => (answers.one(key) ?? "").split(/\s+/).filter(word => word !== "");
  return {
    trustedPublicKeys: words("trusted-public-keys"),
    substituters: words("substituters"),
    rootPublicKey: /^[a-z0-9@.-]+ [A-Za-z0-9+/]+=*/.exec(answers.one("rootkey") ?? "")?.[0],
  };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

/** Arguments: http|nix, URL, store path or nothing, address of nix-cache-info, address of the narinfo or nothing. */
const BODY = String.raw`
tmp=$(mktemp -d) || return
trap 'rm -rf "$tmp"' EXIT
now() { n=$(date +%s%N); case $n in *N) echo "$(date +%s)000" ;; *) echo "$((n / 1000000))" ;; esac; }
settings=
if has nix; then settings=$(nix_ config show 2>/dev/null || nix_ show-config 2>/dev/null); fi
[ -n "$settings" ] || settings=$(cat /etc/nix/nix.conf 2>/dev/null)
for s in trusted-public-keys substituters; do
  tell "$s" "$(printf '%s\n' "$settings" | sed -n "s/^$s = //p" | tail -n 1)"
done
for kind in ed25519 ecdsa rsa; do
  if [ -r ~root/.ssh/id_$kind.pub ]; then tell rootkey "$(head -n 1 ~root/.ssh/id_$kind.pub)"; break; fi
done
# the address goes in by standard input, because it may hold a password and arguments are public
fetch() {
  set -- "$1" "$(printf '%s' "$2" | sed 's/[\\"]/\\&/g')"
  netrc=; [ -r /etc/nix/netrc ] && netrc='netrc-file = "/etc/nix/netrc"'
  # older ones mind --max-filesize only where the server says how much it will send
  (
    ulimit -f 4096
    exec curl -q -sS -L --proto '=http,https' --proto-redir '=http,https' --max-redirs 5 --connect-timeout 10 --max-time 20 \
      --max-filesize 2097152 -o "$tmp/body" -w '%{http_code}' -K -
  ) >"$tmp/status" 2>"$tmp/err" <<EOC
url = "$2"
$netrc
EOC
  code=$?
  [ "$code" -gt 128 ] && echo "curl: more than the maximum size" >"$tmp/err"
  status=$(cat "$tmp/status")
  [ -s "$tmp/err" ] && status=0
  tell "$1:status" "$status"
  report "$1:err" "$tmp/err"
  [ "$status" = 200 ] && [ -e "$tmp/body" ] && report "$1:body" "$tmp/body"
  rm -f "$tmp/body"
}
begin=$(now)
if [ "$1" = http ] && has curl; then
  tell how http
  fetch info "$4"
  tell milliseconds "$(( $(now) - begin ))"
  [ -n "$5" ] && fetch narinfo "$5"
  return
fi
# Nix would show an address with a password in its arguments, and may write to what it is only asked about
if [ "$1" = http ]; then tell how no-curl; return; fi
if ! has nix; then tell how none; return; fi
tell how nix
NIX_SSHOPTS="-o BatchMode=yes -o ConnectTimeout=10 $NIX_SSHOPTS"; export NIX_SSHOPTS
# without what Nix remembers of the cache
XDG_CACHE_HOME=$tmp/cache; export XDG_CACHE_HOME
if [ -n "$3" ]; then
  limited 60 nix --extra-experimental-features nix-command path-info --json --store "$2" "$3" >"$tmp/out" 2>"$tmp/err"
else
  limited 60 nix --extra-experimental-features nix-command store ping --store "$2" >"$tmp/out" 2>"$tmp/err"
fi
tell code $?
tell milliseconds "$(( $(now) - begin ))"
report out "$tmp/out"
report err "$tmp/err"
`;
