// After a failed test: a picture of every open editor in test-results/, named after the test.
import { afterEach } from "vitest";
import { openEditors } from "./editor";

afterEach(async ({ task }) => {
  if (task.result?.state !== "fail") return;
  const name = task.name.replaceAll(/\W+/g, "-").slice(0, 60);
  for (const editor of openEditors) {
    console.log(editor.errors().join("\n"));
    await editor.page.screenshot({ path: `test-results/failed-${name}.png` });
  }
});
