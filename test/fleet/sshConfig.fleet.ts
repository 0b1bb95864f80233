// What our reading of SSH configurations says, compared with what ssh itself says (`ssh -G`), over random configurations.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import type { ResolvedDestination } from "../../client/src/ports/ssh/sshConfig";
import { createSshPort } from "../../client/src/ports/ssh/sshPort";
import { runCommand } from "./command";

const folder = mkdtempSync(path.join(tmpdir(), "ssh-config-"));
const includes = path.join(homedir(), ".ssh", "nix-deploy-test");
mkdirSync(includes, { recursive: true });
afterAll(() => {
  rmSync(folder, { recursive: true });
  rmSync(includes, { recursive: true });
});

const file = path.join(folder, "config");
const ssh = createSshPort({
  settings: () => ({ configFile: file, concurrency: 1 }),
  askPassphrase: async () => undefined,
});

const HOSTS = ["prod", "web1.example.org", "web2", "10.0.0.1", "WEB2", "fe80::1"];

const one = (...values: readonly string[]) => fc.constantFrom(...values);
const setting = (key: string, ...values: readonly string[]) =>
  one(...values).map(value => [key, value] as const);

const settings = fc.oneof(
  setting("HostName", "a.example.org", "%h.example.org", "10.1.1.1", '"q.example.org"'),
  setting("Port", "22", "2222", "65535", "2200 # why"),
  setting("User", "ada", "root", '"bob"'),
  setting("IdentityFile", "~/.ssh/%n", "/k/%h-%p-%r", '"/k/with blank"', "/k/a", "none", "%d/k", "/k/%u%k"),
  setting("IdentitiesOnly", "yes", "no", "YES"),
  setting("ProxyJump", "bastion", "a,b", "ada@a:2222,b", "none", "[fe80::2]:22"),
  setting("ProxyCommand", "nc %h %p", "none"),
  setting("UserKnownHostsFile", "/kh/a /kh/b", "~/.ssh/kh", "none", '"/kh/with blank" /kh/c', "/dev/null"),
  setting("HostKeyAlias", "alias"),
  setting("HashKnownHosts", "yes", "no"),
  setting("ConnectTimeout", "5", "1m", "2h", "1m30s"),
  setting("AddressFamily", "inet", "inet6", "any"),
  setting("Include", "nix-deploy-test/one", "nix-deploy-test/*.conf", "~/nosuch", "/nosuch/*"),
);

const line = fc.oneof(
  fc
    .tuple(settings, fc.nat(3))
    .map(
      ([[key, value], dress]) =>
        [
          `  ${key} ${value}`,
          `${key}=${value}`,
          `\t${key.toLowerCase()} = ${value}`,
          `${key.toUpperCase()}   ${value}  `,
        ][dress] ?? "",
    ),
  one("# comment", "", "   "),
);

const pattern = one(
  "*",
  "prod",
  "web*",
  "web?",
  "!web1.example.org",
  "*.example.org",
  "10.*",
  "Web2",
  "!prod",
  '"web2"',
);
const section = fc.oneof(
  fc.array(pattern, { minLength: 1, maxLength: 3 }).map(patterns => `Host ${patterns.join(" ")}`),
  one("all", "final all", "canonical", "!final", "host prod user ada", "!originalhost prod", "user=root").map(
    criteria => `Match ${criteria}`,
  ),
  fc
    .tuple(
      one("host", "!host", "originalhost"),
      one("*.example.org", "prod,Web*", "10.*", '"web*"', "*,!prod"),
    )
    .map(([criterion, patterns]) => `Match ${criterion} ${patterns}`),
);

const someLines = (most: number) =>
  fc
    .array(fc.oneof({ weight: 4, arbitrary: line }, { weight: 1, arbitrary: section }), { maxLength: most })
    .map(lines => `${lines.join("\n")}\n`);
const plainLines = fc
  .array(
    line.filter(text => !/include/i.test(text)),
    { maxLength: 4 },
  )
  .map(lines => `${lines.join("\n")}\n`);

