// The files as a stand-alone configuration.nix sees them on its machine, where installing it wrote one more.

import type { FilePort } from "../eval/files";

const GENERATED = /\/hardware-configuration\.nix$/;
const ON_MACHINE = { kind: "unavailable", reason: "nixos-generate-config writes it on the machine" } as const;

/** `files`, where a hardware-configuration.nix that is not in the repository is not known instead of missing. */
export function filesOnMachine(files: FilePort): FilePort {
  const isOnMachine = (path: string): boolean => GENERATED.test(path) && files.kindOf(path) === "absent";
  return {
    read: path => (isOnMachine(path) ? ON_MACHINE : files.read(path)),
    list: path => files.list(path),
    kindOf: path => (isOnMachine(path) ? "unavailable" : files.kindOf(path)),
  };
}
