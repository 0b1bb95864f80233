// All rules, by code. The only place besides its own file that names a rule.

import { acceptFlakeConfig } from "./accept-flake-config";
import { actionOutdated } from "./action-outdated";
import { argumentMissing } from "./argument-missing";
import { argumentUnexpected } from "./argument-unexpected";
import { attributeMissing } from "./attribute-missing";
import { cacheCycle } from "./cache-cycle";
import { cacheIsSelf } from "./cache-is-self";
import { cacheOrder } from "./cache-order";
import { cacheWithoutKey } from "./cache-without-key";
import { checkConfigOff } from "./check-config-off";
import { defaultCacheDropped } from "./default-cache-dropped";
import { deployActivateArgument } from "./deploy-activate-argument";
import { deployChecksAllSystems } from "./deploy-checks-all-systems";
import { deployConfigurationMissing } from "./deploy-configuration-missing";
import { deployConfigurationNotDeployed } from "./deploy-configuration-not-deployed";
import { deployHostnameOption } from "./deploy-hostname-option";
import { deployHostnameShared } from "./deploy-hostname-shared";
import { deployMissingHostname } from "./deploy-missing-hostname";
import { deployMissingPath } from "./deploy-missing-path";
import { deployMissingProfiles } from "./deploy-missing-profiles";
import { deployNoUser } from "./deploy-no-user";
import { deployNotActivatable } from "./deploy-not-activatable";
import { deployNotSystemProfile } from "./deploy-not-system-profile";
import { deployProfileOrder } from "./deploy-profile-order";
import { deployPushUntrusted } from "./deploy-push-untrusted";
import { deployRollbackOff } from "./deploy-rollback-off";
import { deploySshOpts } from "./deploy-ssh-opts";
import { deploySystemMismatch } from "./deploy-system-mismatch";
import { deployTimeoutRange } from "./deploy-timeout-range";
import { deployUnknownSetting } from "./deploy-unknown-setting";
import { deployWrongType } from "./deploy-wrong-type";
import { duplicateAttribute } from "./duplicate-attribute";
import { flagDeprecated } from "./flag-deprecated";
import { hiveKeySource } from "./hive-key-source";
import { hiveMissingNixpkgs } from "./hive-missing-nixpkgs";
import { hiveOutputMissing } from "./hive-output-missing";
import { hiveUnknownOption } from "./hive-unknown-option";
import { hiveWrongType } from "./hive-wrong-type";
import { importMissing } from "./import-missing";
import { infiniteRecursion } from "./infinite-recursion";
import { keyConflict } from "./key-conflict";
import { keyDuplicate } from "./key-duplicate";
import { keyIsSecret } from "./key-is-secret";
import { keyMalformed } from "./key-malformed";
import { keyNotCanonical } from "./key-not-canonical";
import { keyWithoutCache } from "./key-without-cache";
import { knownHostsMalformed } from "./known-hosts-malformed";
import { moduleArgumentMissing } from "./module-argument-missing";
import { nixConfSyntax } from "./nix-conf-syntax";
import { nixconfigNotLiteral } from "./nixconfig-not-literal";
import { optionUnknown } from "./option-unknown";
import type { Rule } from "./rule";
import { secretKeyInStore } from "./secret-key-in-store";
import { secretKeyIsPublic } from "./secret-key-is-public";
import { settingDeprecated } from "./setting-deprecated";
import { settingDiscarded } from "./setting-discarded";
import { settingIgnored } from "./setting-ignored";
import { settingTwice } from "./setting-twice";
import { settingUnknown } from "./setting-unknown";
import { settingWrongType } from "./setting-wrong-type";
import { signatureCheckDisabled } from "./signature-check-disabled";
import { signingKeyUnprovisioned } from "./signing-key-unprovisioned";
import { sshCacheHostKeyUnpinned } from "./ssh-cache-host-key-unpinned";
import { sshCacheKeyUntrusted } from "./ssh-cache-key-untrusted";
import { sshCacheNoFallback } from "./ssh-cache-no-fallback";
import { sshCacheNotAuthorized } from "./ssh-cache-not-authorized";
import { sshCacheNotServed } from "./ssh-cache-not-served";
import { sshCacheProtocol } from "./ssh-cache-protocol";
import { sshCacheUnsigned } from "./ssh-cache-unsigned";
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
import { substituterNeedsNewerNix } from "./substituter-needs-newer-nix";
import { substituterUnknownParameter } from "./substituter-unknown-parameter";
import { substituterUnknownScheme } from "./substituter-unknown-scheme";
import { substituterWithPassword } from "./substituter-with-password";
import { switchDisabled } from "./switch-disabled";
import { syntaxRule } from "./syntax";
import { tokenInSource } from "./token-in-source";
import { trustedUsersTooWide } from "./trusted-users-too-wide";
import { undefinedVariable } from "./undefined-variable";
import { urlLiteral } from "./url-literal";

export const RULES: readonly Rule[] = [
  acceptFlakeConfig,
  actionOutdated,
  argumentMissing,
  argumentUnexpected,
  attributeMissing,
  cacheCycle,
  cacheIsSelf,
  cacheOrder,
  cacheWithoutKey,
  checkConfigOff,
  defaultCacheDropped,
  deployActivateArgument,
  deployChecksAllSystems,
  deployConfigurationMissing,
  deployConfigurationNotDeployed,
  deployHostnameOption,
  deployHostnameShared,
  deployMissingHostname,
  deployMissingPath,
  deployMissingProfiles,
  deployNoUser,
  deployNotActivatable,
  deployNotSystemProfile,
  deployProfileOrder,
  deployPushUntrusted,
  deployRollbackOff,
  deploySshOpts,
  deploySystemMismatch,
  deployTimeoutRange,
  deployUnknownSetting,
  deployWrongType,
  duplicateAttribute,
  flagDeprecated,
  hiveKeySource,
  hiveMissingNixpkgs,
  hiveOutputMissing,
  hiveUnknownOption,
  hiveWrongType,
  importMissing,
  infiniteRecursion,
  keyConflict,
  keyDuplicate,
  keyIsSecret,
  keyMalformed,
  keyNotCanonical,
  keyWithoutCache,
  knownHostsMalformed,
  moduleArgumentMissing,
  nixConfSyntax,
  nixconfigNotLiteral,
  optionUnknown,
  secretKeyInStore,
  secretKeyIsPublic,
  settingDeprecated,
  settingDiscarded,
  settingIgnored,
  settingTwice,
  settingUnknown,
  settingWrongType,
  signatureCheckDisabled,
  signingKeyUnprovisioned,
  sshCacheHostKeyUnpinned,
  sshCacheKeyUntrusted,
  sshCacheNoFallback,
  sshCacheNotAuthorized,
  sshCacheNotServed,
  sshCacheProtocol,
  sshCacheUnsigned,
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
  substituterNeedsNewerNix,
  substituterUnknownParameter,
  substituterUnknownScheme,
  substituterWithPassword,
  switchDisabled,
  syntaxRule,
  tokenInSource,
  trustedUsersTooWide,
  undefinedVariable,
  urlLiteral,
];
