// vrp's pragmatic JSON.

import assert from "node:assert/strict";
import { test } from "node:test";

import { answerPragmatic } from "milkrun";

const problem = {
  plan: {
    jobs: [{ id: "mill", deliveries: [{ places: [{ location: { index: 1 }, duration: 300 }], demand: [2] }] }],
  },
  fleet: {
    profiles: [{ name: "car" }],
    vehicles: [
      {
        typeId: "van",
        vehicleIds: ["van_1"],
        profile: { matrix: "car" },
        costs: { fixed: 10, distance: 0.5, time: 0 },
        capacity: [5],
        shifts: [{ start: { earliest: "2026-07-04T09:00:00Z", location: { index: 0 } } }],
      },
    ],
  },
};
const matrix = { travelTimes: [0, 60, 60, 0], distances: [0, 800, 800, 0] };

test("an answer in the format", async () => {
  for (const say of [(document) => document, JSON.stringify]) {
    const { solution, warnings } = await answerPragmatic(say(problem), { matrices: [say(matrix)], maxIterations: 50 });
    assert.deepEqual([solution.statistic.cost, solution.statistic.distance, warnings], [410, 800, []]);
    assert.equal(solution.tours[0].vehicleId, "van_1");
  }
});

test("faults are told all at once", async () => {
  await assert.rejects(answerPragmatic("{"), { code: "json_syntax" });
  const faulty = { ...problem, fleet: { ...problem.fleet, profiles: [{ name: "bike" }] } };
  await assert.rejects(answerPragmatic(faulty, { matrices: [matrix] }), (error) => {
    return error.code === "json_content" && error.issues.some(({ path }) => path.includes("profile"));
  });
});
