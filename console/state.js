// What the page shows, kept in the address behind the # so that a link shows the same to somebody else, and Back works.

/** Presets of the time range: [value, seconds, label]. */
export const RANGES = [
  ["15m", 15 * 60, "Last 15 minutes"],
  ["1h", 60 * 60, "Last hour"],
  ["6h", 6 * 60 * 60, "Last 6 hours"],
  ["24h", 24 * 60 * 60, "Last 24 hours"],
  ["7d", 7 * 24 * 60 * 60, "Last 7 days"],
  ["30d", 30 * 24 * 60 * 60, "Last 30 days"],
];
export const DEFAULT_RANGE = "24h";

const NAMES = ["view", "q", "range", "from", "to", "live", "cursor", "entry"];

/**
 * { view, q, range, from, to, live, cursor, entry }: strings, empty when absent. `view`: "clients", or empty for the
 * entries; `from` and `to` are RFC 3339; `live`: "1" when new entries come by themselves.
 */
export function readState(hash = location.hash) {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const state = Object.fromEntries(NAMES.map((name) => [name, parameters.get(name) ?? ""]));
  state.range ||= state.from || state.to ? "custom" : DEFAULT_RANGE;
  return state;
}

export function stateHash(state) {
  const parameters = new URLSearchParams();
  for (const name of NAMES) {
    const isDefault = name === "range" && (state.range === DEFAULT_RANGE || state.range === "custom");
    if (state[name] && !isDefault) parameters.set(name, state[name]);
  }
  return `#${parameters}`;
}

/** The parameters of a search for this state, relative to now. */
export function searchParameters(state, now = Date.now()) {
  const seconds = RANGES.find(([value]) => value === state.range)?.[1];
  return {
    q: state.q,
    from: seconds ? String(now - seconds * 1000) : state.from,
    to: seconds ? "" : state.to,
    cursor: state.cursor,
  };
}
