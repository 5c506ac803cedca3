// The loop that fetches what the engine needs: order of sources, bounds, ends.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Artifacts, OfflineSource, PolicySet, ready, settle } from "../dist/node.js";
import { keyPair, keyPolicy, podOf } from "./registry-server.mjs";

await ready();
const set = await PolicySet.load([keyPolicy("r.example/*", keyPair().pem)]);
const images = (...names) => {
  const pod = podOf(`r.example/${names[0]}`);
  pod.spec.containers = names.map((name) => ({ name, image: `r.example/${name}` }));
  return { resource: pod };
};
const source = (answer) => ({ name: "test", answer });

test("sources are asked in their order, and the next one only where one does not know", async () => {
  const asked = [];
  const first = source(async (need, artifacts) => {
    asked.push(["first", need.repository]);
    if (need.repository !== "a") return false;
    artifacts.addTag("r.example/a", need.tag, null);
    return true;
  });
  const second = source(async (need, artifacts) => {
    asked.push(["second", need.repository]);
    return new OfflineSource().answer(need, artifacts);
  });
  await settle(set, images("a", "b"), new Artifacts(), [first, second]);
  assert.deepEqual(asked.sort(), [["first", "a"], ["first", "b"], ["second", "b"]]);
});

test("what was fetched for one question is not fetched for the next", async () => {
  let count = 0;
  const counting = source(async (need, artifacts) => {
    count += 1;
    artifacts.addTag(`r.example/${need.repository}`, need.tag, null);
    return true;
  });
  const artifacts = new Artifacts();
  for (let i = 0; i < 3; i++) await settle(set, images("a"), artifacts, [counting]);
  assert.equal(count, 1);
});

test("no more requests at the same time than allowed", async () => {
  let now = 0;
  let most = 0;
  const slow = source(async (need, artifacts) => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 5));
    now -= 1;
    artifacts.addTag(`r.example/${need.repository}`, need.tag, null);
    return true;
  });
  await settle(set, images("a", "b", "c", "d", "e"), new Artifacts(), [slow], { concurrency: 2 });
  assert.equal(most, 2);
});

test("a need that nobody answers, or that an answer leaves open, ends the loop and is named", async () => {
  const silent = source(async () => false);
  await assert.rejects(settle(set, images("a"), new Artifacts(), [silent]), {
    code: "needs-unanswered",
    message: "no source answers for manifest r.example/a:latest",
  });
  const empty = source(async () => true);
  await assert.rejects(settle(set, images("a"), new Artifacts(), [empty]), {
    code: "needs-unanswered",
    message: "manifest r.example/a:latest is missing still after it was fetched",
  });
});

test("a signal ends the loop", async () => {
  const controller = new AbortController();
  const stopping = source(async () => {
    controller.abort(new Error("stop"));
    return true;
  });
  await assert.rejects(settle(set, images("a", "b"), new Artifacts(), [stopping], { signal: controller.signal, concurrency: 1 }), /stop/);
});
