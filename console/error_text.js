// Why a request failed, out of the texts that were recorded: the exception's type and text, its causes, its stack.

// A name of a type as C++, Python, Java or JavaScript write it, then its text.
const TYPED = /^([A-Za-z_(](?:[\w.:$]|\(anonymous namespace\)|(?<=\()anonymous namespace\)|<[^>]{0,200}>)*)(?:: |$)/;
const CAUSED_BY = /(?:^|; )caused by |\n\s*caused by:? /gi;

function typed(text) {
  const match = TYPED.exec(text);
  return match ? { type: match[1], text: text.slice(match[0].length) } : { type: "", text };
}

/** [{ type, text }]: the exception, then what caused it. */
export function causesOf(message) {
  return message.split(CAUSED_BY).map((part) => typed(part.trim())).filter(({ type, text }) => type || text);
}

const REASON_NAMES = ["message", "error_description", "detail", "reason", "title", "msg", "error"];

/** What a JSON body says of the error, where it says it in one of the usual places; else empty. */
export function reasonOf(json) {
  const places = [json, json.error, json.errors?.[0]].filter((place) => place !== null && typeof place === "object");
  for (const name of REASON_NAMES) {
    const found = places.find((place) => typeof place[name] === "string" && place[name] !== "");
    if (found) return found[name];
  }
  return "";
}

// Frames of the language, its libraries and frameworks: what a reader passes over at first. By where they lie, or by what a
// function's own name begins with: its arguments may be of any library.
const LIBRARY_PLACE = /site-packages|dist-packages|\/usr\/(?:local\/)?(?:lib|include)|node_modules|node:|<frozen |(?:^|[\s/(])lib(?:stdc\+\+|c|pthread|gcc_s|asan|tsan|ubsan|boost_\w+)(?:\.so|-)/;
const LIBRARY_NAME = /^\s*(?:at )?(?:void |bool )?(?:(?:std|boost|__gnu_cxx|drogon|crow|httplib|logs_sdk)::|__cxa_|__libc_|java[.x]|sun\.|jdk\.|org\.(?:springframework|apache)\.)/;
const isLibrary = (frame) => LIBRARY_PLACE.test(frame) || LIBRARY_NAME.test(frame);
const PYTHON_FRAME = /^\s*File "/;
const AT_FRAME = /^\s+at /;

/** One frame may be several lines, as in Python, where the code stands under the place. */
function framesOf(lines) {
  const isPython = lines.some((line) => PYTHON_FRAME.test(line));
  const frames = [];
  for (const line of lines.filter((each) => each.trim() !== "")) {
    const continues = isPython && /^\s{4,}/.test(line) && frames.length > 0 && PYTHON_FRAME.test(frames.at(-1).text);
    if (continues) frames.at(-1).text += `\n${line}`;
    else frames.push({ text: line });
  }
  return frames;
}

function isPlace(text, isPython, isAt) {
  if (isPython) return PYTHON_FRAME.test(text);
  return isAt ? AT_FRAME.test(text) : true;
}

/**
 * The lines of a stack: { text, isFrame, isLibrary, isNewest }. The newest frame stands last, but first where each
 * frame begins with "at", as Java and JavaScript write it.
 */
export function stackLines(stack) {
  const lines = stack.split("\n");
  const isPython = lines.some((line) => PYTHON_FRAME.test(line));
  const isAt = lines.some((line) => AT_FRAME.test(line));
  const frames = framesOf(lines).map(({ text }) => ({ text, isFrame: isPlace(text, isPython, isAt) && !/^\.\.\.\[truncated\]$/.test(text),
    isLibrary: isLibrary(text), isNewest: false }));
  const places = frames.filter((frame) => frame.isFrame);
  const newest = isAt ? places[0] : places.at(-1);
  if (newest) newest.isNewest = true;
  return frames;
}
