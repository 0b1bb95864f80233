// What an explanation of a trouble is made of, and what it is made from.

import type { EditOperation } from "../../../server/src/protocol";
import type { HttpServer } from "./httpServer";

export interface Explanation {
  /** The trouble's name as a heading. */
  readonly title: string;
  readonly text: string;
  readonly fix: CacheFix;
}

export type CacheFix =
  | { readonly kind: "edit"; readonly title: string; readonly operations: readonly EditOperation[] }
  /** A line for a shell on the named host. */
  | { readonly kind: "command"; readonly title: string; readonly host: string; readonly command: string }
  | { readonly kind: "advice"; readonly title: string };

/** What is known about the two sides; a fix needs some of it to be more than words. */
export interface TroubleContext {
  /** The host that asks. */
  readonly host: string;
  readonly url: string;
  /** The host as it stands in the URL. */
  readonly serverAddress: string | undefined;
  /** The name in the fleet of the host that serves the cache, where it is one of ours. */
  readonly server: string | undefined;
  /** Public keys as `NAME:BASE64`: with which the path is known to be signed. */
  readonly signerKeys: readonly string[];
  /** Names under which the path is signed. */
  readonly signatureNames: readonly string[];
  /** Keys of the asking host that bear such a name but are other keys. */
  readonly contradicting: readonly string[];
  /** The SSH public key of the asking host's root. */
  readonly clientKey: string | undefined;
  /** The serving host's own SSH public key, asked of that host over a connection that we trust. */
  readonly serverHostKey: string | undefined;
  readonly signingKeyFile: string | undefined;
  /** What serves the cache over HTTP, where that is known. */
  readonly httpServer: HttpServer | undefined;
  readonly path: string | undefined;
}

export type Explain = (context: TroubleContext) => Explanation;

/** What a click repairs: an edit of the configuration. */
export function edit(
  title: string,
  text: string,
  what: string,
  operations: readonly EditOperation[],
): Explanation {
  return { title, text, fix: { kind: "edit", title: what, operations } };
}

/** A line to run on a host. */
export function command(
  title: string,
  text: string,
  what: string,
  line: { readonly host: string; readonly command: string },
): Explanation {
  return { title, text, fix: { kind: "command", title: what, ...line } };
}

/** Words where nothing can be done by a click. */
export function advice(title: string, text: string, what: string): Explanation {
  return { title, text, fix: { kind: "advice", title: what } };
}
