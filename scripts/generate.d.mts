// What tests use of generate.mjs.

/** Generated files that are missing, different, or left over from a rule that is gone. */
export function outOfDate(): Promise<string[]>;
