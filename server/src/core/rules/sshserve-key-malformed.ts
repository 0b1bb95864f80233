// sshserve-key-malformed: an entry of nix.sshServe.keys that sshd skips, because it is no OpenSSH public key.

import { spanInText } from "../eval/datum";
import { parseSshPublicKey, type SshKeyProblem, type SshKeyProblemKind } from "../formats/sshPublicKey";
import { replaceEntry } from "./entryFixes";
import { type ListEntry, whereClause } from "./listEntries";
import type { Rule, RuleMeta } from "./rule";
import { whatIsWrongWithSshKey } from "./sshKeyWording";
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
      if (reading.kind !== "problem" || NOT_HERE.has(reading.problem.kind)) continue;
      const { problem } = reading;
      report({
        span: spanInText(entry.datum, problem.start, problem.end),
        message: messageOf(entry, problem),
        fixes: replaceEntry(ctx, entry, problem.instead ?? [], { title: titleOf(problem), safety: "safe" }),
      });
    }
  },
};

/** What sshserve-private-key reports, and what lib.optionalString leaves where its condition fails: a line without a key. */
const NOT_HERE: ReadonlySet<SshKeyProblemKind> = new Set<SshKeyProblemKind>(["private-key", "empty"]);

function messageOf(entry: ListEntry, problem: SshKeyProblem): string {
  const text = entry.datum.text;
  const part = text.slice(problem.start, problem.end);
  return `${whatIsWrongWithSshKey(problem, part)}${whereClause(entry.conditions)}: sshd skips this line, so its owner gets "Permission denied (publickey)"`;
}

function titleOf({ instead = [], kind }: SshKeyProblem): string {
  if (instead.length > 1) return `Split into ${instead.length} keys`;
  return kind === "host-in-front" ? "Remove the host name" : "Write the key in one clean line";
}
