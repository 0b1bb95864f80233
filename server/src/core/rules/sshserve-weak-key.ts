// sshserve-weak-key: a key of nix.sshServe that sshd refuses or that is too short.

import { spanInText } from "../eval/datum";
import { parseSshPublicKey } from "../formats/sshPublicKey";
import { whereClause } from "./listEntries";
import type { Rule, RuleMeta } from "./rule";
import { sshServeKeys } from "./sshServeKeys";

const RSA_1024 =
  "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQCxuHHBHrR6XHwdAaYKueUxH2M6FHrCOlBh3FNpFcFZ9YRqP7AyGmxHMXKtRwN+aY1jFGydc0lILtQ2zYkHQrvqPPH6/GtJzDDWUMDEQmAw096Fov02KZN3w+JfWcV6rQ7txAKDowhUdgv7WW/e/nG6W+nNZVYyxi7sV+AMkwAERw== old@prod";

const meta: RuleMeta = {
  code: "sshserve-weak-key",
  category: "ssh",
  severity: "warning",
  since: "0.1.0",
  fix: "none",
  docs: {
    summary: "A key of `nix.sshServe.keys` is of a kind that sshd refuses, or too short",
    why: `OpenSSH has not accepted \`ssh-dss\` keys by default since 7.0 and has removed them in 10.0: the line is skipped and its owner gets
\`Permission denied (publickey)\`. RSA keys under 2048 bits can be broken. Use an \`ssh-ed25519\` key.`,
    bad: [`{ nix.sshServe.keys = [ "${RSA_1024}" ]; }`],
    good: [
      '{ nix.sshServe.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJq1RXsAW13OSu0psvg45fop8vVWMT2XYaK3qbO4nh55" ]; }',
    ],
  },
};

export const sshserveWeakKey: Rule = {
  meta,
  checkFile(ctx, report) {
    for (const { datum, conditions } of sshServeKeys(ctx.facts)) {
      const reading = parseSshPublicKey(datum.text);
      if (reading.kind !== "key" || reading.key.weakness === undefined) continue;
      const { algorithm, bits, weakness } = reading.key;
      const what =
        weakness === "dsa"
          ? `an ${algorithm.text} key is refused by today's sshd`
          : `an RSA key of ${bits} bits can be broken`;
      report({
        span: spanInText(datum, algorithm.start, algorithm.end),
        message: `${what}${whereClause(conditions)}: use an ssh-ed25519 key`,
      });
    }
  },
};
