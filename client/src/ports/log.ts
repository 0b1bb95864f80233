// What may be logged, and how: one line is an event name and data, redacted here and nowhere else.

import { redact, redactData } from "../redact";

export interface Log {
  debug(event: string, data?: object): void;
  info(event: string, data?: object): void;
  warn(event: string, data?: object): void;
  error(event: string, data?: object): void;
  /** Brings the log before the user's eyes. Only ever called because the user asked. */
  show(): void;
}

export type LogLevel = "debug" | "info" | "warn" | "error";

/** A log that hands finished, redacted lines to `write`. */
export function createLog(write: (level: LogLevel, line: string) => void, show: () => void): Log {
  const at = (level: LogLevel) => (event: string, data?: object) => write(level, formatLogLine(event, data));
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error"), show };
}

function formatLogLine(event: string, data?: object): string {
  return data === undefined ? redact(event) : `${redact(event)} ${JSON.stringify(redactData(data))}`;
}

/** For tests and for code that has nobody to tell. */
export const SILENT_LOG: Log = createLog(
  () => undefined,
  () => undefined,
);
