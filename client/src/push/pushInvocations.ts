// The calls that push: what each destination's own program is told. Pure.

import { atticPush } from "../services/attic";
import { cachixPin, cachixPush } from "../services/cachix";
import type { Invocation } from "../services/invocation";
import { NIX_FEATURES } from "../stores/nixPaths";
import { type Destination, storeUrlOf } from "./destination";
import type { PushJob, Selection } from "./push";

/** In their order; the first that fails ends it. */
export function invocations(job: PushJob, { paths, alone }: Selection, nix: string): readonly Invocation[] {
  const { destination, cachix, attic } = job;
  switch (destination.kind) {
    case "cachix": {
      const { pin } = cachix;
      const pins =
        pin === undefined
          ? []
          : paths.slice(0, 1).map(path => cachixPin(cachix, destination.cache, pin, path));
      return [cachixPush(cachix, destination.cache, paths, cachix), ...pins];
    }
    case "attic":
      return [atticPush(attic, destination.cache, paths, { alone })];
    case "store":
      return [copy(destination, paths, nix, job.sshOptions)];
  }
}

function copy(
  destination: Extract<Destination, { kind: "store" }>,
  paths: readonly string[],
  nix: string,
  sshOptions: string,
): Invocation {
  const overSsh = /^ssh/.test(destination.url);
  const args = [...NIX_FEATURES, "copy", "--to", storeUrlOf(destination)];
  // a host that can fetch a path from its own caches does not get it from here
  if (overSsh) args.push("--substitute-on-destination");
  // over ssh-ng Nix would refuse here what the other side takes of somebody it trusts; whom it trusts is its own decision
  if (/^ssh-ng:/.test(destination.url)) args.push("--no-check-sigs");
  const env = { LC_ALL: "C", ...(overSsh ? { NIX_SSHOPTS: sshOptions } : {}) };
  // Nix remembers for 30 days what a binary cache had, and would not send it again to one that has lost it
  const privateFiles = overSsh ? {} : { privateFiles: { variable: "XDG_CACHE_HOME", files: {} } };
  return { command: nix, args: [...args, ...paths], env, ...privateFiles, secrets: [] };
}
