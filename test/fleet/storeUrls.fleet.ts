// Our reader of store URLs against Nix 2.26 and 2.8: what it takes for a URL Nix opens, what it refuses Nix refuses, and of
// parameters both know the same. What is asked is random, and the same in every run.
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseStoreUrl, type StoreUrlProblemKind } from "../../server/src/core/formats/storeUrl";
import { type Fleet, startFleet } from "./fleet";

const SEED = 20260101;
const RUNS = 90;
let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet("stage", "web:bookworm");
});

afterAll(() => fleet?.stop());

/** Nothing listens there, or nothing is there: what matters is how far Nix gets. */
const HOST = fc.constantFrom(
  "127.0.0.1",
  "u@127.0.0.1",
  "localhost",
  "a-b.invalid",
  "A.invalid",
  "u@a_b.invalid",
  "[::1]",
  "",
  "-oX",
);
const VALUE = fc.constantFrom("1", "true", "no", "True", "abc", "-5", "", "xz", "/k");
/** Without `compression`, whose value is looked at from 2.34 on, and `remote-store`, which the other side judges. */
const NAME = fc.constantFrom(
  "priority",
  "trusted",
  "want-mass-query",
  "path-info-cache-size",
  "compression-level",
  "parallel-compression",
  "secret-key",
  "local-nar-cache",
  "write-nar-listing",
  "ssh-key",
  "compress",
  "max-connections",
  "priorty",
  "optional",
  "Priority",
  "trusted-public-keys",
);
const QUERY = fc
  .array(
    fc
      .tuple(NAME, fc.option(VALUE, { freq: 6 }))
      .map(([name, value]) => (value === null ? name : `${name}=${value}`)),
    { maxLength: 2 },
  )
  .map(pairs => (pairs.length === 0 ? "" : `?${pairs.join("&")}`));
/** A store with parameters, or one that has few or other ones on every machine. */
const URL = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom("ssh", "ssh-ng"), HOST, QUERY)
      .map(([scheme, host, query]) => `${scheme}://${host}${query}`),
  },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.constantFrom("file:///tmp/cache", "file:///tmp/cache/", "file:/tmp/cache"), QUERY)
      .map(([url, query]) => url + query),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "daemon",
      "auto",
      "",
      "local",
      "unix:///nix/x",
      "/tmp/root",
      "./rel",
      "dummy://",
    ),
  },
);
const SLIP = fc.constantFrom(
  "cache.nixos.org",
  "htps://a.invalid",
  "HTTPS://a.invalid",
  "FILE:///tmp/cache",
  "Ssh://a.invalid",
  "ftp://a.invalid",
  "path:/x",
  "github:a/b",
  '"https://a.invalid"',
  "[https://a.invalid]",
  "git+ssh://a.invalid",
  "nix-ssh@a.invalid",
  "word",
  "dummy",
);

/** What makes a reference none that Nix could open, whatever is asked of it. */
const REFUSED: readonly StoreUrlProblemKind[] = [
  "no-scheme",
  "wrapped",
  "flake-reference",
  "ssh-address",
  "unknown-scheme",
  "scheme-case",
  "empty-host",
  "bad-host",
  "parameter-value",
];

interface Said {
  readonly text: string;
  readonly refused: boolean;
  /** Names of parameters that it does not know. */
  readonly unknown: readonly string[];
}

/** What Nix on a host says of each. */
async function askNix(host: string, urls: readonly string[]): Promise<readonly Said[]> {
  const script = `
    while IFS= read -r url; do
      NIX_SSHOPTS="-o BatchMode=yes -o ConnectTimeout=1 -o ConnectionAttempts=1" \
        timeout 20 nix store ping --store "$url" </dev/null 2>&1 | head -c 2000
      printf '\\n@@@\\n'
    done <<'EOU'\n${urls.join("\n")}\nEOU`;
  const out = await fleet.host(host).sh(script, { timeoutMs: 240_000 });
  return out
    .split("\n@@@")
    .slice(0, urls.length)
    .map(text => ({
      text,
      refused:
        /don't know how to open|Cannot parse|invalid SSH (?:host name|authority)|requires a (?:valid|non-empty)|has invalid value|is not a valid/.test(
          text,
        ),
      unknown: [...text.matchAll(/unknown setting '([^']*)'/g)].map(match => match[1] ?? ""),
    }));
}

test.each(["stage", "web"])(
  "on %s",
  async host => {
    const wanted = fc.oneof({ weight: 6, arbitrary: URL }, { weight: 1, arbitrary: SLIP });
    const twice = ["priority=abc&priority=1", "priority=1&priority=abc", "trusted=1&trusted=2"];
    const fixed = twice.map(query => `file:///tmp/cache?${query}`);
    const urls = [...new Set([...fixed, ...fc.sample(wanted, { numRuns: RUNS, seed: SEED })])];
    const said = await askNix(host, urls);
    expect(said).toHaveLength(urls.length);
    const differing = urls.flatMap((url, index) => {
      const { problems } = parseStoreUrl(url);
      const nix = said[index];
      if (nix === undefined) return [url];
      const refused = problems.some(({ kind }) => REFUSED.includes(kind));
      const unknown = problems
        // without a sign of equality Nix passes over it, or says no more than that
        .filter(({ kind, end }) => kind === "unknown-parameter" && url[end] === "=")
        .map(({ start, end }) => url.slice(start, end));
      // where a value is refused, or its file is not there, Nix does not come to the names
      const names =
        nix.refused ||
        /opening file/.test(nix.text) ||
        [...new Set(unknown)].sort().join() === [...new Set(nix.unknown)].sort().join();
      return refused === nix.refused && names
        ? []
        : [`${url}: ours ${problems.map(({ kind }) => kind).join()}; Nix: ${nix.text.trim()}`];
    });
    expect(differing).toEqual([]);
  },
  300_000,
);
