import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FileCache, hasNix, makeFileCache, serveFolder } from "../../../test/harness/fileCache";
import { localShell } from "../../../test/harness/localShell";
import { recorder } from "../../../test/harness/recorder";
import { hostOf } from "../../../test/harness/snapshots";
import { systemClock } from "../ports/clock";
import { nodeFiles } from "../ports/files";
import { nodeHttp } from "../ports/http";
import { NodeProcesses } from "../ports/nodeProcesses";
import { createHostShell } from "../remote/hostShell";
import { judgeDescription, judgeNarInfo } from "./cacheTest";
import { testHere } from "./testHere";
import { testOnHost } from "./testOnHost";

const ports = {
  http: nodeHttp,
  files: nodeFiles,
  processes: new NodeProcesses(systemClock),
  clock: systemClock,
  nix: "nix",
};

const summary = async (url: string, path: string | undefined, trusted: readonly string[] = []) => {
  const { result, info, milliseconds } = await testHere(ports, { url, path, trusted });
  expect(milliseconds).toBeGreaterThanOrEqual(0);
  return { ...result, info };
};

describe.runIf(hasNix)("a cache that real Nix made", () => {
  let cache: FileCache;
  let served: Awaited<ReturnType<typeof serveFolder>>;

  beforeAll(async () => {
    cache = makeFileCache();
    served = await serveFolder(cache.folder);
  }, 60_000);

  afterAll(() => {
    served?.stop();
    cache?.remove();
  });

  test("the signature of real Nix is checked, over HTTP and as a folder", async () => {
    for (const url of [served.url, `${served.url}/?priority=5`, cache.url]) {
      expect(await summary(url, cache.signed, [cache.publicKey])).toMatchObject({
        kind: "usable",
        by: "cache.test-1",
        info: { storeDir: "/nix/store" },
      });
      expect(await summary(url, undefined)).toMatchObject({ kind: "reachable" });
    }
    expect(new Set(served.requests.map(line => line.split(" ")[0]))).toEqual(new Set(["GET"]));
  });

  test("no key, another key of that name, a broken key, no signature, no such path", async () => {
    const url = served.url;
    const absent = `/nix/store/${"0".repeat(32)}-absent`;
    expect(await summary(url, cache.signed)).toMatchObject({
      trouble: "missing-key",
      names: ["cache.test-1"],
    });
    expect(await summary(url, cache.signed, [cache.otherKey, cache.publicKey])).toMatchObject({
      trouble: "wrong-key",
      entry: cache.otherKey,
    });
    expect(await summary(url, cache.signed, [cache.publicKey, "garbage"])).toMatchObject({
      trouble: "malformed-key",
      entry: "garbage",
    });
    expect(await summary(url, cache.unsigned, [cache.publicKey])).toMatchObject({ trouble: "unsigned" });
    expect(await summary(url, absent, [cache.publicKey])).toMatchObject({ trouble: "absent" });
  });

  test("the same asked of a host, by its own curl and with its own keys", async () => {
    const env = { NIX_CONFIG: `trusted-public-keys = ${cache.publicKey}` };
    const shell = createHostShell(localShell({ env }));
    const ask = async (url: string, path: string | undefined) =>
      (await testOnHost({ shell, clock: systemClock }, hostOf({ name: "prod" }), { url, path })).test;
    expect(await ask(served.url, cache.signed)).toMatchObject({
      host: "prod",
      info: { storeDir: "/nix/store" },
      result: { kind: "usable", by: "cache.test-1" },
      milliseconds: expect.any(Number),
    });
    expect((await ask(served.url, cache.unsigned)).result).toMatchObject({ trouble: "unsigned" });
    expect((await ask(`${served.url}/none`, cache.signed)).result).toMatchObject({ trouble: "not-a-cache" });
    expect((await ask("http://127.0.0.1:9", undefined)).result).toMatchObject({ trouble: "refused" });
    expect((await ask(cache.url, cache.signed)).result).toMatchObject({ kind: "usable" });
    const heard: string[] = [];
    const watched = createHostShell(localShell({ env, onText: text => heard.push(text) }));
    const withPassword = `${served.url.replace("//", "//me:hunter2@")}/none`;
    const asked = await testOnHost({ shell: watched, clock: systemClock }, hostOf({ name: "prod" }), {
      url: withPassword,
      path: undefined,
    });
    expect(asked.test.result).toMatchObject({ trouble: "not-a-cache" });
    expect(heard.at(-1)).not.toContain("hunter2");
  });
});

