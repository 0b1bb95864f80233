import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { nodeFiles } from "../ports/files";
import { createLog } from "../ports/log";
import { type Script, scriptedUi } from "../ports/scriptedUi";
import type { KeysApp } from "./keysOnHosts";
import { generateSshKey, makeSshKeyPair } from "./sshKeys";

const folder = () => mkdtempSync(path.join(tmpdir(), "ssh-keys-"));

function world(script: Script) {
  const heard: string[] = [];
  const { ui, said } = scriptedUi(script);
  const log = createLog(
    (_, line) => heard.push(line),
    () => undefined,
  );
  // without hosts the command reads no more of the app than these
  const app = { ui, log, ports: { files: nodeFiles }, state: { fleet: { hosts: [] } } } as unknown as KeysApp;
  return { app, said, heard };
}

test.runIf(existsSync("/usr/bin/ssh-keygen"))(
  "an SSH key pair is what ssh-keygen takes, with and without a passphrase",
  async () => {
    for (const passphrase of ["", "pass phrase"]) {
      const pair = await makeSshKeyPair("deploy", passphrase);
      const file = path.join(folder(), "id");
      writeFileSync(file, pair.privateText);
      chmodSync(file, 0o600);
      const shown = execFileSync("ssh-keygen", ["-y", "-P", passphrase, "-f", file], { encoding: "utf8" });
      expect(pair.publicKey.startsWith(shown.trim().split(" ").slice(0, 2).join(" "))).toBe(true);
    }
  },
);

test("a pair that ssh2 wrote down wrongly is not handed out", async () => {
  const { utils } = (await import("ssh2")).default;
  const good = utils.generateKeyPairSync("ed25519", { comment: "deploy" });
  // as it happens: the key a byte too short, which OpenSSH calls an error in libcrypto
  const blob = Buffer.from(good.public.split(" ")[1] ?? "", "base64");
  const short = Buffer.concat([blob.subarray(0, 18), Buffer.from([31]), blob.subarray(20)]);
  const broken = { ...good, public: `ssh-ed25519 ${short.toString("base64")} deploy` };
  const made = vi.spyOn(utils, "generateKeyPairSync").mockReturnValueOnce(broken);
  const pair = await makeSshKeyPair("deploy", "");
  expect(made.mock.calls.length).toBeGreaterThan(1);
  made.mockRestore();
  expect(pair.publicKey).toMatch(/^ssh-ed25519 \S{68} deploy$/);
});

test("an SSH key on this machine is private and outside every repository", async () => {
  const place = folder();
  const w = world({ inputs: ["id_deploy", ""], folders: [place] });
  await generateSshKey(w.app);
  const text = readFileSync(path.join(place, "id_deploy"), "utf8");
  expect(statSync(path.join(place, "id_deploy")).mode & 0o777).toBe(0o600);
  expect(readFileSync(path.join(place, "id_deploy.pub"), "utf8")).toMatch(
    /^ssh-ed25519 [A-Za-z0-9+/]+ id_deploy\n$/,
  );
  expect([...w.said, ...w.heard].join("\n")).not.toContain(text.split("\n")[2]);
  const repository = folder();
  mkdirSync(path.join(repository, ".git"));
  const refused = world({ inputs: ["id_deploy", ""], folders: [repository] });
  await expect(generateSshKey(refused.app)).rejects.toThrow("Git work tree");
});
