import { expect, test } from "vitest";
import { manualClock } from "../../../test/harness/manualClock";
import { RunningTime } from "./runningTime";

function world() {
  const clock = manualClock();
  const at: number[] = [];
  const state = { wanted: false };
  const time = new RunningTime(clock, {
    isWanted: () => state.wanted,
    tick: () => void at.push(clock.now()),
  });
  return { clock, at, state, time };
}

test("it goes on once a second while it is wanted, and no timer is left after that", () => {
  const { clock, at, state, time } = world();
  time.update();
  expect(clock.waiting).toBe(0);
  state.wanted = true;
  time.update();
  clock.advance(3_500);
  expect(at).toEqual([1_000, 2_000, 3_000]);
  state.wanted = false;
  clock.advance(5_000);
  expect(at).toHaveLength(3);
  expect(clock.waiting).toBe(0);
});

test("many changes make one timer, which ends with what owns it", () => {
  const { clock, at, state, time } = world();
  state.wanted = true;
  for (let change = 0; change < 10; change++) time.update();
  expect(clock.waiting).toBe(1);
  clock.advance(1_000);
  expect(at).toEqual([1_000]);
  time.dispose();
  expect(clock.waiting).toBe(0);
});

test("hidden and shown again within a second, it still is one timer", () => {
  const { clock, at, state, time } = world();
  state.wanted = true;
  time.update();
  clock.advance(500);
  state.wanted = false;
  time.update();
  state.wanted = true;
  time.update();
  clock.advance(1_000);
  expect(at).toEqual([1_500]);
  expect(clock.waiting).toBe(1);
});
