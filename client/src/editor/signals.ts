// VS Code's cancellation tokens end here: inside, everything takes an AbortSignal.

import type * as vscode from "vscode";

/** A signal that is aborted with the token, until disposed. */
export function signalOf(
  token: vscode.CancellationToken,
): vscode.Disposable & { readonly signal: AbortSignal } {
  const abort = new AbortController();
  if (token.isCancellationRequested) abort.abort();
  const listening = token.onCancellationRequested(() => abort.abort());
  return { signal: abort.signal, dispose: () => listening.dispose() };
}
