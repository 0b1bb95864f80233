// A bug of ours as data: core never throws, so what threw inside is handed out beside the results.

/** A crash of one rule or of one file's reading. The caller logs it. */
export interface Crash {
  /** A rule's code, "read" for the reading of a file, or "fleet" for the building of the fleet. */
  readonly where: string;
  readonly path: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/** Any thrown value as data. */
export function crashOf(where: string, path: string, error: unknown): Crash {
  const known = error instanceof Error;
  return {
    where,
    path,
    message: known ? error.message : String(error),
    stack: known ? error.stack : undefined,
  };
}
