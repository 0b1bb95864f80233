import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import ssh2 from "ssh2";
import { afterAll, expect, test } from "vitest";
import { makeKey } from "../../../../test/harness/sshServer";
import { type KeyFileReading, readKeyFile } from "./keyFiles";

const folder = mkdtempSync(path.join(os.tmpdir(), "kf-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = path.join(folder, "id");

test("a key is unlocked once, asked for again when declined or mistyped, and anew when its file has changed", async () => {
  const answers = [undefined, "wrong", "right", "right"];
  const notes: string[] = [];
  const reading: KeyFileReading = {
    ssh2,
    askPassphrase: async () => answers.shift(),
    unlocked: new Map(),
    note: text => void notes.push(text),
    signal: new AbortController().signal,
  };
  const unlock = async () => (await readKeyFile(file, reading))?.unlock();
  const first = makeKey("right");
  writeFileSync(file, first.privateText, { mode: 0o600 });
  expect((await readKeyFile(file, reading))?.publicBlob).toBe(first.parsed.getPublicSSH().toString("base64"));
  expect([await unlock(), await unlock()]).toEqual([undefined, undefined]);
  expect(notes).toEqual([`${file} needs a passphrase`, `the passphrase for ${file} is wrong`]);
  const [one, same] = await Promise.all([unlock(), unlock()]);
  expect(one?.isPrivateKey()).toBe(true);
  expect(same).toBe(one);
  expect(await unlock()).toBe(one);
  expect(answers).toHaveLength(1);
  writeFileSync(file, makeKey("right").privateText);
  expect((await unlock())?.getPublicSSH()).not.toEqual(one?.getPublicSSH());
  expect(answers).toEqual([]);
});
