import { expect, test } from "vitest";
import { fleetOf, hostOf } from "../../../test/harness/snapshots";
import { fleetContext } from "./fleetContext";

test("every empty view has a reason", () => {
  const ready = { kind: "ready" } as const;
  const down = { kind: "serverDown", why: "x" } as const;
  const nothing = { ...fleetOf([]), entryPoints: [] };
  expect(fleetContext({ snapshot: undefined, status: { kind: "loading" } }, [])).toBe("noFolder");
  expect(fleetContext({ snapshot: undefined, status: { kind: "loading" } }, [1])).toBe("loading");
  expect(fleetContext({ snapshot: nothing, status: down }, [1])).toBe("serverDown");
  expect(fleetContext({ snapshot: nothing, status: ready }, [1])).toBe("noEntryPoint");
  expect(fleetContext({ snapshot: fleetOf([hostOf({ name: "a" })]), status: ready }, [1])).toBe("ready");
});
