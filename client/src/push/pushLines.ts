// What a push prints, as progress: the lines of nix copy, cachix push and attic push.

export type PushLine =
  | { readonly kind: "total"; readonly paths: number }
  /** Some tools say when they start a path, some when they are done with it. */
  | { readonly kind: "path"; readonly path: string }
  | { readonly kind: "failed"; readonly path: string; readonly why: string };

/** Undefined for lines that tell nothing of the kind. */
export function readPushLine(text: string): PushLine | undefined {
  const total = /^(?:copying (\d+) paths|Pushing (\d+) paths|⚙️? ?Pushing (\d+) paths)/.exec(text);
  if (total !== null) return { kind: "total", paths: Number(total[1] ?? total[2] ?? total[3]) };
  const failed = /^❌ (?:\/nix\/store\/)?(\S+): (.*)$/.exec(text);
  if (failed !== null) return { kind: "failed", path: failed[1] ?? "", why: failed[2] ?? "" };
  const path = /^(?:copying path '|Pushing |✅ )(?:\/nix\/store\/)?([0-9a-z]{32}-[^\s']+)/.exec(text)?.[1];
  return path === undefined ? undefined : { kind: "path", path };
}

/** Whether trying again would be of no use. */
export function permanentFailure(said: string): boolean {
  return PERMANENT.some(pattern => pattern.test(said));
}

const PERMANENT: readonly RegExp[] = [
  /\b(?:401|403)\b|HTTP error 404|unauthori[sz]ed|forbidden|permission denied|access denied/i,
  /auth token nor signing key/i,
  /(?:does not|doesn't) exist|NoSuchCache|NoSuchBucket|no such file or directory/i,
  /lacks a (?:valid )?signature|is not valid|is not a trusted user|not in the Nix store/i,
  /host key verification failed|unknown (?:flag|setting)|unrecognised flag|invalid option/i,
  /don't know how to open Nix store|store is read-only|does not support (?:upload|writing)/i,
  /importing paths is not allowed|protocol mismatch|remote host identification has changed/i,
];
