// sshserve-key-malformed: an entry of nix.sshServe.keys that sshd skips, because it is no OpenSSH public key.

import { spanInText } from "../eval/datum";
import { parseSshPublicKey, type SshKeyProblem, type SshKeyProblemKind } from "../formats/sshPublicKey";
import { replaceEntry } from "./entryFixes";
import { type ListEntry, whereClause } from "./listEntries";
import type { Rule, RuleMeta } from "./rule";
import { sshServeKeys } from "./sshServeKeys";

const ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55 root@prod";

const meta: RuleMeta = {
  code: "sshserve-key-malformed",
  category: "ssh",
  severity: "error",
  since: "0.1.0",
  fix: "sometimes",
  docs: {
    summary: "An entry of `nix.sshServe.keys` is not an OpenSSH public key",
    why: `sshd skips a line of authorized_keys that it cannot read, without a message and without failing. The host whose key this was
then gets \`nix-ssh@host: Permission denied (publickey).\`, and a build that asks this cache stops there unless it has \`fallback = true\`.

Paste the whole line of the \`.pub\` file: type, Base64 and comment, in one line, one key an entry. A cache signing key
(\`NAME:BASE64\`) belongs in \`nix.settings.trusted-public-keys\` instead.`,
    bad: [
      '{ nix.sshServe.keys = [ "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB ship@yourapp" ]; }',
      '{ nix.sshServe.keys = [ "ssh-ed25519 root@prod" ]; }',
    ],
    good: [`{ nix.sshServe.keys = [ "${ED25519}" ]; }`],
  },
};

export const sshserveKeyMalformed: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const entry of sshServeKeys(ctx.facts)) {
      const reading = parseSshPublicKey(entry.datum.text);
      if (reading.kind !== "problem" || PRIVATE.has(reading.problem.kind)) continue;
      const { problem } = reading;
      report({
        span: spanInText(entry.datum, problem.start, problem.end),
        message: messageOf(entry, problem),
        fixes: replaceEntry(ctx, entry, problem.instead ?? [], { title: titleOf(problem), safety: "safe" }),
      });
    }
  },
};

/** What sshserve-private-key reports. */
const PRIVATE: ReadonlySet<SshKeyProblemKind> = new Set<SshKeyProblemKind>(["private-key"]);

function messageOf(entry: ListEntry, problem: SshKeyProblem): string {
  const text = entry.datum.text;
  const part = text.slice(problem.start, problem.end);
  return `${whatIsWrong(problem, part)}${whereClause(entry.conditions)}: sshd skips this line, so its owner gets "Permission denied (publickey)"`;
}

function whatIsWrong(problem: SshKeyProblem, part: string): string {
  switch (problem.kind) {
    case "empty":
      return "an empty entry is no public key";
    case "fingerprint":
      return "a fingerprint is not the key itself";
    case "file-path":
      return `"${part}" is the path of a key, not the key itself`;
    case "cache-key":
      return "a binary cache key belongs in trusted-public-keys, not among SSH keys";
    case "is-age":
      return "an age key is no SSH key";
    case "is-pgp":
      return "a PGP key is no SSH key";
    case "line-break":
      return "the key has a line break inside";
    case "several-keys":
      return "several keys stand in one entry";
    case "host-in-front":
      return `"${part.trim()}" in front of the key is the host name of a known_hosts line`;
    case "no-type":
      return "the type, such as ssh-ed25519, is missing in front of the key";
    case "unknown-type":
      return `OpenSSH knows no key type "${part}"`;
    case "no-blob":
      return "the key itself is missing after its type";
    case "bad-base64":
      return "the key is not valid Base64";
    case "bad-padding":
      return "the padding at the end of the key's Base64 is wrong";
    case "quoted":
      return "the quotes are part of the key";
    case "truncated":
      return "the key is cut off";
    case "trailing-bytes":
      return "the key has surplus bytes at its end";
    case "other-algorithm":
      return `the key is of type ${problem.algorithm ?? "another"}, not what stands in front of it`;
    case "unknown-algorithm":
      return "the key is of a type that OpenSSH does not know";
    case "wrong-length":
      return "the key has the wrong length";
    case "wrong-curve":
    case "not-on-curve":
      return "the key is not a point of its curve";
    case "private-key":
      return "a private key is no public key";
  }
}

function titleOf({ instead = [], kind }: SshKeyProblem): string {
  if (instead.length > 1) return `Split into ${instead.length} keys`;
  return kind === "host-in-front" ? "Remove the host name" : "Write the key in one clean line";
}
