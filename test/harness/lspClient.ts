// A small language client that drives the built server over stdio, as an editor would, and lets a test wait for
// what it expects instead of for time to pass.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import {
  type ClientCapabilities,
  createMessageConnection,
  type Diagnostic,
  type InitializeResult,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { URI } from "vscode-uri";

const ROOT = path.resolve(__dirname, "../..");
export const SERVER = path.join(ROOT, "server/dist/main.js");
const CLI = path.join(ROOT, "server/dist/cli.js");

let built: Promise<unknown> | undefined;

/** Builds the server's bundle once a test run. */
export function buildOnce(): Promise<unknown> {
  built ??= promisify(execFile)(process.execPath, ["scripts/build.mjs", "--only=server/src/main.ts"], {
    cwd: ROOT,
  });
  return built;
}

/** A folder in a temporary place with these files; removed by `dispose` of the client that opens it. */
export async function makeWorkspace(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const root = await mkdtemp(path.join(os.tmpdir(), "nix-deploy-lsp-"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), content);
  }
  return root;
}

const CAPABILITIES: ClientCapabilities = {
  workspace: {
    configuration: true,
    workspaceFolders: true,
    didChangeWatchedFiles: { dynamicRegistration: true },
    didChangeConfiguration: { dynamicRegistration: true },
    workspaceEdit: { documentChanges: true },
    codeLens: { refreshSupport: true },
    inlayHint: { refreshSupport: true },
  },
  textDocument: {
    publishDiagnostics: { relatedInformation: true, codeDescriptionSupport: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
    completion: { completionItem: { snippetSupport: true } },
  },
};

export interface ClientOptions {
  readonly roots: readonly string[];
  /** The section `nixDeploy` of the settings; may be replaced later. */
  readonly settings?: unknown;
  readonly initializationOptions?: unknown;
  readonly capabilities?: ClientCapabilities;
  /** `nix-deploy lsp` needs the built command line as well. */
  readonly transport?: "stdio" | "node-ipc" | "nix-deploy lsp";
}

export class LspClient {
  readonly published = new Map<string, PublishDiagnosticsParams>();
  readonly history: PublishDiagnosticsParams[] = [];
  readonly log: string[] = [];
  fleetChanges = 0;
  lensRefreshes = 0;
  settings: unknown;
  initialized: InitializeResult | undefined;
  stderr = "";
  private readonly waiting = new Set<() => void>();
  private readonly versions = new Map<string, number>();
  readonly exited: Promise<number | null>;

  private constructor(
    readonly connection: MessageConnection,
    readonly process: ChildProcess,
    private readonly options: ClientOptions,
  ) {
    this.settings = options.settings ?? {};
    this.exited = new Promise(resolve => process.once("exit", resolve));
    process.stderr?.on("data", chunk => {
      this.stderr += String(chunk);
    });
    this.answer();
    connection.listen();
  }

  /** Starts the built server and shakes hands. */
  static async start(options: ClientOptions): Promise<LspClient> {
    await buildOnce();
    const child = SPAWN[options.transport ?? "stdio"]();
    const connection =
      child.stdout !== null && child.stdin !== null
        ? createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin))
        : createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child));
    const client = new LspClient(connection, child, options);
    client.initialized = await connection.sendRequest<InitializeResult>("initialize", {
      processId: process.pid,
      rootUri: null,
      capabilities: options.capabilities ?? CAPABILITIES,
      workspaceFolders: options.roots.map(root => ({ uri: uri(root), name: path.basename(root) })),
      initializationOptions: options.initializationOptions,
    });
    await connection.sendNotification("initialized", {});
    return client;
  }

  /** The path of a file in the first workspace folder. */
  path(name: string): string {
    return path.join(this.options.roots[0] ?? "/", name);
  }

  async open(name: string, text?: string): Promise<void> {
    const content = text ?? (await readFile(this.path(name), "utf8"));
    this.versions.set(name, 1);
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri: uri(this.path(name)), languageId: "nix", version: 1, text: content },
    });
  }

  /** Replaces one stretch of the document's text: line, character, end line, end character. */
  async edit(name: string, place: readonly [number, number, number, number], text: string): Promise<void> {
    const [line, character, endLine, endCharacter] = place;
    const range = { start: { line, character }, end: { line: endLine, character: endCharacter } };
    await this.change(name, [{ range, text }]);
  }

  async replace(name: string, text: string): Promise<void> {
    await this.change(name, [{ text }]);
  }

  async close(name: string): Promise<void> {
    await this.connection.sendNotification("textDocument/didClose", {
      textDocument: { uri: uri(this.path(name)) },
    });
  }

  /** Tells the server that files changed on disk. */
  async touched(...names: string[]): Promise<void> {
    await this.connection.sendNotification("workspace/didChangeWatchedFiles", {
      changes: names.map(name => ({ uri: uri(this.path(name)), type: 2 })),
    });
  }

  async configure(settings: unknown): Promise<void> {
    this.settings = settings;
    await this.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
  }

  request<R>(method: string, params?: unknown): Promise<R> {
    return params === undefined
      ? this.connection.sendRequest<R>(method)
      : this.connection.sendRequest<R>(method, params);
  }

  diagnostics(name: string): readonly Diagnostic[] {
    return this.published.get(uri(this.path(name)))?.diagnostics ?? [];
  }

  /** `line:character-line:character severity code`, one for each diagnostic, in order. */
  outline(name: string): string[] {
    return this.diagnostics(name).map(({ range, severity, code }) => {
      const place = `${range.start.line}:${range.start.character}-${range.end.line}:${range.end.character}`;
      return `${place} ${["", "error", "warning", "information", "hint"][severity ?? 0]} ${code ?? ""}`.trim();
    });
  }

  codes(name: string): string[] {
    return this.diagnostics(name).map(diagnostic => String(diagnostic.code ?? ""));
  }

  /** Waits until a condition on what the server said holds; fails with what was said instead. */
  async until(condition: () => boolean, what: string, timeoutMs = 8_000): Promise<void> {
    const end = Date.now() + timeoutMs;
    while (!condition()) {
      const left = end - Date.now();
      if (left <= 0) throw new Error(`waited in vain: ${what}\n${this.said()}`);
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, left);
        this.waiting.add(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  /** Waits for the next message about a file that fulfils the condition. */
  untilDiagnostics(name: string, condition: (diagnostics: readonly Diagnostic[]) => boolean): Promise<void> {
    const key = uri(this.path(name));
    return this.until(
      () => this.published.has(key) && condition(this.diagnostics(name)),
      `diagnostics of ${name}`,
    );
  }

  /** Ends the server as an editor does and removes the workspace folders. */
  async dispose(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      await this.connection.sendRequest("shutdown");
      await this.connection.sendNotification("exit");
      await this.exited;
    }
    this.connection.dispose();
    for (const root of this.options.roots) await rm(root, { recursive: true, force: true });
  }

  private async change(name: string, contentChanges: readonly object[]): Promise<void> {
    const version = (this.versions.get(name) ?? 0) + 1;
    this.versions.set(name, version);
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: uri(this.path(name)), version },
      contentChanges,
    });
  }

  private answer(): void {
    const { connection } = this;
    connection.onRequest("workspace/configuration", ({ items }: { items: unknown[] }) =>
      items.map(() => this.settings),
    );
    connection.onRequest("client/registerCapability", () => null);
    connection.onRequest("workspace/inlayHint/refresh", () => null);
    connection.onRequest("workspace/codeLens/refresh", () => {
      this.lensRefreshes++;
      this.wake();
      return null;
    });
    connection.onNotification("textDocument/publishDiagnostics", (params: PublishDiagnosticsParams) => {
      this.published.set(params.uri, params);
      this.history.push(params);
      this.wake();
    });
    connection.onNotification("window/logMessage", ({ message }: { message: string }) => {
      this.log.push(message);
      this.wake();
    });
    connection.onNotification("nixDeploy/fleetChanged", () => {
      this.fleetChanges++;
      this.wake();
    });
  }

  private wake(): void {
    for (const resolve of this.waiting) resolve();
    this.waiting.clear();
  }

  private said(): string {
    const published = [...this.published.values()].map(
      params =>
        `${params.uri} v${params.version}: ${params.diagnostics.map(d => `${d.code} ${d.message}`).join(" | ")}`,
    );
    return [...published, ...this.log, this.stderr].join("\n");
  }
}

const SPAWN: Readonly<Record<NonNullable<ClientOptions["transport"]>, () => ChildProcess>> = {
  stdio: () => spawn(process.execPath, [SERVER, "--stdio"], { stdio: "pipe" }),
  "nix-deploy lsp": () => spawn(process.execPath, [CLI, "lsp", "--stdio"], { stdio: "pipe" }),
  "node-ipc": () =>
    spawn(process.execPath, [SERVER, "--node-ipc"], { stdio: ["ignore", "ignore", "pipe", "ipc"] }),
};

export function uri(file: string): string {
  return URI.file(file).toString();
}
