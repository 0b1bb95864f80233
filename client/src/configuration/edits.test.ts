import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { EditResult } from "../../../server/src/protocol";
import { diskDocuments } from "../../../test/harness/diskDocuments";
import { Emitter } from "../events";
import { type Script, scriptedUi } from "../ports/scriptedUi";
import type { Server } from "../ports/server";
import { proposeEdits, proposeUndo } from "./edits";
import { applyChanges, fingerprint, lineDifference, takeBack } from "./textChanges";

const at = (line: number, character: number) => ({ line, character });
const insert = (line: number, character: number, newText: string) => ({
  range: { start: at(line, character), end: at(line, character) },
  newText,
});

function world(text: string, script: Script, answer: (uri: string) => EditResult) {
  const file = path.join(mkdtempSync(path.join(tmpdir(), "edits-")), "host.nix");
  writeFileSync(file, text);
  const never = new Emitter<never>().event;
  const server: Server = {
    state: { kind: "running" },
    onDidChangeState: never,
    onNotification: () => new Emitter<unknown>().event,
    request: async () => answer(pathToFileURL(file).href),
    notify: () => undefined,
    start: async () => undefined,
    restart: async () => undefined,
  };
  const scripted = scriptedUi(script);
  const app = { server, ui: scripted.ui, documents: diskDocuments };
  return { app, file, read: () => readFileSync(file, "utf8"), ...scripted };
}

const proposal = { message: "Let prod ask a cache?", operations: [] };

test("changes are shown, made after a yes, and taken back even where others wrote since", async () => {
  const w = world("{\n  a = 1;\n}\n", { confirms: [true, true] }, uri => ({
    kind: "edit",
    changes: { [uri]: [insert(1, 8, "\n  cache = true;")] },
    summary: ["host.nix: set cache"],
  }));
  const changed = await proposeEdits(w.app, proposal);
  expect(w.read()).toBe("{\n  a = 1;\n  cache = true;\n}\n");
  expect(w.documents.map(({ text }) => text)).toEqual(["{\n  a = 1;\n}\n", w.read()]);
  expect(w.said.join()).toContain("Let prod ask a cache? [Change the Configuration]\nhost.nix: set cache");
  writeFileSync(w.file, `# mine\n${w.read()}`);
  await proposeUndo(w.app, "Undo?", changed);
  expect(w.read()).toBe("# mine\n{\n  a = 1;\n}\n");
  await expect(proposeUndo(w.app, "Undo?", changed)).rejects.toThrow("by hand: cache = true;");
});

test("a no changes nothing, a refusal says what to write by hand", async () => {
  const no = world("{ }", {}, uri => ({
    kind: "edit",
    changes: { [uri]: [insert(0, 1, " a = 1;")] },
    summary: [],
  }));
  await expect(proposeEdits(no.app, proposal)).rejects.toThrow("cancelled");
  expect(no.read()).toBe("{ }");
  const refused = world("{ }", {}, () => ({
    kind: "refused",
    reasons: [{ message: "no file speaks for prod", snippet: "a = 1;", path: null, range: null }],
  }));
  await expect(proposeEdits(refused.app, proposal)).rejects.toThrow("no file speaks for prod: a = 1;");
});

test("a file that changes while the user reads stays as it is, and so do the others", async () => {
  const w = world("{ }", { confirms: [true] }, uri => ({
    kind: "edit",
    changes: { [uri]: [insert(0, 1, " a = 1;")] },
    summary: [],
  }));
  const ui: typeof w.app.ui = {
    ...w.app.ui,
    async confirmChanges(question) {
      writeFileSync(w.file, "# mine\n{ }");
      return w.app.ui.confirmChanges(question);
    },
  };
  await expect(proposeEdits({ ...w.app, ui }, proposal)).rejects.toThrow("host.nix has changed meanwhile");
  expect(w.read()).toBe("# mine\n{ }");
});

test("edits of one file that came one after the other are taken back together", async () => {
  let round = 0;
  const w = world("{\n}\n", { confirms: [true, true, true] }, uri => ({
    kind: "edit",
    // the second goes into what the first put in
    changes: { [uri]: [round++ === 0 ? insert(1, 0, "  keys = [ 1 ];\n") : insert(1, 12, " 2")] },
    summary: [],
  }));
  const changed = [...(await proposeEdits(w.app, proposal)), ...(await proposeEdits(w.app, proposal))];
  expect(w.read()).toBe("{\n  keys = [ 1 2 ];\n}\n");
  await proposeUndo(w.app, "Undo?", changed);
  expect(w.read()).toBe("{\n}\n");
});

test("edits that change nothing ask nothing", async () => {
  const w = world("{ }", {}, () => ({ kind: "edit", changes: {}, summary: [] }));
  expect(await proposeEdits(w.app, proposal)).toEqual([]);
  expect(w.said).toEqual([]);
});

test("the lines in which two texts differ make one of the other", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "\n", "\r\n", "\r", "😀") });
  fc.assert(
    fc.property(text, text, (before, after) => {
      const edits = lineDifference(before, after);
      expect(applyChanges(before, edits).text).toBe(after);
      expect(edits.length).toBe(before === after ? 0 : 1);
    }),
  );
});

test("every change can be taken back", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "\n", "\r\n", "é", "😀", " ") });
  fc.assert(
    fc.property(text, text, fc.nat(30), fc.nat(10), (before, newText, line, character) => {
      const lines = before.split(/\r\n|\n/);
      const where = at(Math.min(line, lines.length - 1), 0);
      const end = { ...where, character: Math.min(character, lines[where.line]?.length ?? 0) };
      const done = applyChanges(before, [{ range: { start: where, end }, newText }]);
      const back = takeBack(done.text, done.replaced, fingerprint(done.text));
      expect(applyChanges(done.text, back ?? []).text).toBe(before);
    }),
  );
});
