// Which options name files that hold secrets of caches.

const SIGNING_KEYS: ReadonlySet<string> = new Set([
  "nix.settings.secret-key-files",
  "nix.settings.extra-secret-key-files",
  "services.nix-serve.secretKeyFile",
  "services.harmonia.signKeyPath",
  "services.harmonia.signKeyPaths",
  "services.harmonia.cache.signKeyPaths",
]);

const OTHERS: ReadonlySet<string> = new Set([
  "services.atticd.environmentFile",
  "services.cachix-agent.credentialsFile",
  "services.cachix-watch-store.cachixTokenFile",
  "services.cachix-watch-store.signingKeyFile",
]);

/** Secret keys in Nix's own form. */
export function isSigningKeyOption(option: readonly string[]): boolean {
  return SIGNING_KEYS.has(option.join("."));
}

/** Those, tokens, and keys of services. */
export function isSecretFileOption(option: readonly string[]): boolean {
  return isSigningKeyOption(option) || OTHERS.has(option.join("."));
}
