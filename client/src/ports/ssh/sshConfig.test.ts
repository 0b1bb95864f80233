import { expect, test } from "vitest";
import type { ConfigSource } from "./configEvaluation";
import { matchesPatterns } from "./patterns";
import { type DestinationOverrides, resolveDestination } from "./sshConfig";

function source(text: string, includes: Record<string, string> = {}): ConfigSource {
  return {
    texts: [{ path: "/home/ada/.ssh/config", text }],
    readInclude: pattern =>
      Object.entries(includes)
        .filter(([path]) => matchesPatterns([pattern], path))
        .map(([path, text]) => ({ path, text })),
    home: "/home/ada",
    localUser: "ada",
  };
}

function resolve(alias: string, text: string, overrides: DestinationOverrides = {}, includes = {}) {
  return resolveDestination(alias, source(text, includes), overrides);
}

test("without a configuration the defaults of OpenSSH hold", () => {
  const host = resolve("prod", "");
  expect(host).toMatchObject({ hostName: "prod", port: 22, user: "ada", proxyJump: [], problems: [] });
  expect(host.identityFiles[0]).toBe("/home/ada/.ssh/id_ed25519");
  expect(host.userKnownHostsFiles).toEqual(["/home/ada/.ssh/known_hosts", "/home/ada/.ssh/known_hosts2"]);
});

test("the first value wins, over sections and wildcards, whatever the case of the keyword", () => {
  const host = resolve(
    "prod",
    "Host prod\n  hostname 10.0.0.2\n  PORT 2222\nHost !stage *\n  Port 22\n  User deploy\n  HostName %h.example.org\n",
  );
  expect(host).toMatchObject({ hostName: "10.0.0.2", port: 2222, user: "deploy" });
});

test("a negated pattern excludes", () => {
  expect(resolve("stage", "Host * !stage\n  User deploy\n").user).toBe("ada");
});

test("%h in HostName is the alias", () => {
  expect(resolve("web", "Host *\n  HostName %h.example.org\n").hostName).toBe("web.example.org");
});

test("identity files add up and expand", () => {
  const host = resolve(
    "prod",
    'Host prod\n  IdentityFile ~/.ssh/%n\nHost *\n  IdentityFile "/keys/with blank"\n  IdentitiesOnly yes\n',
  );
  expect(host.identityFiles).toEqual(["/home/ada/.ssh/prod", "/keys/with blank"]);
  expect(host.identitiesOnly).toBe(true);
});

test("Match host, user and originalhost apply; exec is skipped and named, its command is not run", () => {
  const host = resolve(
    "prod",
    'Host prod\n  HostName db.internal\nMatch host *.internal user ada\n  Port 2200\nMatch originalhost stage\n  User x\nMatch exec "touch /tmp/should-not-exist"\n  User evil\nMatch all\n  ProxyJump bastion\n',
  );
  expect(host).toMatchObject({ port: 2200, user: "ada", proxyJump: ["bastion"] });
  expect(host.problems).toEqual(['a "Match exec" section is skipped: its command is not run']);
});

test("Match host looks at what HostName makes of the name", () => {
  const host = resolve("db", "HostName %h.internal\nMatch host DB.internal\n  Port 2200\n");
  expect(host).toMatchObject({ hostName: "db.internal", port: 2200 });
});

test("Match final applies in a second pass, and only fills in what is missing", () => {
  const host = resolve(
    "db",
    "HostName db.internal\nMatch final host db.internal\n  Port 1\n  User late\nMatch !final\n  User x\n",
  );
  expect(host).toMatchObject({ hostName: "db.internal", port: 1, user: "x" });
  expect(resolve("db", "Match canonical\n  Port 1\n").port).toBe(22);
  const sections =
    "Host db\n  HostName Real.test\nHost real.test\n  User ops\nMatch originalhost db\n  Port 1\n";
  expect(resolve("db", sections).user).toBe("ada");
  expect(resolve("db", `${sections}Match final\n`)).toMatchObject({ user: "ops", port: 1 });
});

test("the case of a name counts for Host, as with ssh, and not for Match host", () => {
  expect(resolve("WEB", "Host web\n  Port 1\n").port).toBe(22);
  expect(resolve("WEB", "Match host web\n  Port 1\n").port).toBe(1);
});

test.each([
  ["30", 30],
  ["1m30s", 90],
  ["2h", 7200],
  ["0", undefined],
  ["none", undefined],
  ["soon", undefined],
])("a ConnectTimeout of %s is %j seconds", (text, seconds) => {
  expect(resolve("p", `ConnectTimeout ${text}\n`).connectTimeoutSeconds).toBe(seconds);
});

