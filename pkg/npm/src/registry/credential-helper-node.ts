import { spawn } from "node:child_process";
import { VidimusError } from "../engine/error.js";
import type { Credentials } from "./auth.js";

const MAX_OUTPUT = 1 << 20;

/**
 * Asks `docker-credential-NAME get`, run without a shell, with the server on its standard input; undefined: it has none.
 *
 * Source: docker/docker-credential-helpers, "Development".
 */
export function askHelper(name: string, server: string, timeout = 10_000): Promise<Credentials | undefined> {
  const program = `docker-credential-${name}`;
  if (!/^[A-Za-z0-9._-]+$/.test(name)) {
    return Promise.reject(new VidimusError("bad-call", `credential helper: expected a name, found \`${name.slice(0, 80)}\``));
  }
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new VidimusError("bad-call", `${program}: ${why}`));
    const child = spawn(program, ["get"], { stdio: ["pipe", "pipe", "ignore"], timeout, killSignal: "SIGKILL" });
    let output = "";
    child.on("error", (error) => fail(`${error.message}: install it, or take it out of config.json`));
    child.stdin.on("error", () => undefined);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.length <= MAX_OUTPUT) return;
      fail(`more than ${MAX_OUTPUT} characters`);
      child.kill("SIGKILL");
    });
    child.on("close", (code) => {
      if (code === 0) return void settle(() => resolve(parse(output)), fail);
      if (/credentials not found/.test(output)) return resolve(undefined);
      fail(code === null ? `no answer within ${timeout} ms` : `expected credentials, found exit code ${code}`);
    });
    child.stdin.end(server);
  });
}

function settle(done: () => void, fail: (why: string) => void): void {
  try {
    done();
  } catch {
    fail("expected JSON with Username and Secret, found something else");
  }
}

/** The user name `<token>` says that the secret is an identity token. */
function parse(output: string): Credentials {
  const { Username, Secret } = JSON.parse(output) as { Username?: unknown; Secret?: unknown };
  if (typeof Username !== "string" || typeof Secret !== "string") throw new TypeError("no credentials");
  return Username === "<token>" ? { username: "", password: "", identityToken: Secret } : { username: Username, password: Secret };
}
