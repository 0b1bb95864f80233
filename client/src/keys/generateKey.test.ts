import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { parseCacheKey, parseCacheSecretKey } from "../../../server/src/core/formats/cacheKey";
import { signPath, verifyPath } from "../../../server/src/core/formats/cacheSignature";
import { nodeEd25519 } from "../../../server/src/io/ed25519";
import { noSsh } from "../../../test/harness/noSsh";
import { systemClock } from "../ports/clock";
import { nodeFiles } from "../ports/files";
import { createLog } from "../ports/log";
import { NodeProcesses } from "../ports/nodeProcesses";
import { type Script, scriptedUi } from "../ports/scriptedUi";
import { UserError } from "../userError";
import { generateCacheKey, generateKeyPair, nameProblem, writeKeyPair } from "./generateKey";

const folder = () => mkdtempSync(path.join(tmpdir(), "keys-"));

function world(script: Script) {
  const { ui, said, copied } = scriptedUi(script);
  const lines: string[] = [];
  const inserted: string[] = [];
  const log = createLog(
    (_level, line) => lines.push(line),
    () => undefined,
  );
  const processes = new NodeProcesses(systemClock);
  const ports = { files: nodeFiles, clock: systemClock, processes, ssh: noSsh };
  const insert = async (text: string) => inserted.push(text) > 0;
  return { app: { ui, log, ports, insert }, said, copied, lines, inserted };
}

test("a pair is in Nix's format and its halves belong together", () => {
  const pair = generateKeyPair("cache.example.org-1");
  const secret = parseCacheSecretKey(pair.secretKey);
  const shown = parseCacheKey(pair.publicKey);
  if (secret.kind !== "key" || shown.kind !== "key") throw new Error("not a key");
  expect(secret.key.publicBytes).toEqual(shown.key.bytes);
  expect(generateKeyPair("x").secretKey).not.toBe(generateKeyPair("x").secretKey);
});

test.runIf(existsSync("/usr/bin/nix"))(
  "real Nix makes the same public key of the secret, and signs with it",
  () => {
    const pair = generateKeyPair("cache.example.org-1");
    const input = { input: pair.secretKey, encoding: "utf8" as const };
    const nix = (...args: string[]) =>
      execFileSync("nix", ["--extra-experimental-features", "nix-command", ...args], input);
    expect(nix("key", "convert-secret-to-public")).toBe(pair.publicKey);
  },
);

test("the secret is private, has no line more than Nix wants, and is nowhere but in its file", async () => {
  const place = folder();
  const { app, said, lines, copied } = world({
    inputs: ["cache-1"],
    folders: [place],
    buttons: ["Copy Public Key"],
  });
  await generateCacheKey(app);
  const file = path.join(place, "cache-1.secret");
  const secret = readFileSync(file, "utf8");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(secret).toMatch(/^cache-1:[A-Za-z0-9+/]{86}==$/);
  const publicKey = readFileSync(path.join(place, "cache-1.public"), "utf8").trim();
  await expect.poll(() => copied).toEqual([publicKey]);
  const heard = [...said, ...lines, ...copied].join("\n");
  expect(heard).not.toContain(secret.split(":")[1]);
});

test("the public half can be inserted", async () => {
  const place = folder();
  const { app, inserted } = world({ inputs: ["cache-1"], folders: [place], buttons: ["Insert Public Key"] });
  await generateCacheKey(app);
  await expect
    .poll(() => inserted)
    .toEqual([JSON.stringify(readFileSync(path.join(place, "cache-1.public"), "utf8").trim())]);
});

test("never inside a Git work tree, whatever the depth, and never over a file", async () => {
  const place = folder();
  mkdirSync(path.join(place, ".git"));
  mkdirSync(path.join(place, "a/b"), { recursive: true });
  const pair = generateKeyPair("k");
  await expect(writeKeyPair(nodeFiles, path.join(place, "a/b"), "k", pair)).rejects.toThrow(UserError);
  expect(readdirSync(path.join(place, "a/b"))).toEqual([]);
  const elsewhere = path.join(folder(), "link");
  symlinkSync(path.join(place, "a/b"), elsewhere);
  await expect(writeKeyPair(nodeFiles, elsewhere, "k", pair)).rejects.toThrow("Git work tree");
  const free = folder();
  await writeKeyPair(nodeFiles, free, "k", pair);
  const before = readFileSync(path.join(free, "k.secret"), "utf8");
  await expect(writeKeyPair(nodeFiles, free, "k", generateKeyPair("k"))).rejects.toThrow("exists already");
  expect(readFileSync(path.join(free, "k.secret"), "utf8")).toBe(before);
  await expect(writeKeyPair(nodeFiles, "/nix/store/x", "k", pair)).rejects.toThrow("Nix store");
});

test("where the public half can't be written, no secret is left alone", async () => {
  const place = folder();
  const files = {
    ...nodeFiles,
    createText: async (file: string, text: string, mode: number) =>
      file.endsWith(".public")
        ? Promise.reject(new Error("no space left"))
        : nodeFiles.createText(file, text, mode),
  };
  await expect(writeKeyPair(files, place, "k", generateKeyPair("k"))).rejects.toThrow("no space left");
  expect(readdirSync(place)).toEqual([]);
});

test("names that Nix or the file system would misread are explained", () => {
  expect(nameProblem("cache.example.org-1")).toBeUndefined();
  for (const name of ["", "a:b", "a b", "é", "a/b", "..", "-x"])
    expect(nameProblem(name)).toBeTypeOf("string");
});

test("what the secret half signs, the public half verifies, and nothing else", () => {
  const [pair, other] = [generateKeyPair("k"), generateKeyPair("k")];
  const [secret, key, otherKey] = [
    parseCacheSecretKey(pair.secretKey),
    parseCacheKey(pair.publicKey),
    parseCacheKey(other.publicKey),
  ];
  if (secret.kind !== "key" || key.kind !== "key" || otherKey.kind !== "key") throw new Error("not a key");
  const storePath = `/nix/store/${"0".repeat(32)}-x`;
  const info = { storePath, narHash: `sha256:${"0".repeat(52)}`, narSize: 1, references: [] };
  const signed = { ...info, signatures: [signPath(info, secret.key, nodeEd25519)] };
  expect(verifyPath(signed, [key.key], nodeEd25519).kind).toBe("valid");
  expect(verifyPath(signed, [otherKey.key], nodeEd25519).kind).toBe("wrong-key");
  expect(verifyPath({ ...signed, narSize: 2 }, [key.key], nodeEd25519).kind).toBe("wrong-key");
});
