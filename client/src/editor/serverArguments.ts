// How Node is started for the language server. test/bench/server.mjs starts it in the same way.

/** Megabytes for new objects: V8 never gives up what it took for them, four times as much by itself, and is not faster for it. */
export const SERVER_ARGUMENTS = ["--max-semi-space-size=4"] as const;
