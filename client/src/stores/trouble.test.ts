import { expect, test } from "vitest";
import { explain } from "./explain";
import type { TroubleContext } from "./explanation";
import type { HttpServer, HttpService } from "./httpServer";
import { type TroubleKind, tellingLine, troubleOf } from "./trouble";

const PATH = "/nix/store/0123456789abcdfghijklmnpqrsvwxyz-x";

/** Word for word as Nix 2.8, 2.26 and 2.34 and their ssh print them. */
const SAID: readonly (readonly [TroubleKind, string])[] = [
  [
    "signature-refused",
    `warning: the substitute for '${PATH}' from 'ssh://nix-ssh@stage.test' is not signed by any of the keys in 'trusted-public-keys'\nerror: build of '${PATH}' failed`,
  ],
  [
    "signature-refused",
    `warning: ignoring substitute for '${PATH}' from 'ssh://nix-ssh@stage.test', as it's not signed by any of the keys in 'trusted-public-keys'\nerror: path '${PATH}' is required, but there is no substituter that can build it`,
  ],
  ["signature-refused", `error: cannot add path '${PATH}' because it lacks a signature by a trusted key`],
  ["signature-refused", `error: cannot add path '${PATH}' because it lacks a valid signature`],
  ["malformed-key", "error: public key is not valid"],
  ["malformed-key", "error:\n       … while decoding key named ''\n       error: key is corrupt"],
  ["host-key-unknown", "Host key verification failed.\nerror: cannot connect to 'nix-ssh@stage.test'"],
  [
    "host-key-changed",
    "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key for stage.test has changed and you have requested strict checking.\nHost key verification failed.\nerror: failed to start SSH connection to 'nix-ssh@stage.test'",
  ],
  [
    "not-allowed",
    "nix-ssh@stage.test: Permission denied (publickey).\nerror: failed to start SSH connection to 'nix-ssh@stage.test'",
  ],
  [
    "forced-command-missing",
    "bash: line 1: /usr/bin/no-such-nix-store: No such file or directory\nerror: cannot connect to 'nix-ssh@stage.test'",
  ],
  [
    "daemon-down",
    "error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Connection refused\nerror: unexpected end-of-file",
  ],
  [
    "refused",
    "ssh: connect to host stage.test port 22: Connection refused\nerror: cannot connect to 'nix-ssh@stage.test'",
  ],
  [
    "timed-out",
    "ssh: connect to host stage.test port 22: Connection timed out\nerror: cannot connect to 'x'",
  ],
  ["no-route", "ssh: connect to host stage.test port 22: No route to host"],
  ["name-unknown", "ssh: Could not resolve hostname host/: Name or service not known"],
  ["name-unknown", "curl: (6) Could not resolve host: nosuch.test"],
  ["refused", "curl: (7) Failed to connect to 127.0.0.1 port 9 after 0 ms: Couldn't connect to server"],
  ["timed-out", "curl: (28) Connection timed out after 10001 milliseconds"],
  [
    "protocol-mismatch",
    "error: protocol mismatch\nerror: cannot open connection to remote store 'ssh-ng://x'",
  ],
  ["read-only", "error: importing paths is not allowed\nerror: unexpected end-of-file"],
  ["absent", `don't know how to build these paths:\n  ${PATH}\nerror: build of '${PATH}' failed`],
  ["absent", `error: path '${PATH}' is not valid`],
  ["other-store", "error: binary cache 'http://h' is for Nix stores with prefix '/other', not '/nix/store'"],
  ["not-a-cache", "error: 'http://h' does not appear to be a binary cache"],
  ["corrupt", "error: NAR info file 'x.narinfo' is corrupt: expecting ':' at line 1"],
  ["unauthorized", "error: unable to download 'http://h/nix-cache-info': HTTP error 401"],
  ["bad-url", "error: Cannot parse Nix store 'cache.nixos.org'"],
  ["bad-url", "error: don't know how to open Nix store with scheme 'htps'"],
  ["bad-url", "error: invalid URL authority: 'u@h/': leftover"],
  ["penalised", "kex_exchange_identification: read: Connection reset by peer"],
  ["not-trusted-user", "warning: ignoring untrusted substituter 'http://h', you are not a trusted user."],
  ["unknown", "something else"],
  [
    "not-a-cache",
    "error:\n       … while uploading to S3 binary cache at 's3://nosuch?endpoint=127.0.0.1:4568&region=us-east-1&scheme=http'\n\n       error: unable to upload 'http://127.0.0.1:4568/nosuch/nix-cache-info': HTTP error 404\n\n       response body:\n\n       <Error><Code>NoSuchBucket</Code></Error>",
  ],
  ["no-s3", "error: don't know how to open Nix store 's3://cache?region=eu-central-1'"],
  ["no-s3", "error: don't know how to open Nix store with scheme 's3'"],
];

