// What a fuzzer asserts: a promise of ours, named on stderr where it is broken.
#ifndef LOGS_SDK_FUZZ_SUPPORT_PROMISE_H_
#define LOGS_SDK_FUZZ_SUPPORT_PROMISE_H_

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace logs_sdk::fuzz {

// `about`: what it was broken by, such as a document or an answer; shown as it is.
inline void promise(bool kept, const char* what, std::string_view about = {}) {
  if (kept) return;
  std::fprintf(stderr, "broken promise: %s\n%.*s\n", what, static_cast<int>(about.size()), about.data());
  std::abort();
}

// Planted as the value of a name that is secret. Inputs that hold it are passed over: there it may stand where nothing
// names it.
inline constexpr std::string_view kCanary = "cAnArY5ecret7Zq";

inline bool holds_canary(std::string_view text) { return text.find(kCanary) != std::string_view::npos; }

inline void promise_no_secret(std::string_view text) {
  promise(!holds_canary(text), "a secret that is named never comes out", text);
}

}  // namespace logs_sdk::fuzz

#endif  // LOGS_SDK_FUZZ_SUPPORT_PROMISE_H_
