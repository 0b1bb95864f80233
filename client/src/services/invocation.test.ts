import { mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { systemClock } from "../ports/clock";
import { NodeProcesses } from "../ports/nodeProcesses";
import { invoke } from "./invocation";

const processes = new NodeProcesses(systemClock);
const never = new AbortController().signal;

afterEach(() => vi.unstubAllEnvs());

/** A folder for temporary files that nobody else uses. */
function ownTemporary(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "invocation-"));
  vi.stubEnv("TMPDIR", folder);
  return folder;
}

test("private files are there for the program alone, and gone afterwards; secrets are in no line", async () => {
  const folder = ownTemporary();
  const lines: string[] = [];
  const invocation = {
    command: "sh",
    args: ["-c", 'stat -c %a "$PLACE/sub/file"; cat "$PLACE/sub/file"'],
    privateFiles: { variable: "PLACE", files: { "sub/file": "word of magic\n" } },
    secrets: ["magic", ""],
  };
  const result = await invoke(processes, invocation, ({ text }) => void lines.push(text), never);
  expect(result).toEqual({ kind: "exited", code: 0 });
  expect(lines).toEqual(["600", "word of <redacted>"]);
  expect(readdirSync(folder)).toEqual([]);
});

test("private files that could not all be written are not left behind", async () => {
  const folder = ownTemporary();
  const files = { token: "magic", "token/below": "no folder" };
  const invocation = {
    command: "true",
    args: [],
    privateFiles: { variable: "PLACE", files },
    secrets: ["magic"],
  };
  await expect(invoke(processes, invocation, () => undefined, never)).rejects.toThrow();
  expect(readdirSync(folder)).toEqual([]);
});
