// FlakeHub Cache: there is nothing to push by hand, and nobody but Determinate's own programs can log in.

import { t } from "../l10n";
import type { Invocation } from "./invocation";

/** How to log in, by whichever program is there. Both ask for the token themselves. */
export function flakeHubLogin(find: (name: string) => string | undefined): Invocation | undefined {
  const daemon = find("determinate-nixd");
  if (daemon !== undefined) return { command: daemon, args: ["login"], secrets: [] };
  const fh = find("fh");
  return fh === undefined ? undefined : { command: fh, args: ["login"], secrets: [] };
}

/** What to know before choosing it. */
export function flakeHubText(): string {
  return t(
    "FlakeHub Cache is filled by workflows on GitHub only (DeterminateSystems/flakehub-cache-action) and read by machines that are logged in.",
  );
}
