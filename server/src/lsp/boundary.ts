// The one place where an error inside a handler ends: logged with its stack, answered without one. Protocol tokens
// become AbortSignals here, and nothing inside knows them.

import { type CancellationToken, LSPErrorCodes, ResponseError } from "vscode-languageserver/node";

export interface ErrorLog {
  error(event: string, details: Readonly<Record<string, unknown>>): void;
}

/** Wraps a request handler: cancellation by signal, and a failure that takes nothing else down. */
export function guardRequest<P, R>(
  method: string,
  log: ErrorLog,
  handler: (params: P, signal: AbortSignal) => R | Promise<R>,
): (params: P, token: CancellationToken) => Promise<R | ResponseError<void>> {
  return async (params, token) => {
    const controller = new AbortController();
    if (token.isCancellationRequested) controller.abort();
    const subscription = token.onCancellationRequested(() => controller.abort());
    try {
      const result = await handler(params, controller.signal);
      return controller.signal.aborted ? cancelled(method) : result;
    } catch (error) {
      if (controller.signal.aborted) return cancelled(method);
      logCrash(log, method, error);
      return new ResponseError(LSPErrorCodes.RequestFailed, `${method} failed; see the log`);
    } finally {
      subscription.dispose();
    }
  };
}

/** Wraps a notification handler, which has nobody to answer to. */
export function guardNotification<P>(
  method: string,
  log: ErrorLog,
  handler: (params: P) => void,
): (params: P) => void {
  return params => {
    try {
      handler(params);
    } catch (error) {
      logCrash(log, method, error);
    }
  };
}

/** Logs what was thrown, whatever it is. */
export function logCrash(log: ErrorLog, where: string, error: unknown): void {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  log.error("crash", { where, stack });
}

function cancelled(method: string): ResponseError<void> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, `${method} was cancelled`);
}