test.each(SAID)("%s: %s", (kind, text) => {
  expect(troubleOf(text)).toBe(kind);
});

test("the line that tells is shown, not the one that follows from it", () => {
  expect(
    tellingLine([
      "nix-ssh@stage: Permission denied (publickey).",
      "error: cannot connect to 'nix-ssh@stage'",
    ]),
  ).toBe("nix-ssh@stage: Permission denied (publickey).");
  expect(tellingLine([])).toBe("");
});

const CONTEXT: TroubleContext = {
  host: "prod",
  url: "ssh://nix-ssh@stage.test",
  serverAddress: "stage.test",
  server: "stage",
  signerKeys: ["stage.test-1:KEY"],
  signatureNames: ["stage.test-1"],
  contradicting: ["stage.test-1:OLD"],
  clientKey: "ssh-ed25519 CLIENT",
  serverHostKey: "ssh-ed25519 SERVER",
  signingKeyFile: "/k",
  httpServer: undefined,
  path: PATH,
};

test("fixes change the right host and option", () => {
  const operations = (kind: TroubleKind) => {
    const { fix } = explain(kind, CONTEXT);
    return fix.kind === "edit"
      ? fix.operations.map(each => [
          each.kind,
          "hosts" in each.target ? each.target.hosts[0] : "",
          each.option,
        ])
      : fix;
  };
  const trusted = "nix.settings.trusted-public-keys";
  expect(operations("missing-key")).toEqual([["addToList", "prod", trusted]]);
  expect(operations("wrong-key")).toEqual([
    ["removeFromList", "prod", trusted],
    ["addToList", "prod", trusted],
  ]);
  expect(operations("host-key-unknown")).toEqual([
    ["set", "prod", 'programs.ssh.knownHosts."stage.test".publicKey'],
  ]);
  expect(operations("not-allowed")).toEqual([["addToList", "stage", "nix.sshServe.keys"]]);
  expect(operations("protocol-mismatch")).toEqual([["set", "stage", "nix.sshServe.protocol"]]);
  expect(operations("timed-out")).toEqual([["set", "prod", "nix.settings.fallback"]]);
  expect(operations("unsigned")).toMatchObject({ kind: "command", host: "stage" });
});

test("a command is safe to paste, whatever the host calls its key file", () => {
  const { fix } = explain("unsigned", { ...CONTEXT, signingKeyFile: "/k;$(reboot)" });
  expect(fix).toMatchObject({ command: expect.stringContaining(` -k '/k;$(reboot)' ${PATH}`) });
});

test("a cache over HTTP is let through the firewall and told what to sign with, on its own host", () => {
  const operations = (service: HttpService, kind: TroubleKind, details: Partial<HttpServer> = {}) => {
    const httpServer = { service, port: 5000, flat: false, ...details };
    const { fix } = explain(kind, { ...CONTEXT, url: "http://stage.test:5000", httpServer });
    return fix.kind === "edit" ? fix.operations : fix;
  };
  const target = { hosts: ["stage"] };
  expect(operations("nix-serve", "refused")).toEqual([
    { kind: "set", target, option: "services.nix-serve.openFirewall", value: true },
  ]);
  expect(operations("harmonia", "timed-out")).toEqual([
    { kind: "addToList", target, option: "networking.firewall.allowedTCPPorts", items: [5000] },
  ]);
  expect(operations("nix-serve", "unsigned")).toEqual([
    { kind: "set", target, option: "services.nix-serve.secretKeyFile", value: "/k" },
  ]);
  expect(operations("harmonia", "unsigned")).toEqual([
    { kind: "addToList", target, option: "services.harmonia.cache.signKeyPaths", items: ["/k"] },
  ]);
  expect(operations("harmonia", "unsigned", { flat: true })).toMatchObject([
    { option: "services.harmonia.signKeyPaths" },
  ]);
  expect(operations("harmonia", "refused", { port: 8081 })).toMatchObject([{ items: [8081] }]);
});

test("what is not known leaves words instead of a wrong edit", () => {
  const unknown = {
    ...CONTEXT,
    server: undefined,
    signerKeys: [],
    serverHostKey: undefined,
    clientKey: undefined,
  };
  for (const kind of ["missing-key", "wrong-key", "host-key-unknown", "not-allowed", "unsigned"] as const)
    expect(explain(kind, unknown).fix.kind).toBe("advice");
});