test("tokens, home and variables stand for what they name in files, and what is not known stays", () => {
  const text =
    "HostName %h.x\nPort 23\nUser ops\nIdentityFile %d/%n-%h-%p-%r-%u-%k-%%-%C\nUserKnownHostsFile ${ND_TEST_DIR}/kh ~/kh ${ND_NOT_SET}/kh\nIdentityAgent $ND_TEST_DIR\n";
  process.env["ND_TEST_DIR"] = "/env";
  try {
    expect(resolve("p", text)).toMatchObject({
      identityFiles: ["/home/ada/p-p.x-23-ops-ada-p-%-%C"],
      userKnownHostsFiles: ["/env/kh", "/home/ada/kh", "${ND_NOT_SET}/kh"],
      identityAgent: "/env",
    });
  } finally {
    delete process.env["ND_TEST_DIR"];
  }
});

test("hashed names, families and logins that are not allowed are told", () => {
  expect(resolve("p", "HashKnownHosts yes\nAddressFamily inet6\nPubkeyAuthentication no\n")).toMatchObject({
    hashKnownHosts: true,
    addressFamily: "inet6",
    publicKeyLogin: false,
  });
  expect(resolve("p", "PreferredAuthentications keyboard-interactive,password\n").publicKeyLogin).toBe(false);
  expect(resolve("p", "PreferredAuthentications password,publickey\n").publicKeyLogin).toBe(true);
});

test("what only ssh itself can do is named", () => {
  const { problems } = resolve(
    "p",
    "CertificateFile ~/c\nKnownHostsCommand /bin/x\nMatch sessiontype exec\n  User y\n",
  );
  expect(problems).toEqual([
    'a "Match sessiontype" section is skipped: the criterion can\'t be judged without ssh itself',
    "CertificateFile is passed over: logins with certificates are not done here",
    "KnownHostsCommand is not run: its host keys are not known here",
  ]);
  expect(resolve("p", "Match host other exec true\n  User y\n").problems).toEqual([]);
});

test("a file that ssh would refuse keeps us from connecting", () => {
  const refusing: ConfigSource = {
    ...source("Include x\n"),
    readInclude: path => [{ path, text: "", refused: "no" }],
  };
  expect(resolveDestination("p", refusing).unreadable).toBe("no");
});

test("Include is followed where it stands, also inside a section, and relative to ~/.ssh", () => {
  const host = resolve(
    "prod",
    "Include conf.d/*\nHost prod\n  Include prod.conf\n  User late\n",
    {},
    {
      "/home/ada/.ssh/conf.d/a": "Host prod\n  Port 23\n",
      "/home/ada/.ssh/prod.conf": "User early\n",
    },
  );
  expect(host).toMatchObject({ port: 23, user: "early" });
});

test("an Include that includes itself ends", () => {
  const host = resolve("prod", "Include loop\n", {}, { "/home/ada/.ssh/loop": "Include loop\nUser x\n" });
  expect(host.user).toBe("x");
  expect(host.problems[0]).toMatch(/nested more than 16/);
});

test("several jumps keep their order, none switches them off, the first of jump and command wins", () => {
  expect(resolve("p", "ProxyJump a, root@b:2222\n").proxyJump).toEqual(["a", "root@b:2222"]);
  expect(resolve("p", "Host p\n ProxyJump none\nHost *\n ProxyJump a\n").proxyJump).toEqual([]);
  const command = resolve("p", "ProxyCommand nc %h %p\nProxyJump a\n");
  expect(command).toMatchObject({ proxyCommand: "nc %h %p", proxyJump: [] });
  const behindNone = resolve("p", "ProxyJump none\nProxyCommand nc\nProxyJump a\n");
  expect(behindNone).toMatchObject({ proxyCommand: "nc", proxyJump: [] });
  const nothing = resolve("p", "ProxyCommand none\nProxyJump a\n");
  expect(nothing).toMatchObject({ proxyCommand: undefined, proxyJump: [] });
});

test("overrides win over the configuration", () => {
  const host = resolve("prod", "User x\nPort 5\n", { user: "root", port: 22022 });
  expect(host).toMatchObject({ user: "root", port: 22022 });
});

test("a port that is none is named and does not stop anything", () => {
  const host = resolve("prod", "Port abc\nUser x\n");
  expect(host).toMatchObject({ port: 22, user: "x", problems: ["Port abc is not a port; 22 is used"] });
});

test("garbage is survived", () => {
  const host = resolve("prod", 'Host "unclosed\n\u0000\u0001 = = =\nHost prod\n  User x\n');
  expect(host.alias).toBe("prod");
});
