// Our readers of keys, signatures, nix.conf and known_hosts against the programs whose formats they are: Nix 2.26 and 2.8, and
// OpenSSH of both. What is asked is random, and the same in every run.
import { createHmac, randomBytes } from "node:crypto";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readPathInfo } from "../../client/src/stores/pathInfo";
import { formatCacheKey, formatCacheSecretKey, publicHalf } from "../../server/src/core/formats/cacheKey";
import { makeCacheKey, signPath, verifyPath } from "../../server/src/core/formats/cacheSignature";
import { matchesKnownHost, parseKnownHosts } from "../../server/src/core/formats/knownHosts";
import { nixConfSettings, parseNixConf } from "../../server/src/core/formats/nixConf";
import { parseSshPublicKey } from "../../server/src/core/formats/sshPublicKey";
import { nodeEd25519 } from "../../server/src/io/ed25519";
import { type Fleet, type Host, startFleet } from "./fleet";

const SEED = 20260101;
let fleet: Fleet;

beforeAll(async () => {
  fleet = await startFleet("stage", "web:bookworm");
});

afterAll(() => fleet?.stop());

describe.each(["stage", "web"])("on %s", name => {
  let host: Host;
  const write = (file: string, text: string) =>
    host
      .exec(["sh", "-c", 'mkdir -p "${0%/*}"; cat > "$0"', file], { input: text })
      .then(({ code }) => expect(code).toBe(0));

  beforeAll(() => {
    host = fleet.host(name);
  });

  test("Nix takes our signatures of any key and none of another path, and we take its own", async () => {
    const path = (
      await host.exec([
        "nix-build",
        "--no-out-link",
        "-E",
        `let make = name: text: derivation { inherit name; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "echo \${text} > $out" ]; };
         in make "signed" (make "needed" "x")`,
      ])
    ).stdout.trim();
    const reading = readPathInfo((await host.exec(["nix", "path-info", "--json", path])).stdout, path);
    if (reading.kind !== "path") throw new Error(reading.kind);
    expect(reading.path.references).toHaveLength(1);
    await host.sh(`nix copy --no-check-sigs --to file:///root/signed ${path}`);
    const file = `/root/signed/${path.slice(11, 43)}.narinfo`;
    const plain = await host.sh(`grep -v ^Sig: ${file}`);
    const names = fc.sample(fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9.+_-]{0,30}$/), {
      numRuns: 6,
      seed: SEED,
    });
    for (const keyName of names) {
      const key = makeCacheKey(keyName, Uint8Array.from(randomBytes(32)), nodeEd25519);
      const publicKey = formatCacheKey(publicHalf(key));
      const verify = async (signature: string) => {
        await write(file, `${plain}\nSig: ${signature}\n`);
        const asked = [
          "--store",
          "file:///root/signed",
          "--no-contents",
          "--trusted-public-keys",
          publicKey,
          path,
        ];
        return (
          await host.exec([
            "env",
            `XDG_CACHE_HOME=/root/${Math.random()}`,
            "nix",
            "store",
            "verify",
            ...asked,
          ])
        ).code;
      };
      expect(await verify(signPath(reading.path, key, nodeEd25519)), keyName).toBe(0);
      const other = { ...reading.path, narSize: reading.path.narSize + 1 };
      expect(await verify(signPath(other, key, nodeEd25519)), keyName).toBe(2);

      await write("/root/secret", formatCacheSecretKey(key));
      await host.sh(`nix store sign -k /root/secret ${path}`);
      const signed = readPathInfo((await host.exec(["nix", "path-info", "--json", path])).stdout, path);
      if (signed.kind !== "path") throw new Error(signed.kind);
      expect(verifyPath(signed.path, [publicHalf(key)], nodeEd25519).kind, keyName).toBe("valid");
    }
  });

  test("nix.conf: the same settings, the same words, and an error where Nix has one", async () => {
    const word = fc.constantFrom(
      "https://a.example/",
      "http://b.example?priority=1",
      "ssh://c",
      "k:x=",
      "#not",
      "a#b",
      "=",
    );
    const blank = fc.constantFrom(" ", "  ", "\t", " \t ");
    const list = fc.constantFrom("substituters", "trusted-substituters", "secret-key-files", "allowed-users");
    const setting = fc
      .tuple(
        list,
        blank,
        blank,
        fc.array(word, { maxLength: 4 }),
        blank,
        fc.constantFrom("", "\r", " # note"),
      )
      .map(
        ([option, before, after, words, between, end]) =>
          `${option}${before}=${after}${words.join(between)}${end}`,
      );
    const odd = fc.constantFrom(
      "",
      "  ",
      "# all of it",
      "\tfallback = true",
      "cores = 3",
      "cores=3",
      "a b c",
      "fallback =",
      "substituters = a \\\\",
    );
    const configs = fc.sample(
      fc.array(fc.oneof({ weight: 4, arbitrary: setting }, { weight: 1, arbitrary: odd }), { maxLength: 6 }),
      {
        numRuns: 25,
        seed: SEED,
      },
    );
    const shown = ["substituters", "trusted-substituters", "secret-key-files", "allowed-users"];
    for (const lines of configs) {
      const text = `experimental-features = nix-command\n${lines.join("\n")}\n`;
      await write("/root/conf/nix.conf", text);
      const show = name === "web" ? ["show-config"] : ["config", "show"];
      const ran = await host.exec(["env", "NIX_CONF_DIR=/root/conf", "nix", ...show, "--json"]);
      const failed = parseNixConf(text).some(line => line.kind === "problem");
      const empty = nixConfSettings(text).some(
        each => /^(?:fallback|cores)$/.test(each.name.text) && each.words.length === 0,
      );
      expect(ran.code !== 0, `${text}\n${ran.stderr}`).toBe(failed || empty);
      if (ran.code !== 0) continue;
      const told = JSON.parse(ran.stdout) as Record<string, { value: readonly string[] }>;
      for (const option of shown) {
        const last = nixConfSettings(text).findLast(each => each.name.text === option);
        if (last === undefined) continue;
        const words = [...new Set(last.words.map(each => each.text))].sort();
        expect([...new Set(told[option]?.value ?? [])].sort(), text).toEqual(words);
      }
    }
  });

  test("known_hosts: a host is known to ssh exactly where it is to us", async () => {
    const key = (await host.sh("cut -d' ' -f1,2 /etc/ssh/ssh_host_ed25519_key.pub")).trim();
    const pattern = fc.constantFrom(
      "stage",
      "stage.test",
      "*.test",
      "st?ge",
      "!stage.test",
      "*",
      "[stage.test]:2222",
      "10.0.0.*",
      "STAGE",
    );
    const hosts = fc.uniqueArray(pattern, { minLength: 1, maxLength: 3 }).map(each => each.join(","));
    const line = fc
      .tuple(fc.constantFrom("", "", "", "@cert-authority ", "@revoked "), hosts)
      .map(([marker, each]) => `${marker}${each} ${key}`);
    const broken = fc.constantFrom("# stage.test", "", "@odd stage.test ssh-ed25519 AAAA", "stage.test");
    const files = fc.sample(
      fc.array(fc.oneof({ weight: 4, arbitrary: line }, { weight: 1, arbitrary: broken }), { maxLength: 4 }),
      { numRuns: 20, seed: SEED },
    );
    const asked = ["stage", "stage.test", "prod.test", "[stage.test]:2222", "10.0.0.7"];
    const hmac = (salt: Uint8Array, text: string) =>
      Uint8Array.from(createHmac("sha1", salt).update(text).digest());
    for (const [index, lines] of files.entries()) {
      await write("/root/known", `${lines.join("\n")}\n`);
      // every second file with its names hashed, as far as they can be
      if (index % 2 === 1) await host.exec(["ssh-keygen", "-q", "-H", "-f", "/root/known"]);
      const text = await host.sh("cat /root/known");
      for (const each of asked) {
        const known = parseKnownHosts(text).lines.some(found => matchesKnownHost(found, each, hmac));
        const { code } = await host.exec(["ssh-keygen", "-F", each, "-f", "/root/known"]);
        expect(code === 0, `${each} in\n${text}`).toBe(known);
      }
    }
  });

  test("SSH public keys: whole ones are keys to both, cut and mixed ones to neither", async () => {
    await host.sh(`
      rm -f /root/key-*
      ssh-keygen -q -t ed25519 -N '' -f /root/key-a; ssh-keygen -q -t ecdsa -b 384 -N '' -f /root/key-b; ssh-keygen -q -t rsa -b 2048 -N '' -f /root/key-c`);
    const lines = (await host.sh("cat /root/key-a.pub /root/key-b.pub /root/key-c.pub")).trim().split("\n");
    for (const line of lines) {
      const [type = "", blob = "", comment = ""] = line.split(" ");
      const cut = fc.sample(fc.integer({ min: 1, max: blob.length - 1 }), { numRuns: 5, seed: SEED });
      const texts = [
        line,
        `${type} ${blob}`,
        `${type} ${blob} ${comment} and more`,
        ...cut.map(at => `${type} ${blob.slice(0, at)} ${comment}`),
        `${type === "ssh-rsa" ? "ssh-ed25519" : "ssh-rsa"} ${blob}`,
        `${type} ${blob}AAAA`,
        `${type} ${blob.slice(0, 30)} ${blob.slice(30)}`,
        blob,
        `"${line}"`,
      ];
      for (const text of texts) {
        await write("/root/line.pub", `${text}\n`);
        const { code } = await host.exec(["ssh-keygen", "-lf", "/root/line.pub"]);
        expect(code === 0, text).toBe(parseSshPublicKey(text).kind === "key");
      }
    }
  }, 120_000);
});
