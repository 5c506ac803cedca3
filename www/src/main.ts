import { App } from "./app.js";

const app = new App();
void app.start();
if (import.meta.env.PROD && "serviceWorker" in navigator) void navigator.serviceWorker.register("./sw.js").catch(() => undefined);
