import { expect, test } from "vitest";
import { DisposableStore, toDisposable } from "./disposableStore";
import { Emitter } from "./events";

test("everything is released, newest first, even when one release fails", () => {
  const order: number[] = [];
  const store = new DisposableStore();
  store.add(toDisposable(() => order.push(1)));
  store.add(
    toDisposable(() => {
      throw new Error("broken");
    }),
  );
  store.add(toDisposable(() => order.push(3)));
  expect(() => store.dispose()).toThrow("broken");
  expect(order).toEqual([3, 1]);
  expect(store.size).toBe(0);
});

test("what comes after the end is released at once", () => {
  const store = new DisposableStore();
  store.dispose();
  let released = 0;
  store.add(toDisposable(() => released++));
  expect(released).toBe(1);
});

test("a listener hears until it is disposed, and a failing one does not keep others from hearing", () => {
  const emitter = new Emitter<number>();
  const heard: number[] = [];
  emitter.event(() => {
    throw new Error("broken");
  });
  const listening = emitter.event(value => heard.push(value));
  expect(() => emitter.fire(1)).toThrow("broken");
  listening.dispose();
  expect(() => emitter.fire(2)).toThrow("broken");
  expect(heard).toEqual([1]);
  expect(emitter.listenerCount).toBe(1);
});
