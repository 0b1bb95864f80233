// GitHub Actions of the Nix field with their newest major versions (action.yml and README of each repository, mid-2026).

export interface KnownAction {
  /** `OWNER/NAME`, as after `uses:`. */
  readonly name: string;
  /** The newest major version. */
  readonly major: number;
  /** Follows its main branch as well. */
  readonly branch?: "main";
  /** What people should know when they use an older version, or this action at all. */
  readonly note?: string;
}

export const KNOWN_ACTIONS: readonly KnownAction[] = [
  { name: "cachix/install-nix-action", major: 31 },
  { name: "cachix/cachix-action", major: 17 },
  {
    name: "DeterminateSystems/nix-installer-action",
    major: 22,
    branch: "main",
    note: "Installs Determinate Nix; upstream Nix (`determinate: false`) is no longer supported since 2026-01-01",
  },
  { name: "DeterminateSystems/determinate-nix-action", major: 3 },
  {
    name: "DeterminateSystems/magic-nix-cache-action",
    major: 13,
    branch: "main",
    note: "Versions before the new GitHub cache API fail since 2025-02-01; its cache is local to one run and no substituter for hosts",
  },
  {
    name: "DeterminateSystems/flakehub-cache-action",
    major: 3,
    branch: "main",
    note: "Needs `permissions: { id-token: write, contents: read }`",
  },
];

const BY_NAME = new Map(KNOWN_ACTIONS.map(action => [action.name.toLowerCase(), action]));

/** The action of that name; GitHub does not tell case apart. */
export function findAction(name: string): KnownAction | undefined {
  return BY_NAME.get(name.toLowerCase());
}

/** What `uses: OWNER/NAME@REF` says about age; a commit or a branch has no known version. */
export function majorVersion(ref: string): number | undefined {
  const major = /^v?(\d{1,4})(\.\d+){0,2}$/.exec(ref)?.[1];
  return major === undefined ? undefined : Number(major);
}

export function isOutdated(action: KnownAction, ref: string): boolean {
  const major = majorVersion(ref);
  return major !== undefined && major < action.major;
}