/** What ssh would do; undefined where it refuses the configuration. */
async function askSsh(host: string): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  const { code, stdout } = await runCommand(["ssh", "-F", file, "-G", "--", host]);
  if (code !== 0) return undefined;
  const told = new Map<string, string[]>();
  for (const text of stdout.split("\n")) {
    const [key = "", ...rest] = text.split(" ");
    told.set(key, [...(told.get(key) ?? []), rest.join(" ")]);
  }
  return told;
}

/** In the words of `ssh -G`. */
function inItsWords(told: ResolvedDestination) {
  return {
    hostname: told.hostName.toLowerCase(),
    port: String(told.port),
    user: told.user,
    proxyjump: told.proxyJump.length === 0 ? undefined : told.proxyJump.join(","),
    proxycommand: told.proxyCommand,
    identitiesonly: told.identitiesOnly ? "yes" : "no",
    hostkeyalias: told.hostKeyAlias,
    hashknownhosts: told.hashKnownHosts ? "yes" : "no",
    connecttimeout: told.connectTimeoutSeconds === undefined ? "none" : String(told.connectTimeoutSeconds),
    addressfamily: told.addressFamily ?? "any",
    userknownhostsfile: told.userKnownHostsFiles.join(" ") || "none",
  };
}

/** What older versions of ssh do: of a ProxyCommand behind this they say nothing. */
const NO_JUMP = /proxyjump[ \t=]+none/i;

async function passesOverCommands(): Promise<boolean> {
  writeFileSync(file, "ProxyJump none\nProxyCommand nc\n");
  return (await askSsh("prod"))?.has("proxycommand") !== true;
}

test("random configurations mean for us what they mean for ssh", async () => {
  const isOlder = await passesOverCommands();
  let compared = 0;
  const property = fc.asyncProperty(
    someLines(14),
    plainLines,
    one(...HOSTS),
    async (text, included, host) => {
      writeFileSync(file, text);
      for (const name of ["one", "a.conf", "b.conf"]) writeFileSync(path.join(includes, name), included);
      const said = await askSsh(host);
      if (said === undefined) return;
      compared++;
      const ours = inItsWords(await ssh.resolve({ host }));
      const theirs = Object.fromEntries(Object.keys(ours).map(key => [key, said.get(key)?.[0]]));
      theirs["userknownhostsfile"] = theirs["userknownhostsfile"]?.replace(/^~/, homedir());
      if (isOlder && NO_JUMP.test(text + included)) theirs["proxycommand"] ??= ours.proxycommand;
      expect(ours).toEqual(theirs);
    },
  );
  await fc.assert(property, { numRuns: 250 });
  expect(compared).toBeGreaterThan(200);
}, 180_000);

test("key files are those that ssh would read, in their order", async () => {
  writeFileSync(
    file,
    'Host prod\n  IdentityFile ~/%n\n  IdentityFile "/k/with blank"\n  HostName %h.test\nMatch final\n  IdentityFile /k/%h\n  IdentityFile ~/%n\n',
  );
  const said = (await askSsh("prod"))?.get("identityfile") ?? [];
  const files = said.map(name =>
    name.replace(/^~/, homedir()).replace("%n", "prod").replace("%h", "prod.test"),
  );
  expect((await ssh.resolve({ host: "prod" })).identityFiles).toEqual(files);
});

test("ssh and we refuse an included file that others may write", async () => {
  const shared = path.join(includes, "shared");
  writeFileSync(file, "Include nix-deploy-test/shared\n");
  writeFileSync(shared, "User x\n");
  chmodSync(shared, 0o666);
  expect(await askSsh("prod")).toBeUndefined();
  expect((await ssh.resolve({ host: "prod" })).unreadable).toMatch(/shared may be written by others/);
});

test("ssh and we refuse a named configuration that is not there", async () => {
  rmSync(file);
  expect(await askSsh("prod")).toBeUndefined();
  expect((await ssh.resolve({ host: "prod" })).unreadable).toMatch(/config can't be read \(ENOENT\)/);
});
