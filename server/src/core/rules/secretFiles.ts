// Which options name files that hold secrets of caches.

const SECRET_FILES: ReadonlySet<string> = new Set([
  "nix.settings.secret-key-files",
  "nix.settings.extra-secret-key-files",
  "services.nix-serve.secretKeyFile",
  "services.harmonia.signKeyPath",
  "services.harmonia.signKeyPaths",
  "services.harmonia.cache.signKeyPaths",
  "services.atticd.environmentFile",
]);

export function isSecretFileOption(option: readonly string[]): boolean {
  return SECRET_FILES.has(option.join("."));
}
