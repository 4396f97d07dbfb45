// What stands in place of the list when there is none: signing in, the first steps, nothing found.

import { element } from "./dom.js";

const FIRST_ENTRY = (origin) => `curl ${origin}/api/v1/ingest/logs \\
  -H 'Content-Type: application/json' \\
  -H 'X-API-Key: clog_pk_…' \\
  -H 'X-API-Secret: clog_sk_…' \\
  -d '{"logs":[{"method":"GET","path":"/hello","status_code":200,"duration_ms":12}]}'`;

const SDK_SETTINGS = (origin) => `LOGS_SDK_ENDPOINT=${origin}/api/v1/ingest/logs
LOGS_SDK_API_KEY=clog_pk_…
LOGS_SDK_API_SECRET=clog_sk_…
LOGS_SDK_PROJECT_SLUG=default`;

/** Asks for a token. `onToken(token)` is called with what was entered. */
export function signInNotice(message, onToken) {
  const input = element("input", { type: "password", id: "token", autocomplete: "off", required: true });
  const form = element(
    "form",
    {},
    element("label", { htmlFor: "token" }, "Token"),
    input,
    element("button", { type: "submit", className: "primary" }, "Sign in"),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onToken(input.value.trim());
  });
  return element(
    "div",
    { className: "card" },
    element("h1", {}, "Sign in"),
    message ? element("p", { className: "problem", role: "alert" }, message) : null,
    element("p", {}, "Open the address that logs-server printed at its first start: it ends in #token=…. Or enter that token here."),
    form,
  );
}

/** For a store without any entry. */
export function firstStepsNotice(onRefresh) {
  return element(
    "div",
    { className: "card" },
    element("h1", {}, "No entries yet"),
    element("p", {}, "The server is ready. Send it a first entry with the project's keys, which logs-server printed at its first start:"),
    element("pre", {}, FIRST_ENTRY(location.origin)),
    element("p", {}, "A service with the SDK finds the way here by its environment:"),
    element("pre", {}, SDK_SETTINGS(location.origin)),
    element("p", {}, element("button", { type: "button", className: "primary", onclick: onRefresh }, "Look again")),
  );
}

/** For a search without a result. `actions`: [label, function] pairs. */
export function nothingFoundNotice(text, actions) {
  return element(
    "div",
    { className: "card" },
    element("h1", {}, "Nothing found"),
    element("p", {}, text),
    element("p", {}, ...actions.map(([label, onclick]) => element("button", { type: "button", onclick }, label))),
  );
}

export function problemNotice(text, onRetry) {
  return element(
    "div",
    { className: "card" },
    element("h1", {}, "That did not work"),
    element("p", { className: "problem", role: "alert" }, text),
    element("p", {}, element("button", { type: "button", onclick: onRetry }, "Try again")),
  );
}
