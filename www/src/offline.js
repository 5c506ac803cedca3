// The service worker: keeps the files of one build, answers from them, and asks the network for nothing else of the page.

const { version, files } = self.FILES;
const CACHE = `vidimus-${version}`;

self.addEventListener("install", (event) => {
  const add = async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll([...files.map((file) => new Request(file, { cache: "reload" })), new Request("./", { cache: "reload" })]);
    await self.skipWaiting();
  };
  event.waitUntil(add());
});

self.addEventListener("activate", (event) => {
  const clean = async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("vidimus-") && name !== CACHE).map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(clean());
});

self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET" || new URL(event.request.url).origin !== self.location.origin) return;
  const answer = async () => (await caches.match(event.request, { ignoreSearch: true })) ?? fetch(event.request);
  event.respondWith(answer());
});
