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
import { expect, test } from "vitest";
import { formatCacheKey, parseCacheSecretKey, publicHalf } from "../../../server/src/core/formats/cacheKey";
import { hasNix } from "../../../test/harness/fileCache";
import { localShell } from "../../../test/harness/localShell";
import { hostOf } from "../../../test/harness/snapshots";
import { prepare } from "./fixedScript";
import { cacheKeyScript, removeCacheKeyScript, rootSshKeyScript } from "./hostKeys";
import { createHostShell } from "./hostShell";

const folder = () => mkdtempSync(path.join(tmpdir(), "host-keys-"));
const host = hostOf({ name: "prod", sshUser: "root" });
const ask = (shell: ReturnType<typeof createHostShell>, script: Parameters<typeof shell.asRoot>[1]) =>
  shell.asRoot(host, script).then(answer => {
    if (answer.kind === "failed") throw new Error(answer.why);
    return answer.answers;
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
    const read = parseCacheSecretKey(secret);
    if (read.kind !== "key") throw new Error("not a key");
    expect(formatCacheKey(publicHalf(read.key))).toBe(made.one("public"));
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
