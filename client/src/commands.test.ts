import { rm } from "node:fs/promises";
import { expect, test } from "vitest";
import { afterCommand, type CommandBoundary, runCommand } from "./commands";
import { createLog } from "./ports/log";
import { scriptedUi } from "./ports/scriptedUi";
import { CancelledError, type ErrorAction, NothingToDo, UserError } from "./userError";

function boundary(answers: Parameters<typeof scriptedUi>[0] = {}, trusted = true) {
  const lines: string[] = [];
  const acted: ErrorAction[] = [];
  const { ui, said } = scriptedUi(answers);
  const log = createLog(
    (level, line) => lines.push(`${level} ${line}`),
    () => undefined,
  );
  const it: CommandBoundary = {
    log,
    ui,
    workspace: { trusted },
    act: async action => void acted.push(action),
  };
  return { it, lines, acted, said };
}

test("a tree command gets the host names of all selected rows, once each", async () => {
  const { it } = boundary();
  const a = { id: "1", subject: { kind: "host", name: "a" } };
  const b = { id: "2", subject: { kind: "host", name: "b" } };
  const seen: unknown[] = [];
  const take = async (names: readonly string[] | undefined) => void seen.push(names);
  await runCommand(it, "nixDeploy.deploy", take, [a, [a, b, a]]);
  await runCommand(it, "nixDeploy.deploy", take, [a, [b]]);
  await runCommand(it, "nixDeploy.deploy", take, [{ hosts: ["x", 7, "y"] }]);
  await runCommand(it, "nixDeploy.deploy", take, [{ nonsense: true }, 5, null]);
  await runCommand(it, "nixDeploy.deploy", take, []);
  expect(seen).toEqual([["a", "b"], ["a"], ["x", "y"], undefined, undefined]);
});

test("a UserError is shown with its button, and the button acts", async () => {
  const { it, acted, said } = boundary({ buttons: ["Open Settings"] });
  const action: ErrorAction = {
    title: "Open Settings",
    run: { kind: "setting", key: "nixDeploy.tools.nix" },
  };
  await runCommand(it, "nixDeploy.doctor", async () => Promise.reject(new UserError("no Nix", action)), []);
  await expect.poll(() => acted).toEqual([action]);
  expect(said).toEqual(["error: no Nix [Open Settings]"]);
});

test("what a button begins after its command has the same boundary", async () => {
  const { it, said, lines } = boundary();
  const app = { ui: it.ui, log: it.log };
  afterCommand(app, "try again", async () => undefined);
  afterCommand(app, "try again", async () => Promise.reject(new CancelledError()));
  afterCommand(app, "try again", async () => Promise.reject(new UserError("another deployment is running")));
  afterCommand(app, "try again", async () => Promise.reject(new Error("odd")));
  await expect.poll(() => said).toHaveLength(2);
  expect(said).toEqual(["error: another deployment is running", "error: Nix Deploy: an internal error: odd"]);
  expect(lines.some(line => line.startsWith("error") && line.includes('"what":"try again"'))).toBe(true);
});

test("where there is nothing to do, that is no error", async () => {
  const { it, said } = boundary();
  const none = () => Promise.reject(new NothingToDo("nothing was deployed yet"));
  await runCommand(it, "nixDeploy.exportHistory", none, []);
  expect(said).toEqual(["info: nothing was deployed yet"]);
});

test("anything else is logged with its stack and shown without secrets", async () => {
  const { it, lines, said } = boundary();
  await runCommand(it, "nixDeploy.doctor", async () => Promise.reject(new Error("bad token=abc")), []);
  expect(said).toEqual(["error: Nix Deploy: an internal error: bad token=<redacted> [Show Log]"]);
  expect(lines.join("\n")).toContain("commands.test.ts");
  expect(lines.join("\n")).not.toContain("abc");
});

test("what the file system refuses is no internal error", async () => {
  const { it, said } = boundary();
  await runCommand(it, "nixDeploy.doctor", () => rm("/nonexistent/key.secret"), []);
  expect(said).toEqual(["error: /nonexistent/key.secret: no such file or folder [Show Log]"]);
});

test("backing out is silent", async () => {
  const { it, said } = boundary();
  await runCommand(it, "nixDeploy.doctor", async () => Promise.reject(new CancelledError()), []);
  expect(said).toEqual([]);
});

test("nothing runs in an untrusted workspace, reading does", async () => {
  const { it, said } = boundary({}, false);
  let ran = 0;
  await runCommand(it, "nixDeploy.deploy", async () => void ran++, []);
  await runCommand(it, "nixDeploy.refreshHosts", async () => void ran++, []);
  expect(ran).toBe(1);
  expect(said[0]).toContain("not trusted");
});
