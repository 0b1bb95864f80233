// sshserve-private-key: a private SSH key, or the file that holds one, where the public keys of nix.sshServe belong.

import { branchesOf, spanInText } from "../eval/datum";
import { findPrivateKey } from "../formats/sshPublicKey";
import type { Span } from "../text/span";
import { whereClause } from "./listEntries";
import type { FileContext, Rule, RuleMeta } from "./rule";
import { isSshServeKeys, sshServeKeys } from "./sshServeKeys";

const meta: RuleMeta = {
  code: "sshserve-private-key",
  category: "ssh",
  severity: "error",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "A private SSH key stands in `nix.sshServe.keys`",
    why: `\`nix.sshServe.keys\` ends up in \`/etc/ssh/authorized_keys.d/nix-ssh\` and in the Nix store, both readable by everybody on the host.
sshd ignores the line, so nobody can log in with it, and the private key is public from now on.

Put the line of the matching \`.pub\` file there, make a new key pair, and stop accepting the old one wherever it may log in.`,
    bad: [
      `{ nix.sshServe.keys = [ ''
  -----BEGIN OPENSSH PRIVATE KEY-----
  b3BlbnNzaC1rZXktdjEAAAAABG5vbmU=
  -----END OPENSSH PRIVATE KEY-----
'' ]; }`,
      "{ nix.sshServe.keys = [ ./keys/id_ed25519 ]; }",
      "{ nix.sshServe.keys = [ (builtins.readFile ./keys/id_ed25519) ]; }",
    ],
    good: [
      '{ nix.sshServe.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 root@prod" ]; }',
    ],
  },
};

export const sshservePrivateKey: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const { datum, conditions } of sshServeKeys(ctx.facts)) {
      const found = findPrivateKey(datum.text);
      if (found === undefined) continue;
      report({
        span: spanInText(datum, found.start, found.end),
        message: `a private key stands in nix.sshServe.keys${whereClause(conditions)}: it becomes readable by everybody on the host, and sshd ignores it; use the line of its .pub file and make a new key`,
      });
    }
    for (const { span, file, how } of privateKeyFiles(ctx)) {
      report({
        span,
        message: `${file} is the private key, and ${how} nix.sshServe.keys copies it to the world-readable Nix store; use the line of its .pub file`,
      });
    }
  },
};

interface PrivateKeyFile {
  readonly span: Span;
  /** Without its folder. */
  readonly file: string;
  readonly how: string;
}

/** Items of the list that are, or read, files with the names of private keys: `id_ed25519`, not `id_ed25519.pub`. */
function privateKeyFiles(ctx: FileContext): readonly PrivateKeyFile[] {
  const items = ctx.facts.options
    .filter(isSshServeKeys)
    .flatMap(fact => branchesOf(fact.value))
    .flatMap(({ value }) => (value.kind === "list" ? value.items : []))
    .flatMap(item => branchesOf(item));
  return items.flatMap(({ value: { span, ...item } }) => {
    const path =
      item.kind === "path" ? item.path : readBy(ctx.textOf(span.path)?.slice(span.start, span.end));
    const file = PRIVATE_KEY.exec(path ?? "")?.[1];
    return file === undefined
      ? []
      : [{ span, file, how: item.kind === "path" ? "its path in" : "reading it into" }];
  });
}

const PRIVATE_KEY = /(?:^|\/)(id_[a-z0-9_]+|ssh_host_[a-z0-9]+_key)$/;

/** The file that an expression reads. */
function readBy(typed = ""): string | undefined {
  return /^\(?\s*[\w.]*\b(?:readFile|fileContents)\s+"?([^\s"()]+)"?\s*\)?$/.exec(typed)?.[1];
}
