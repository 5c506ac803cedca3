import type { Fetcher } from "./fetch.js";

/** A name and a password. */
export interface Credentials {
  username: string;
  password: string;
  /** A refresh token in place of both: it is exchanged by OAuth2. */
  identityToken?: string;
}

/** Credentials by exact host, port included, and by repository for those who keep them so. */
export type CredentialsOf = (host: string, repository?: string) => Promise<Credentials | undefined> | Credentials | undefined;

/** A challenge of `WWW-Authenticate`. */
export interface Challenge {
  scheme: string;
  parameters: Record<string, string>;
}

const TOKEN = { maxBytes: 1 << 20 };
/** A shorter text is found in words that are none of it. */
const SHORTEST_SECRET = 4;

/** Parses the first challenge: scheme, then `name=value` pairs, quoted or not. */
export function parseChallenge(header: string): Challenge | undefined {
  const match = /^\s*([A-Za-z0-9!#$%&'*+.^_`|~-]+)\s*(.*)$/s.exec(header);
  if (match === null) return undefined;
  const [, scheme = "", rest = ""] = match;
  const parameters: Record<string, string> = {};
  for (const [, name = "", quoted, bare] of rest.matchAll(/([A-Za-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)) {
    parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, "$1") ?? bare ?? "";
  }
  return { scheme: scheme.toLowerCase(), parameters };
}

/** Answers challenges of registries, and remembers tokens for as long as it lives. */
export class Authenticator {
  private readonly known = new Map<string, string>();
  /** What was sent and must be repeated nowhere. */
  private readonly secrets = new Set<string>();
  /** Answers on their way: requests at the same time share one token. */
  private readonly pending = new Map<string, Promise<string | undefined>>();

  constructor(
    private readonly fetcher: Fetcher,
    private readonly credentialsOf: CredentialsOf,
    private readonly allows: (realm: URL, host: string) => boolean,
  ) {}

  /** The header that worked last for this host and repository. */
  header(host: string, path: string): string | undefined {
    return this.known.get(`${host}/${path}`);
  }

  /** A registry's words without our secrets: some repeat what they were sent, and messages are kept as evidence. */
  scrub(text: string): string {
    const secrets = [...this.secrets].filter((secret) => secret.length >= SHORTEST_SECRET);
    const written = secrets.flatMap((secret) => [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]);
    return written.reduce((rest, secret) => rest.replaceAll(secret, "[redacted]"), text);
  }

  /**
   * A header that answers the challenge; undefined: there is none. It is not tied to the request that asked first, so it
   * does not end with it.
   */
  answer(host: string, path: string, challenge: Challenge): Promise<string | undefined> {
    const key = `${host}/${path}`;
    let answer = this.pending.get(key);
    if (answer === undefined) {
      answer = this.ask(host, path, challenge).finally(() => this.pending.delete(key));
      this.pending.set(key, answer);
    }
    return answer;
  }

  private async ask(host: string, path: string, challenge: Challenge): Promise<string | undefined> {
    const credentials = await this.credentialsOf(host, path);
    const identity = credentials?.identityToken;
    const basic = credentials && identity === undefined ? `Basic ${base64(`${credentials.username}:${credentials.password}`)}` : undefined;
    for (const secret of [credentials?.password, identity, basic?.slice("Basic ".length)]) {
      if (secret !== undefined) this.secrets.add(secret);
    }
    let header: string | undefined;
    if (challenge.scheme === "bearer") header = await this.token(host, path, challenge, basic, identity);
    else if (challenge.scheme === "basic") header = basic;
    if (challenge.scheme === "bearer" && header !== undefined) this.secrets.add(header.slice("Bearer ".length));
    if (header !== undefined) this.known.set(`${host}/${path}`, header);
    return header;
  }

  /** Asks the token service that the challenge names. The scope is ours: some registries echo a placeholder. */
  private async token(
    host: string,
    path: string,
    { parameters }: Challenge,
    basic: string | undefined,
    identity: string | undefined,
  ): Promise<string | undefined> {
    if (parameters.realm === undefined || !URL.canParse(parameters.realm)) return undefined;
    const url = new URL(parameters.realm);
    if (!this.allows(url, host)) return undefined;
    const asked = { ...(parameters.service !== undefined && { service: parameters.service }), scope: `repository:${path}:pull` };
    const response =
      identity === undefined
        ? await this.fetcher.get(withQuery(url, asked), basic === undefined ? {} : { authorization: basic }, TOKEN)
        : await this.fetcher.post(url, refresh(identity, asked), TOKEN);
    if (response.status !== 200) return undefined;
    const found = tokenOf(new TextDecoder().decode(response.body));
    return typeof found === "string" && found !== "" ? `Bearer ${found}` : undefined;
  }
}

function withQuery(url: URL, asked: Record<string, string>): URL {
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value);
  return url;
}

/** Source: distribution, "Authenticate by OAuth2". */
function refresh(identity: string, asked: Record<string, string>): URLSearchParams {
  return new URLSearchParams({ grant_type: "refresh_token", refresh_token: identity, client_id: "vidimus", ...asked });
}

function tokenOf(text: string): unknown {
  try {
    const { token, access_token } = JSON.parse(text) as Record<string, unknown>;
    return token ?? access_token;
  } catch {
    return undefined;
  }
}

function base64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
