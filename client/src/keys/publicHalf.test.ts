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
import { answeringHost } from "../../../test/harness/answeringHost";
import { editedWorkspace } from "../../../test/harness/editedWorkspace";
import { hasNix } from "../../../test/harness/fileCache";
import { localShell } from "../../../test/harness/localShell";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import { nodeFiles } from "../ports/files";
import { createLog } from "../ports/log";
import { type Script, scriptedUi } from "../ports/scriptedUi";
import { prepare } from "../remote/fixedScript";
import { cacheKeyScript, removeCacheKeyScript, rootSshKeyScript } from "../remote/hostKeys";
import { createHostShell } from "../remote/hostShell";
import { generateKeyPair } from "./generateKey";
import { type PublicKeyApp, readPublicHalf, showPublicKey } from "./publicHalf";
import { generateSshKey, makeSshKeyPair } from "./sshKeys";

const folder = () => mkdtempSync(path.join(tmpdir(), "public-"));
const CONFIGURATION = `#- flake.nix
{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.prod = nixpkgs.lib.nixosSystem { modules = [ ./prod.nix ]; };
  };
}
#- prod.nix
{ nix.settings.cores = 1; }
`;

function world(script: Script, hosts = [hostOf({ name: "prod" })]) {
  const workspace = editedWorkspace(CONFIGURATION);
  const heard: string[] = [];
  const { ui, said, copied } = scriptedUi(script);
  const snapshot = fleetOf(hosts);
  // the commands read no more of the state and the ports than these
  const app = {
    ui,
    log: createLog(
      (_, line) => heard.push(line),
      () => undefined,
    ),
    ports: { files: nodeFiles, ssh: localShell({ onText: text => heard.push(text) }) },
    state: { fleet: { hosts, snapshot } },
    server: workspace.server,
    documents: workspace.documents,
    insert: async () => false,
  } as unknown as PublicKeyApp & { readonly log: ReturnType<typeof createLog> };
  return { app, said, copied, heard, text: () => [...workspace.files.values()].join("\n") };
}

const host = hostOf({ name: "prod", sshUser: "root" });
const ask = (shell: ReturnType<typeof createHostShell>, script: Parameters<typeof shell.asRoot>[1]) =>
  shell.asRoot(host, script).then(answer => {
    if (answer.kind === "failed") throw new Error(answer.why);
    return answer.answers;
  });

test("a secret key file becomes its public half, and nothing of the secret is shown", async () => {
  const pair = generateKeyPair("cache-1");
  const file = path.join(folder(), "k");
  for (const text of [pair.secretKey, `${pair.secretKey}\n`, `${pair.secretKey}\r\n`]) {
    writeFileSync(file, text);
    expect(await readPublicHalf(nodeFiles, file)).toBe(pair.publicKey);
  }
  const w = world({ picks: [["Of a secret key file on this machine…"], ["Copy"]], inputs: [file] });
  await showPublicKey(w.app, undefined);
  expect(w.copied).toEqual([pair.publicKey]);
  expect(w.said.join("\n")).toContain(`chmod 600 ${file}`);
  chmodSync(file, 0o600);
  const closed = world({ picks: [["Of a secret key file on this machine…"], ["Copy"]], inputs: [file] });
  await showPublicKey(closed.app, undefined);
  expect(closed.said.join("\n")).not.toContain("chmod");
  expect([...w.said, ...w.heard].join("\n")).not.toContain(pair.secretKey.slice(10, 60));
});

test("files that hold something else are named and never quoted", async () => {
  const pair = generateKeyPair("cache-1");
  const other = generateKeyPair("cache-1");
  const mixed = Buffer.concat([
    Buffer.from(pair.secretKey.split(":")[1] ?? "", "base64").subarray(0, 32),
    Buffer.from(other.publicKey.split(":")[1] ?? "", "base64"),
  ]);
  const file = path.join(folder(), "k");
  const cases: readonly (readonly [string, RegExp])[] = [
    [pair.publicKey, /public key already/],
    ["-----BEGIN OPENSSH PRIVATE KEY-----\nabc", /no secret key/],
    ["", /no secret key/],
    ["x".repeat(100_000), /no secret key/],
    [`cache-1:${mixed.toString("base64")}`, /do not belong together/],
  ];
  for (const [text, message] of cases) {
    writeFileSync(file, text);
    const error = await readPublicHalf(nodeFiles, file).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(message);
    if (text.length > 20) expect(String(error)).not.toContain(text.slice(10, 20));
  }
  await expect(readPublicHalf(nodeFiles, `${file}.none`)).rejects.toThrow("no file");
  await expect(readPublicHalf(nodeFiles, path.dirname(file))).rejects.toThrow("no file");
});

test("the keys of a host are those with which it builds and those with which it serves", async () => {
  const hosts = [hostOf({ name: "stage", sshUser: "root" })];
  const show = async (picks: readonly string[][], ...lines: readonly string[]) => {
    const w = world({ picks: [["Signing keys of stage…"], ...picks] }, hosts);
    const app = { ...w.app, ports: { ...w.app.ports, ssh: answeringHost(...lines) as never } };
    const ended = await showPublicKey(app, undefined).catch(String);
    return { ...w, ended };
  };
  const served = await show([["Copy"]], "service harmonia", "serves harmonia /k/served serve-1:KEY");
  expect(served.copied).toEqual(["serve-1:KEY"]);
  const both = ["holds /k/build build-1:KEY", "serves harmonia /k/served serve-1:KEY"];
  const twice = await show([["serve-1"], ["Copy"]], ...both, "serves nix-serve /k/build build-1:KEY");
  expect(twice.said.join("\n")).toContain("pick: stage: build-1, serve-1\n");
  expect(twice.copied).toEqual(["serve-1:KEY"]);
  // named, and no key in it
  expect((await show([], "signing /k/broken")).ended).toContain("/k/broken");
  expect((await show([])).ended).toContain("signs with no key");
});

