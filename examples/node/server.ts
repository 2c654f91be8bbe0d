// A small HTTP endpoint: POST a problem in milkrun's JSON to /solve, and get a plan. The event loop never waits for a
// search, and a client that goes away ends its search. GET /health answers meanwhile, with how late the event loop was.
//
//   PORT=8080 node server.js

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { MilkrunError, Problem } from "milkrun";

const LARGEST_BODY = 20_000_000;
const delay = monitorEventLoopDelay({ resolution: 5 });
delay.enable();

async function body(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > LARGEST_BODY) {
      throw new RangeError(`a problem may have ${LARGEST_BODY} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function answer(response: ServerResponse, status: number, content: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
}

async function solve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const controller = new AbortController();
  response.once("close", () => controller.abort());
  const problem = Problem.fromJson(await body(request));
  const { plan, stopped, iterations } = await problem.solve({ maxRuntimeMs: 1000, signal: controller.signal });
  answer(response, 200, { stopped, iterations, plan });
}

function failed(response: ServerResponse, error: unknown): void {
  if (error instanceof MilkrunError && error.code !== "internal") {
    const { code, message, issues } = error;
    answer(response, 422, { code, message, issues });
  } else if (error instanceof RangeError) {
    answer(response, 413, { message: error.message });
  } else {
    answer(response, 500, { message: "the server failed" });
  }
}

const server = createServer((request, response) => {
  if (request.method === "POST" && request.url === "/solve") {
    solve(request, response).catch((error: unknown) => failed(response, error));
  } else if (request.method === "GET" && request.url === "/health") {
    answer(response, 200, { ok: true, latestMs: delay.percentile(99) / 1e6 });
    delay.reset();
  } else {
    answer(response, 404, { message: "POST /solve or GET /health" });
  }
});

server.listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1", () => {
  const address = server.address();
  console.log(`listening on ${typeof address === "object" ? address?.port : address}`);
});
