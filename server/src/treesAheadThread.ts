// The thread that reads trees ahead: takes one file after another that nobody has taken, until all are.

import { parentPort } from "node:worker_threads";
import type { TreeData } from "./core/syntax/flatTree";
import { loadGrammar } from "./io/grammar";
import { FREE, READ, READING, type ReadingTask, type TreeRead } from "./io/treesAhead";

/** Trees that nobody takes are memory: no more text than this is read ahead, in UTF-16 units. */
const MAX_AHEAD = 8 * 1024 * 1024;

const grammar = loadGrammar();

async function readAll({ files, states, port }: ReadingTask): Promise<void> {
  const { read } = await grammar;
  for (const [index, { text }] of files.entries()) {
    waitForRoom(states, files.length);
    if (Atomics.compareExchange(states, index, FREE, READING) !== FREE) continue;
    const { data, buffer } = packed(read(text, text.length));
    port.postMessage({ index, data } satisfies TreeRead, [buffer]);
    Atomics.add(states, files.length, text.length);
    Atomics.store(states, index, READ);
    Atomics.notify(states, index);
  }
}

function waitForRoom(states: Int32Array, counter: number): void {
  for (let ahead = Atomics.load(states, counter); ahead > MAX_AHEAD; ahead = Atomics.load(states, counter)) {
    Atomics.wait(states, counter, ahead);
  }
}

/** The data alone, its arrays without spare room in one buffer, which is then handed over instead of copied. */
function packed(tree: TreeData): { readonly data: TreeData; readonly buffer: ArrayBuffer } {
  const { count, ids, starts, ends, afters, missing, comments, damaged } = tree;
  const buffer = new ArrayBuffer(count * (3 * Int32Array.BYTES_PER_ELEMENT + Uint16Array.BYTES_PER_ELEMENT));
  const put = <T extends Uint16Array | Int32Array>(array: T, from: T): T => {
    array.set(from.subarray(0, count));
    return array;
  };
  const column = (at: number) => new Int32Array(buffer, at * count * Int32Array.BYTES_PER_ELEMENT, count);
  const data = {
    count,
    starts: put(column(0), starts),
    ends: put(column(1), ends),
    afters: put(column(2), afters),
    ids: put(new Uint16Array(buffer, 3 * count * Int32Array.BYTES_PER_ELEMENT, count), ids),
    missing,
    comments,
    damaged,
  };
  return { data, buffer };
}

parentPort?.once("message", (task: ReadingTask) => void readAll(task));
