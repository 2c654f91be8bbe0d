// Signs in, imports a small fleet, plans it, and reads the plan. Every path, parameter and field is checked by the compiler against the
// service's own description. The address and the administrator come from the environment.

import createClient from "openapi-fetch";
import type { components, paths } from "./schema.js";

type Job = components["schemas"]["Job"];

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

const client = createClient<paths>({ baseUrl: variable("SERVICE") });

/** The data of an answer, or what the service says is wrong. */
function data<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.url}: ${answer.response.status} ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

const email = variable("EMAIL");
const session = data(await client.POST("/v1/sessions", { body: { email, password: variable("PASSWORD") } }));
client.use({
  onRequest({ request }) {
    request.headers.set("authorization", `Bearer ${session.access_token}`);
    return request;
  },
});

const me = data(await client.GET("/v1/me"));
console.log(`signed in as ${me.email}`);

const fleet = {
  depots: [{ code: "yard", lon: 4.9, lat: 52.37 }],
  vehicles: [{ code: "t1", depot: "yard", capacity_kg: 900 }],
  bins: [1, 2, 3].map((i) => ({ code: `b${i}`, lon: 4.85 + i / 100, lat: 52.35, load_kg: 90 })),
} as const;
for (const kind of ["depots", "vehicles", "bins"] as const) {
  data(await client.POST("/v1/fleet/{kind}/import", { params: { path: { kind } }, body: [...fleet[kind]] }));
}

const asked = data(await client.POST("/v1/plans", { body: { name: "from TypeScript", iterations: 50 } }));
let job: Job | undefined = asked.job ?? undefined;
let plan = asked.plan_id ?? undefined;
while (plan === undefined && job !== undefined) {
  await new Promise((resolve) => setTimeout(resolve, 100));
  job = data(await client.GET("/v1/jobs/{id}", { params: { path: { id: job.id } } }));
  if (job.state === "failed" || job.state === "cancelled") throw new Error(`the job ${job.state}: ${job.error ?? ""}`);
  plan = job.plan_id ?? undefined;
}
if (plan === undefined) throw new Error("neither a plan nor a job");

const summary = data(await client.GET("/v1/plans/{id}/summary", { params: { path: { id: plan } } }));
console.log(`the plan serves ${summary.served} of ${summary.served + summary.unserved} bins over ${summary.distance} metres`);
if (summary.served !== 3) throw new Error("all three bins can be served");

const missing = await client.GET("/v1/plans/{id}", { params: { path: { id: "nothing" } } });
if (missing.response.status !== 404 || missing.error?.code === undefined) throw new Error("what is missing is a problem");
console.log(`what is missing is answered with ${missing.response.status} ${missing.error.code}`);
