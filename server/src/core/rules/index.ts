// All rules, by code. The only place besides its own file that names a rule.

import { keyIsSecret } from "./key-is-secret";
import { keyMalformed } from "./key-malformed";
import type { Rule } from "./rule";
import { sshserveKeyMalformed } from "./sshserve-key-malformed";
import { sshservePrivateKey } from "./sshserve-private-key";
import { substituterMalformed } from "./substituter-malformed";
import { substituterUnknownScheme } from "./substituter-unknown-scheme";

export const RULES: readonly Rule[] = [
  keyIsSecret,
  keyMalformed,
  sshserveKeyMalformed,
  sshservePrivateKey,
  substituterMalformed,
  substituterUnknownScheme,
];
