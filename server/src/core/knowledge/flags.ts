// Flags of nixos-rebuild that have another name today, as nixos-rebuild-ng (the default since NixOS 25.11) warns about them.

export interface DeprecatedFlag {
  readonly flag: string;
  /** Absent: drop the flag, it has no effect. */
  readonly replacement?: string;
  /** What nixos-rebuild says, or would do. */
  readonly note: string;
  /** `--fast` was the regular name up to 25.05, so older releases do not know the replacement. */
  readonly since?: string;
}

const DEPRECATED_FLAGS: readonly DeprecatedFlag[] = [
  {
    flag: "--use-remote-sudo",
    replacement: "--sudo",
    note: "nixos-rebuild: warning: --use-remote-sudo deprecated, use --sudo instead",
    since: "25.05",
  },
  {
    flag: "--fast",
    replacement: "--no-reexec",
    note: "--fast deprecated, use --no-reexec instead",
    since: "25.11",
  },
  {
    flag: "--no-build-nix",
    note: "nixos-rebuild: warning: --no-build-nix deprecated, we do not build nix anymore",
  },
  {
    flag: "--no-ssh-tty",
    note: "nixos-rebuild: warning: --no-ssh-tty deprecated, SSH's TTY is never used anymore",
  },
  {
    flag: "--install-grub",
    replacement: "--install-bootloader",
    note: "nixos-rebuild: warning: --install-grub deprecated, use --install-bootloader instead",
  },
];

export function findDeprecatedFlag(flag: string): DeprecatedFlag | undefined {
  return DEPRECATED_FLAGS.find(known => known.flag === flag);
}
