import { createServer, type RequestListener, type Server } from "node:http";
import net from "node:net";
import { afterEach, expect, test } from "vitest";
import { nodeHttp } from "./http";

const servers: net.Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    if ("closeAllConnections" in server) (server as Server).closeAllConnections();
  }
});

const listen = (server: net.Server): Promise<number> => {
  servers.push(server);
  return new Promise(resolve =>
    server.listen(0, "127.0.0.1", () => resolve((server.address() as net.AddressInfo).port)),
  );
};
const http = async (listener: RequestListener) => `http://127.0.0.1:${await listen(createServer(listener))}`;
/** A server that says these bytes, whatever it is asked, and then hangs or ends. */
const raw = async (text: string, end: boolean) =>
  `http://127.0.0.1:${await listen(
    net.createServer(socket => {
      socket.on("error", () => undefined).resume();
      if (end) socket.end(text);
      else socket.write(text);
    }),
  )}`;

test("an answer has its status, its text and how long it took", async () => {
  const url = await http((request, response) => response.writeHead(404).end(`no ${request.url}`));
  expect(await nodeHttp.get(`${url}/x`)).toMatchObject({ kind: "answered", status: 404, body: "no /x" });
});

test("an endless answer ends at the size limit, a silent one at the time limit", async () => {
  const endless = await http((_, response) => {
    const pour = (): void => {
      while (response.write("x".repeat(65536)));
      response.once("drain", pour);
    };
    response.on("error", () => undefined);
    pour();
  });
  expect(await nodeHttp.get(endless, { maxBytes: 100_000 })).toMatchObject({ reason: "tooLarge" });
  const silent = await http(() => undefined);
  const started = performance.now();
  expect(await nodeHttp.get(silent, { timeoutMs: 200 })).toMatchObject({ reason: "timeout" });
  const dripping = await http((_, response) => {
    const timer = setInterval(() => response.write("x"), 20);
    response.on("close", () => clearInterval(timer));
  });
  expect(await nodeHttp.get(dripping, { timeoutMs: 200 })).toMatchObject({ reason: "timeout" });
  expect(performance.now() - started).toBeLessThan(2000);
});

test("lengths that lie, half answers and what is no HTTP are failures", async () => {
  const short = await raw("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort", true);
  expect(await nodeHttp.get(short)).toMatchObject({ kind: "failed", reason: "broken" });
  const long = await raw("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nlonger", true);
  const answer = await nodeHttp.get(long);
  expect(answer.kind === "failed" || answer.body === "lo").toBe(true);
  expect(await nodeHttp.get(await raw("SSH-2.0-x\r\n", true))).toMatchObject({ reason: "broken" });
  const heads = await raw(`HTTP/1.1 200 OK\r\nX: ${"y".repeat(200_000)}\r\n\r\n`, true);
  expect(await nodeHttp.get(heads)).toMatchObject({ kind: "failed" });
});

test("a server that goes over to another protocol, or says nothing before it goes, has not answered", async () => {
  const upgrade = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";
  for (const text of [upgrade, "", "HTTP/1.1 100 Continue\r\n\r\n"])
    expect(await nodeHttp.get(await raw(text, true), { timeoutMs: 3000 })).toMatchObject({
      reason: "broken",
    });
  const endless = await http((_, response) => {
    const timer = setInterval(() => response.writeProcessing(), 1);
    response.on("close", () => clearInterval(timer));
  });
  expect(await nodeHttp.get(endless, { timeoutMs: 300 })).toMatchObject({ reason: "timeout" });
});

test("redirects are followed to the end, but not to other schemes and not for ever", async () => {
  const goal = await http((request, response) => response.end(request.headers.authorization ?? "nobody"));
  const there = await http((_, response) => response.writeHead(302, { location: `${goal}/` }).end());
  const withUser = there.replace("//", "//u:p@");
  expect(await nodeHttp.get(withUser)).toMatchObject({ body: "nobody", url: `${goal}/` });
  for (const location of [
    "file:///etc/passwd",
    "ftp://127.0.0.1/x",
    "data:text/plain,x",
    "javascript:1",
    "//",
  ]) {
    const other = await http((_, response) => response.writeHead(302, { location }).end());
    expect(await nodeHttp.get(other), location).toMatchObject({ reason: "badRedirect" });
  }
  const loop = await http((_, response) => response.writeHead(301, { location: "/again" }).end());
  expect(await nodeHttp.get(loop)).toMatchObject({ reason: "badRedirect" });
});

test("user and password go to the server and nowhere else", async () => {
  const url = await http((request, response) => response.end(request.headers.authorization));
  const answer = await nodeHttp.get(url.replace("//", "//me:top%20secret@"));
  expect(answer).toMatchObject({ body: `Basic ${Buffer.from("me:top secret").toString("base64")}` });
  expect(answer).not.toHaveProperty("url", expect.stringContaining("secret"));
  expect(JSON.stringify(await nodeHttp.get("ftp://me:secret@h/"))).not.toContain("secret");
});

test("nobody there, no such name, no address, cancelled", async () => {
  const free = net.createServer();
  const port = await listen(free);
  free.close();
  expect(await nodeHttp.get(`http://127.0.0.1:${port}`)).toMatchObject({ reason: "refused" });
  expect(await nodeHttp.get("http://no-such-host.invalid/")).toMatchObject({ reason: "dns" });
  expect(await nodeHttp.get("not a url")).toMatchObject({ reason: "badUrl" });
  const abort = new AbortController();
  abort.abort();
  expect(await nodeHttp.get(`http://127.0.0.1:${port}`, { signal: abort.signal })).toMatchObject({
    reason: "cancelled",
  });
});
