// What runs in a terminal of ours, as a function.

/** Writes whole lines; answers the exit code of the task. The signal is aborted when the user closes or interrupts it. */
export type TerminalWork = (write: (line: string) => void, signal: AbortSignal) => Promise<number>;
