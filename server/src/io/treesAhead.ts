// Reads the trees of many files in a thread of its own while this one works on those that are there. Both take files
// from one list, so none is read twice: the thread goes from its beginning to its end, this one takes what it needs, and
// where it would have to wait for that, it reads the next one meanwhile.

import { availableParallelism } from "node:os";
import path from "node:path";
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from "node:worker_threads";
import type { TreeData } from "../core/syntax/flatTree";
import type { TextReader, TreesAhead } from "../core/syntax/parser";
import type { LoadedFile } from "./workspaceFiles";

/** What becomes of one file. */
export const FREE = 0;
export const TAKEN = 1;
export const READING = 2;
export const READ = 3;

/** What the thread is given. */
export interface ReadingTask {
  readonly files: readonly LoadedFile[];
  /** One state a file, and behind them the UTF-16 units of the trees that nobody has taken yet. */
  readonly states: Int32Array;
  readonly port: MessagePort;
}

/** What the thread sends: the tree of a file. */
export interface TreeRead {
  readonly index: number;
  readonly data: TreeData;
}

/** A tree is read within milliseconds; a thread that needs longer has died. */
const PATIENCE_MS = 250;

/** Almost nothing that it makes outlives the next file, so more room for new objects is only memory. */
const YOUNG_MB = 4;

/** Fewer files than this are read sooner than a thread has begun. */
const MANY_FILES = 200;

/** Begins a thread where so many of these files, given by their paths, are Nix that it helps, and a processor is free. */
export function threadIfMany(files: readonly string[]): ReadingThread | undefined {
  const many = files.filter(file => file.endsWith(".nix")).length >= MANY_FILES;
  if (!many || availableParallelism() < 2) return undefined;
  return new ReadingThread(path.join(__dirname, "treesAheadThread.js"));
}

export interface ReadingAhead extends TreesAhead {
  /** Resolves when the thread has read all that was left to it, or has failed. */
  readonly ended: Promise<void>;
}

/** A thread that gets ready while its files are still read from the disk. It ends by itself, or with the process. */
export class ReadingThread {
  private readonly worker: Worker;
  private readonly ended: Promise<void>;

  constructor(script: string) {
    const worker = new Worker(script, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    worker.unref();
    // whatever the error, the files that it leaves are read here
    worker.on("error", () => undefined);
    this.ended = new Promise<void>(resolve => worker.once("exit", () => resolve()));
    this.worker = worker;
  }

  /** Begins to read the Nix files among these. To be called once. */
  read(loaded: readonly LoadedFile[]): ReadingAhead {
    const files = loaded.filter(file => file.path.endsWith(".nix"));
    const states = new Int32Array(new SharedArrayBuffer((files.length + 1) * Int32Array.BYTES_PER_ELEMENT));
    const { port1, port2 } = new MessageChannel();
    this.worker.postMessage({ files, states, port: port2 } satisfies ReadingTask, [port2]);
    return new Trees(files, states, port1, this.ended);
  }
}

class Trees implements ReadingAhead {
  private readonly indexes: ReadonlyMap<string, number>;
  /** Those that have arrived and were not asked for yet. */
  private readonly arrived = new Map<number, TreeData>();
  /** Those that were read here in advance. */
  private readonly ready = new Map<number, TreeData>();
  /** Where the search for one that nobody has taken goes on. */
  private next = 0;

  constructor(
    private readonly files: readonly LoadedFile[],
    private readonly states: Int32Array,
    private readonly port: MessagePort,
    readonly ended: Promise<void>,
  ) {
    this.indexes = new Map(files.map(({ path }, index) => [path, index]));
    port.unref();
  }

  take(path: string, text: string, read: TextReader): TreeData | undefined {
    const index = this.indexes.get(path);
    if (index === undefined || this.files[index]?.text !== text) return undefined;
    const here = this.ready.get(index);
    this.ready.delete(index);
    if (here !== undefined) return here;
    if (Atomics.compareExchange(this.states, index, FREE, TAKEN) === FREE) return undefined;
    if (Atomics.load(this.states, index) === READING) this.readNext(index + 1, read);
    Atomics.wait(this.states, index, READING, PATIENCE_MS);
    if (Atomics.compareExchange(this.states, index, READ, TAKEN) !== READ) return undefined;
    this.receiveUpTo(index);
    const data = this.arrived.get(index);
    this.arrived.delete(index);
    Atomics.sub(this.states, this.files.length, text.length);
    Atomics.notify(this.states, this.files.length);
    return data;
  }

  /** Reads one file that nobody has taken, of those from `from` on. */
  private readNext(from: number, read: TextReader): void {
    for (this.next = Math.max(this.next, from); this.next < this.files.length; this.next++) {
      if (Atomics.compareExchange(this.states, this.next, FREE, TAKEN) !== FREE) continue;
      const text = this.files[this.next]?.text ?? "";
      this.ready.set(this.next, read(text, text.length));
      return;
    }
  }

  private receiveUpTo(index: number): void {
    while (!this.arrived.has(index)) {
      const received = receiveMessageOnPort(this.port);
      if (received === undefined) return;
      const tree: TreeRead = received.message;
      this.arrived.set(tree.index, tree.data);
    }
  }
}