test("a key is written into the configuration of the hosts that were chosen", async () => {
  const { publicKey } = generateKeyPair("cache-1");
  const w = world({ picks: [["Let hosts trust it…"], ["prod"]], confirms: [true] });
  await showPublicKey(w.app, publicKey);
  expect(w.text()).toContain(`nix.settings.trusted-public-keys = [ "${publicKey}" ];`);
});

test.runIf(hasNix)(
  "on a host: made once, kept, never overwritten, never where others could read it",
  async () => {
    const heard: string[] = [];
    const shell = createHostShell(localShell({ onText: text => heard.push(text) }));
    const file = path.join(folder(), "keys", "cache.secret");
    const made = await ask(shell, cacheKeyScript(file, "cache-1", "new"));
    expect(made.one("made")).toBe("yes");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const secret = readFileSync(file, "utf8");
    expect(await readPublicHalf(nodeFiles, file)).toBe(made.one("public"));
    expect((await ask(shell, cacheKeyScript(file, "cache-1", "new"))).one("refused")).toBe("exists");
    expect((await ask(shell, cacheKeyScript(file, "cache-1", "own"))).one("public")).toBe(made.one("public"));
    expect(readFileSync(file, "utf8")).toBe(secret);
    chmodSync(file, 0o644);
    expect((await ask(shell, cacheKeyScript(file, "cache-1", "own"))).one("mode")).toBe("644");
    expect(heard.join("\n")).not.toContain(secret.split(":")[1]?.slice(0, 40));

    const repository = folder();
    mkdirSync(path.join(repository, ".git"));
    expect((await ask(shell, cacheKeyScript(`${repository}/a/k`, "k", "new"))).one("refused")).toBe("git");
    expect(existsSync(`${repository}/a`)).toBe(false);
    expect((await ask(shell, cacheKeyScript("/nix/store/k", "k", "new"))).one("refused")).toBe("place");
    expect((await ask(shell, cacheKeyScript("relative", "k", "new"))).one("refused")).toBe("place");
    const broken = path.join(folder(), "broken");
    writeFileSync(broken, "not a key");
    expect((await ask(shell, cacheKeyScript(broken, "k", "own"))).one("refused")).toBe("malformed");
    expect(readFileSync(broken, "utf8")).toBe("not a key");

    expect((await ask(shell, removeCacheKeyScript(file, "other:x"))).one("kept")).toBe("other");
    // without the file no build there would succeed any more
    const signing = createHostShell(localShell({ env: { NIX_CONFIG: `secret-key-files = /x ${file}` } }));
    const publicKey = made.one("public") ?? "";
    expect((await ask(signing, removeCacheKeyScript(file, publicKey))).one("kept")).toBe("used");
    expect(readFileSync(file, "utf8")).toBe(secret);
    expect((await ask(shell, removeCacheKeyScript(file, publicKey))).one("removed")).toBe("yes");
    expect(existsSync(file)).toBe(false);
  },
);

test("names with quotes, dollars and line breaks stay what they are", async () => {
  const shell = createHostShell(localShell());
  const odd = path.join(folder(), `a 'b' "$(touch pwned)" \`id\`\nc`);
  const answers = await ask(shell, cacheKeyScript(odd, "k", "keep"));
  expect(existsSync(odd) || answers.one("refused") !== undefined).toBe(true);
  expect(existsSync("pwned")).toBe(false);
});

test("what a login banner says is no answer", async () => {
  const { remote, read } = prepare(rootSshKeyScript(), []);
  const mark = remote.args?.[0] ?? "";
  const answers = read(
    `Welcome\nrootkey ssh-ed25519 EVIL\n${mark} rootkey ssh-ed25519 GOOD\nx ${mark} end ok\n`,
  );
  expect(answers.all("rootkey")).toEqual(["ssh-ed25519 GOOD"]);
  expect(answers.complete).toBe(false);
});

test("an SSH key pair is what ssh-keygen takes, with and without a passphrase", async () => {
  for (const passphrase of ["", "pass phrase"]) {
    const pair = await makeSshKeyPair("deploy", passphrase);
    const file = path.join(folder(), "id");
    writeFileSync(file, pair.privateText);
    chmodSync(file, 0o600);
    const shown = execFileSync("ssh-keygen", ["-y", "-P", passphrase, "-f", file], { encoding: "utf8" });
    expect(pair.publicKey.startsWith(shown.trim().split(" ").slice(0, 2).join(" "))).toBe(true);
  }
});

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
  const w = world({ inputs: ["id_deploy", ""], folders: [place] }, []);
  await generateSshKey(w.app);
  const text = readFileSync(path.join(place, "id_deploy"), "utf8");
  expect(statSync(path.join(place, "id_deploy")).mode & 0o777).toBe(0o600);
  expect(readFileSync(path.join(place, "id_deploy.pub"), "utf8")).toMatch(
    /^ssh-ed25519 [A-Za-z0-9+/]+ id_deploy\n$/,
  );
  expect([...w.said, ...w.heard].join("\n")).not.toContain(text.split("\n")[2]);
  const repository = folder();
  mkdirSync(path.join(repository, ".git"));
  const refused = world({ inputs: ["id_deploy", ""], folders: [repository] }, []);
  await expect(generateSshKey(refused.app)).rejects.toThrow("Git work tree");
});
