import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, expect, test } from "vitest";
import { makeKey } from "../../../../test/harness/sshServer";
import { blobType, openHostKeyBook, rememberHostKey } from "./knownHosts";
import type { PresentedHostKey } from "./outcome";
import { type ResolvedDestination, resolveDestination } from "./sshConfig";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function fileWith(text?: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "kh-"));
  folders.push(folder);
  const file = path.join(folder, "ssh", "known_hosts");
  if (text === undefined) return file;
  const flat = path.join(folder, "known_hosts");
  writeFileSync(flat, text);
  return flat;
}

function destination(host: string, port: number, ...files: readonly string[]): ResolvedDestination {
  const source = { texts: [], readInclude: () => [], home: "/nowhere", localUser: "ada" };
  return {
    ...resolveDestination(host, source, { port }),
    userKnownHostsFiles: files,
    globalKnownHostsFiles: [],
  };
}

const blob = makeKey().parsed.getPublicSSH();
const other = makeKey().parsed.getPublicSSH();
const text = (key: Buffer): string => `${blobType(key)} ${key.toString("base64")}`;

function hashed(name: string): string {
  const salt = Buffer.from("a salt of twenty byt");
  const hash = createHmac("sha1", salt).update(name).digest("base64");
  return `|1|${salt.toString("base64")}|${hash}`;
}

async function verdict(host: string, port: number, ...files: readonly string[]): Promise<string> {
  return (await openHostKeyBook(destination(host, port, ...files))).judge(blob)?.verdict ?? "good";
}

test.each([
  ["its name", "prod", 22, `prod ${text(blob)}`, "good"],
  ["one of several names, any case", "Prod", 22, `x,PROD,10.0.0.1 ${text(blob)}`, "good"],
  ["a hash of its name", "prod", 22, `${hashed("prod")} ${text(blob)}`, "good"],
  ["a hash of its name and port", "prod", 2222, `${hashed("[prod]:2222")} ${text(blob)}`, "good"],
  ["a hash of another name", "prod", 22, `${hashed("stage")} ${text(blob)}`, "unknown"],
  ["a pattern", "db1.example.org", 22, `*.example.org,!db2* ${text(blob)}`, "good"],
  ["a pattern that leaves it out", "db2.example.org", 22, `*.example.org,!db2* ${text(blob)}`, "unknown"],
  ["its name and port", "prod", 2222, `[prod]:2222 ${text(blob)}`, "good"],
  ["another port", "prod", 2222, `[prod]:2200 ${text(blob)}`, "unknown"],
  ["its name without the port, as ssh takes it", "prod", 2222, `prod ${text(blob)}`, "good"],
  ["another key for its name without the port", "prod", 2222, `prod ${text(other)}`, "unknown"],
  [
    "another key for its name and port",
    "prod",
    2222,
    `[prod]:2222 ${text(other)}\nprod ${text(blob)}`,
    "changed",
  ],
  ["another key", "prod", 22, `prod ${text(other)}`, "changed"],
  ["a good key and another", "prod", 22, `prod ${text(other)}\nprod ${text(blob)}`, "good"],
  ["a revoked key", "prod", 22, `prod ${text(blob)}\n@revoked * ${text(blob)}`, "revoked"],
  ["another revoked key", "prod", 22, `prod ${text(blob)}\n@revoked * ${text(other)}`, "good"],
  ["an authority", "prod", 22, `@cert-authority * ${text(blob)}`, "unknown"],
  ["an address of IPv6", "fe80::1", 22, `fe80::1 ${text(blob)}`, "good"],
  ["an address of IPv6 and a port", "fe80::1", 2222, `[fe80::1]:2222 ${text(blob)}`, "good"],
  ["an unknown marker", "prod", 22, `@trusted prod ${text(blob)}`, "unknown"],
  ["garbage", "prod", 22, "prod\n\u0000\nprod ssh-ed25519 §§§\n# prod x y", "unknown"],
])("known by %s", async (_what, host, port, lines, expected) => {
  expect(await verdict(host, port, fileWith(`${lines}\n`))).toBe(expected);
});

