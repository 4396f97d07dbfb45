// The server's interface, as the page uses it. The session cookie goes along by itself.

/** An answer that is none of the good ones. `position`: where in the query, in characters. */
export class ApiError extends Error {
  constructor(status, message, position) {
    super(message);
    this.status = status;
    this.position = position;
  }
}

async function failure(response) {
  let body = {};
  try {
    body = await response.json();
  } catch {
    // Not ours: a proxy's page. The status has to do.
  }
  return new ApiError(response.status, body.error ?? `The server answered ${response.status}.`, body.position);
}

async function get(path, parameters, signal) {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== ""));
  const response = await fetch(query.size ? `${path}?${query}` : path, { signal, credentials: "same-origin" });
  if (!response.ok) throw await failure(response);
  return response.json();
}

/** Changes a token for the session cookie. */
export async function signIn(token) {
  const response = await fetch("/api/v1/session", {
    method: "POST",
    headers: { Authorization: `Bearer ${token}` },
  });
  if (!response.ok) throw await failure(response);
}

export async function signOut() {
  const response = await fetch("/api/v1/session", { method: "DELETE" });
  if (!response.ok && response.status !== 401) throw await failure(response);
}

/** A page of entries: { logs, next_cursor, scanned, damaged, complete }. `parameters`: q, from, to, limit, cursor. */
export const listLogs = (parameters, signal) => get("/api/v1/logs", parameters, signal);

/** The address of the stream of entries that the query finds, as they are stored. */
export const tailUrl = (query) => `/api/v1/logs/tail?${new URLSearchParams({ q: query })}`;

/** The instances that have sent entries, each with its ledger: { clients }. */
export const listClients = (signal) => get("/api/v1/clients", {}, signal);

/** One entry. What is no uuid is not asked for: it may be the name of something else there, as of the stream. */
export async function getLog(uuid, signal) {
  if (!/^[0-9a-fA-F-]+$/.test(uuid)) throw new ApiError(404, "This is no uuid.");
  return get(`/api/v1/logs/${uuid}`, {}, signal);
}
