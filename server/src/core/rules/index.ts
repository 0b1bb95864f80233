// All rules, by code. The only place besides its own file that names a rule.

import { acceptFlakeConfig } from "./accept-flake-config";
import { checkConfigOff } from "./check-config-off";
import { keyDuplicate } from "./key-duplicate";
import { keyIsSecret } from "./key-is-secret";
import { keyMalformed } from "./key-malformed";
import { keyNotCanonical } from "./key-not-canonical";
import { knownHostsMalformed } from "./known-hosts-malformed";
import { nixConfSyntax } from "./nix-conf-syntax";
import { nixconfigNotLiteral } from "./nixconfig-not-literal";
import { optionUnknown } from "./option-unknown";
import type { Rule } from "./rule";
import { secretKeyInStore } from "./secret-key-in-store";
import { secretKeyIsPublic } from "./secret-key-is-public";
import { settingDeprecated } from "./setting-deprecated";
import { settingUnknown } from "./setting-unknown";
import { settingWrongType } from "./setting-wrong-type";
import { signatureCheckDisabled } from "./signature-check-disabled";
import { sshCacheNoFallback } from "./ssh-cache-no-fallback";
import { sshCacheNotServed } from "./ssh-cache-not-served";
import { sshCacheProtocol } from "./ssh-cache-protocol";
import { sshCacheUser } from "./ssh-cache-user";
import { sshserveDisabled } from "./sshserve-disabled";
import { sshserveKeyMalformed } from "./sshserve-key-malformed";
import { sshservePrivateKey } from "./sshserve-private-key";
import { sshserveTrustedWrite } from "./sshserve-trusted-write";
import { sshserveWeakKey } from "./sshserve-weak-key";
import { sshserveWithoutKeys } from "./sshserve-without-keys";
import { substituterDuplicate } from "./substituter-duplicate";
import { substituterInsecure } from "./substituter-insecure";
import { substituterJoined } from "./substituter-joined";
import { substituterMalformed } from "./substituter-malformed";
import { substituterUnknownParameter } from "./substituter-unknown-parameter";
import { substituterUnknownScheme } from "./substituter-unknown-scheme";
import { substituterWithPassword } from "./substituter-with-password";
import { tokenInSource } from "./token-in-source";
import { trustedUsersTooWide } from "./trusted-users-too-wide";
import { urlLiteral } from "./url-literal";

export const RULES: readonly Rule[] = [
  acceptFlakeConfig,
  checkConfigOff,
  keyDuplicate,
  keyIsSecret,
  keyMalformed,
  keyNotCanonical,
  knownHostsMalformed,
  nixConfSyntax,
  nixconfigNotLiteral,
  optionUnknown,
  secretKeyInStore,
  secretKeyIsPublic,
  settingDeprecated,
  settingUnknown,
  settingWrongType,
  signatureCheckDisabled,
  sshCacheNoFallback,
  sshCacheNotServed,
  sshCacheProtocol,
  sshCacheUser,
  sshserveDisabled,
  sshserveKeyMalformed,
  sshservePrivateKey,
  sshserveTrustedWrite,
  sshserveWeakKey,
  sshserveWithoutKeys,
  substituterDuplicate,
  substituterInsecure,
  substituterJoined,
  substituterMalformed,
  substituterUnknownParameter,
  substituterUnknownScheme,
  substituterWithPassword,
  tokenInSource,
  trustedUsersTooWide,
  urlLiteral,
];