test("all files count, and one that is missing is empty", async () => {
  expect(await verdict("prod", 22, "/nowhere/at/all", fileWith(`prod ${text(blob)}\n`))).toBe("good");
});

test("a key of the types that are known is asked for first", async () => {
  const file = fileWith(`prod ecdsa-sha2-nistp256 AAAA\nstage ssh-rsa AAAA\n`);
  expect((await openHostKeyBook(destination("prod", 22, file))).knownTypes).toEqual(["ecdsa-sha2-nistp256"]);
});

test("an authority that is trusted for the host is named, because its certificates are not checked", async () => {
  const file = fileWith(`# ours\n@cert-authority *.test ${text(other)}\n`);
  const key = (await openHostKeyBook(destination("prod.test", 22, file))).judge(blob);
  expect(key).toMatchObject({ verdict: "unknown", authority: { file, line: 2 } });
});

const shown = (
  file: string,
  name: string,
  hashed = false,
  verdict: PresentedHostKey["verdict"] = "unknown",
): PresentedHostKey => ({
  verdict,
  name,
  type: blobType(blob),
  base64: blob.toString("base64"),
  fingerprint: "SHA256:…",
  acceptIn: { file, hashed },
});

test("an accepted key is written as a line of its own, in a private file that is made for it", async () => {
  const file = fileWith();
  await rememberHostKey(shown(file, "[prod]:2222"));
  await rememberHostKey(shown(file, "stage"));
  expect(readFileSync(file, "utf8")).toBe(`[prod]:2222 ${text(blob)}\nstage ${text(blob)}\n`);
  expect([statSync(file).mode & 0o777, statSync(path.dirname(file)).mode & 0o777]).toEqual([0o600, 0o700]);
  expect(await verdict("prod", 2222, file)).toBe("good");
});

test("a line that was not ended is left whole", async () => {
  const file = fileWith("old ssh-ed25519 AAAA");
  await rememberHostKey(shown(file, "prod"));
  expect(readFileSync(file, "utf8")).toBe(`old ssh-ed25519 AAAA\nprod ${text(blob)}\n`);
});

test("where the configuration wants hashed names, the name is in the file as a hash only", async () => {
  const file = fileWith("");
  await rememberHostKey(shown(file, "prod.secret.test", true));
  expect(readFileSync(file, "utf8")).toMatch(
    /^\|1\|[A-Za-z0-9+/]{27}=\|[A-Za-z0-9+/]{27}= ssh-ed25519 \S+\n$/,
  );
  expect(await verdict("prod.secret.test", 22, file)).toBe("good");
  expect(await verdict("stage.secret.test", 22, file)).toBe("unknown");
});

test.each(["*", "a,b", "a b", "prod\nother", "!prod", "|1|x|y", "@revoked", "#x", ""])(
  "a key is never written under the name %j, which would speak of other hosts",
  async name => {
    const file = fileWith("");
    await expect(rememberHostKey(shown(file, name))).rejects.toThrow(/can't stand in known_hosts/);
    expect(readFileSync(file, "utf8")).toBe("");
  },
);

test("a key is written where the configuration of its host says, and nowhere if that names no file", async () => {
  const file = fileWith("");
  const to = { ...destination("prod", 22, file, "/nowhere"), hashKnownHosts: true };
  expect((await openHostKeyBook(to)).judge(blob)?.acceptIn).toEqual({ file, hashed: true });
  const nowhere = (await openHostKeyBook(destination("prod", 22))).judge(blob);
  if (nowhere === undefined) throw new Error("must be unknown");
  await expect(rememberHostKey(nowhere)).rejects.toThrow(/no known_hosts file is configured for prod/);
});

test.each(["changed", "revoked"] as const)("a %s key is never written", async verdict => {
  const file = fileWith("");
  await expect(rememberHostKey(shown(file, "prod", false, verdict))).rejects.toThrow(/never written/);
  expect(readFileSync(file, "utf8")).toBe("");
});
