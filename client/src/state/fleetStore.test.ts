import { expect, test } from "vitest";
import { FLEET_CHANGED } from "../../../server/src/protocol";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import { Emitter } from "../events";
import { SILENT_LOG } from "../ports/log";
import { type Server, ServerDownError, type ServerState } from "../ports/server";
import { FleetStore } from "./fleetStore";

function fakeServer() {
  const states = new Emitter<ServerState>();
  const changed = new Emitter<unknown>();
  const waiting: ((answer: unknown) => void)[] = [];
  let state: ServerState = { kind: "stopped" };
  const server: Server = {
    get state() {
      return state;
    },
    onDidChangeState: states.event,
    onNotification: method => (method === FLEET_CHANGED ? changed.event : new Emitter<unknown>().event),
    request: async () => {
      if (state.kind !== "running") throw new ServerDownError();
      return new Promise(resolve => waiting.push(resolve));
    },
    notify: () => undefined,
    start: async () => undefined,
    restart: async () => undefined,
  };
  const become = (next: ServerState) => {
    state = next;
    states.fire(next);
  };
  return { server, waiting, become, changed };
}

const settle = () => new Promise(resolve => setTimeout(resolve, 0));

test("a running server is asked at once, and the answer is there", async () => {
  const { server, waiting, become } = fakeServer();
  const store = new FleetStore(server, SILENT_LOG);
  become({ kind: "running" });
  waiting.shift()?.(fleetOf([hostOf({ name: "web" })]));
  await settle();
  expect(store.status).toEqual({ kind: "ready" });
  expect(store.findHost("web")?.name).toBe("web");
});

test("many changes while one question is open lead to one more question", async () => {
  const { server, waiting, become, changed } = fakeServer();
  const store = new FleetStore(server, SILENT_LOG);
  become({ kind: "running" });
  for (let i = 0; i < 5; i++) changed.fire(undefined);
  expect(waiting).toHaveLength(1);
  waiting.shift()?.(fleetOf([]));
  await settle();
  expect(waiting).toHaveLength(1);
  waiting.shift()?.(fleetOf([hostOf({ name: "new" })]));
  await settle();
  expect(waiting).toHaveLength(0);
  expect(store.hosts.map(host => host.name)).toEqual(["new"]);
});

test("a server that fails is told, and the last fleet stays", async () => {
  const { server, waiting, become } = fakeServer();
  const store = new FleetStore(server, SILENT_LOG);
  become({ kind: "running" });
  waiting.shift()?.(fleetOf([hostOf({ name: "web" })]));
  await settle();
  become({ kind: "failed", why: "It ended five times." });
  expect(store.status).toEqual({ kind: "serverDown", why: "It ended five times." });
  expect(store.hosts).toHaveLength(1);
  await store.refresh();
  expect(store.status.kind).toBe("serverDown");
});