/** As harmonia 3.2.0 wrote them of a store of Nix 2.26; it and nix-serve leave the line out where there are no references. */
const HARMONIA = [
  `StorePath: /nix/store/zr2knphxg8yyy2mkq8akf2hfknjvdiz7-x
URL: nar/1xmr8jicvzszfzpz46g37mlpvbzjl2wpwvl2b05psipssyp1sm8h.nar?hash=zr2knphxg8yyy2mkq8akf2hfknjvdiz7
Compression: none
FileHash: sha256:1xmr8jicvzszfzpz46g37mlpvbzjl2wpwvl2b05psipssyp1sm8h
FileSize: 120
NarHash: sha256:1xmr8jicvzszfzpz46g37mlpvbzjl2wpwvl2b05psipssyp1sm8h
NarSize: 120
Deriver: mh3rz2qzm0lrcxk22g2b1kifak7q2nj9-x.drv
Sig: k-1:jc2F7l80nXJsA4ro1RQ2RcicNiD7jfOZhb2KeVTpWYYtn7ruyym9FToZ/u4YiANSgfnhrjdxfqUyzqtsfJ+ACA==
`,
  `StorePath: /nix/store/zil1z8fyrc7mlj7dd23lwp4mnywijbwh-b
URL: nar/0vg7nyq6hchc2sfbx1gnjkrdfw8m399fi721yn8zxk6mvjr1lrb7.nar?hash=zil1z8fyrc7mlj7dd23lwp4mnywijbwh
Compression: none
FileHash: sha256:0vg7nyq6hchc2sfbx1gnjkrdfw8m399fi721yn8zxk6mvjr1lrb7
FileSize: 160
NarHash: sha256:0vg7nyq6hchc2sfbx1gnjkrdfw8m399fi721yn8zxk6mvjr1lrb7
NarSize: 160
References: wd0ys9snp82b5v5j4pgp5wfhnfjhl2vm-a
Deriver: lpjpdd3n3m4aqnkgnl86a9d3dz3rh2pv-b.drv
Sig: k-1:YwrxSc6Of5/s3/hNoMe5n2sSuZ1dX6izN6dOblbayj2oBIFzBwxe9juq/WaR5HQirv/xEJdON3wpWLtRMmBTCg==
`,
];

test("what harmonia signs is usable", () => {
  for (const body of HARMONIA) {
    const path = /^StorePath: (.*)$/m.exec(body)?.[1] ?? "";
    const key = "k-1:rLVUXLkph/FaIsXYWtZUSONUFU7YOWo3miYeXkJHUJY=";
    const answer = { kind: "answered", status: 200, body } as const;
    expect(judgeNarInfo(answer, path, [key])).toEqual({ kind: "usable", by: "k-1" });
    const changed = { ...answer, body: body.replace("NarSize: 1", "NarSize: 2") };
    expect(judgeNarInfo(changed, path, [key])).toMatchObject({ trouble: "wrong-key" });
  }
});

test("a bucket is asked through Nix, which remembers nothing of it; what it says has a name", async () => {
  const url = "s3://cache?endpoint=127.0.0.1:5555&scheme=http&region=us-east-1";
  const nix = recorder("nix", ["XDG_CACHE_HOME"]);
  expect(await testHere({ ...ports, nix: nix.program }, { url, path: undefined, trusted: [] })).toMatchObject(
    {
      result: { kind: "reachable" },
    },
  );
  const [call] = nix.calls();
  expect(call?.args.slice(-4)).toEqual(["store", "ping", "--store", url]);
  expect(call?.env["XDG_CACHE_HOME"]).toContain("nix-deploy-");
  expect(existsSync(call?.env["XDG_CACHE_HOME"] ?? "")).toBe(false);
  // what 2.34 said of a bucket that does not exist
  const says = `error:
       … while uploading to S3 binary cache at '${url}'

       error: unable to upload 'http://127.0.0.1:5555/cache/nix-cache-info': HTTP error 404

       response body:

       <Error><Code>NoSuchBucket</Code></Error>
`;
  const none = recorder("nix", [], { says, codes: [1] }).program;
  expect(
    (await testHere({ ...ports, nix: none }, { url, path: undefined, trusted: [] })).result,
  ).toMatchObject({
    trouble: "not-a-cache",
    said: expect.stringContaining("HTTP error 404"),
  });
});

test("what is addressed by its content needs no signature, whoever signed it", () => {
  const storePath = "/nix/store/1p9q0bz6f22dyxh4lw8xs08p4201vyq4-f";
  const path = { storePath, narHash: `sha256:${"0".repeat(52)}`, narSize: 1, references: [] };
  const signed = { ...path, signatures: [`k-1:${Buffer.alloc(64, 1).toString("base64")}`] };
  const key = `k-1:${Buffer.alloc(32, 7).toString("base64")}`;
  expect(judgeDescription(signed, [key])).toMatchObject({ trouble: "wrong-key" });
  for (const trusted of [[key], []])
    expect(judgeDescription({ ...signed, ca: "fixed:r:sha256:x" }, trusted)).toEqual({ kind: "usable" });
});
