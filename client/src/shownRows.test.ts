import { expect, test } from "vitest";
import { ShownRows } from "./shownRows";
import { type TreeNodeData, withLazyChildren } from "./treeNode";

const row = (id: string, description = "", children?: readonly TreeNodeData[]): TreeNodeData => ({
  id,
  label: id,
  description,
  ...(children === undefined ? {} : { children }),
});

/** As VS Code does it: asks for the rows, and for those below rows that are unfolded. */
function shown(roots: readonly TreeNodeData[], ...unfolded: string[]) {
  const rows = new ShownRows();
  rows.replace(roots);
  const ask = (known?: TreeNodeData): void => {
    for (const child of rows.hand(known)) if (unfolded.includes(child.id)) ask(child);
  };
  ask();
  return { rows, ask };
}

const ids = (outdated: readonly TreeNodeData[] | "all") =>
  outdated === "all" ? outdated : outdated.map(({ id }) => id);

test("rows that look as before are left alone", () => {
  const make = () => [row("web", "up", [row("web:system", "1")]), row("stage", "up")];
  const { rows } = shown(make(), "web");
  expect(rows.replace(make())).toEqual([]);
});

test("of many rows only the one that changed is drawn anew, as the object that VS Code knows", () => {
  const [web, stage] = [row("web", "up"), row("stage", "up")];
  const { rows } = shown([web, stage]);
  expect(rows.replace([row("web", "up"), row("stage", "down")])).toEqual([stage]);
  expect(rows.current(stage).description).toBe("down");
  // and again: VS Code still knows it by the first object
  expect(rows.replace([row("web", "up"), row("stage", "up")])).toEqual([stage]);
  expect(rows.current(stage).description).toBe("up");
});

test("a change below an unfolded row is drawn anew there", () => {
  const { rows } = shown([row("group", "", [row("web", "up"), row("stage", "up")])], "group");
  const outdated = rows.replace([row("group", "", [row("web", "down"), row("stage", "up")])]);
  expect(ids(outdated)).toEqual(["web"]);
});

test("a row that came or went has those above drawn anew", () => {
  const { rows, ask } = shown([row("group", "", [row("web")])], "group");
  const [group] = rows.hand(undefined);
  expect(ids(rows.replace([row("group", "", [row("web"), row("stage")])]))).toEqual(["group"]);
  ask(group);
  expect(rows.hand(group).map(({ id }) => id)).toEqual(["web", "stage"]);
  expect(ids(rows.replace([row("group", "", [row("web"), row("stage", "down")])]))).toEqual(["stage"]);
  expect(rows.replace([row("group"), row("other")])).toBe("all");
});

test("of a folded row the children are right when it is unfolded, and are not made before", () => {
  const { rows } = shown([row("web", "", [row("old")])]);
  const [web] = rows.hand(undefined);
  let made = 0;
  const next = () => {
    made++;
    return [row("new")];
  };
  expect(rows.replace([withLazyChildren(row("web"), next)])).toEqual([]);
  expect(made).toBe(0);
  expect(rows.hand(web).map(({ id }) => id)).toEqual(["new"]);
});

test("rows that are about something else now are asked for again: commands are handed the row that VS Code knows", () => {
  const key = (publicKey: string): TreeNodeData => ({
    ...row("key"),
    subject: { kind: "key", name: "a", publicKey },
  });
  const { rows } = shown([row("keys", "", [key("a:1")])], "keys");
  expect(ids(rows.replace([row("keys", "", [key("a:2")])]))).toEqual(["keys"]);
});

test("a row that became foldable is drawn anew", () => {
  const { rows } = shown([row("web")]);
  expect(ids(rows.replace([row("web", "", [row("child")])]))).toEqual(["web"]);
});

test("one row of the top is replaced, and one that is not there is not", () => {
  const { rows } = shown([row("web", "1 s"), row("stage", "1 s")]);
  expect(ids(rows.replaceOne(row("web", "2 s")))).toEqual(["web"]);
  expect(rows.replaceOne(row("gone", "2 s"))).toEqual([]);
  // what was drawn anew is what later rows are compared with
  expect(rows.replace([row("web", "2 s"), row("stage", "1 s")])).toEqual([]);
});

test("a view that nobody has looked at has nothing to draw anew", () => {
  const rows = new ShownRows();
  expect(rows.replace([row("web", "up")])).toBe("all");
  expect(rows.replace([row("web", "down")])).toEqual([]);
  expect(rows.hand(undefined).map(({ description }) => description)).toEqual(["down"]);
});

test("parents and rows are found at any depth, as VS Code knows them", () => {
  const system = row("web:system");
  const web = row("web", "", [system]);
  const { rows } = shown([web]);
  expect(rows.find("web:system")).toBe(system);
  expect(rows.parent(system)).toBe(web);
  expect(rows.parent(web)).toBeUndefined();
  expect(rows.find("gone")).toBeUndefined();
  rows.replace([row("web", "", [row("web:system", "2")])]);
  expect(rows.parent(system)).toBe(web);
  expect(rows.find("web")).toBe(web);
});
