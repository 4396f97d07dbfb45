// Symbolizer: raw frames as functions, files and lines, for as long as the files they came from are what they were.
//
// It opens a module for the frames of one stack and closes it again, so that nothing of the machine's files stays
// mapped while they may be replaced; what it has learnt of a frame it remembers. The stacks of an application come from
// few places, so most are answered from memory. Thread-safety: none; the shipper's thread.
#ifndef LOGS_SDK_SYMBOLS_SYMBOLIZER_H_
#define LOGS_SDK_SYMBOLS_SYMBOLIZER_H_

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "src/base/clock.h"
#include "src/symbols/code_place.h"
#include "src/symbols/raw_frame.h"
#include "src/symbols/symbol_file.h"

namespace logs_sdk::inline v1 {

class Symbolizer {
 public:
  // About a megabyte. A program has that many places that throw, with those that lead there; then it begins anew.
  static constexpr std::size_t kMaxKnownFrames = 4096;

  // For what is not known yet, so much of each period, whatever the number of stacks, and of each stack the newest
  // frames first: the debug information of some programs takes libdw a tenth of a second for each frame, a batch may
  // hold hundreds of stacks, and close() waits for two seconds.
  static constexpr std::chrono::milliseconds kMostTime{1000};
  static constexpr std::chrono::seconds kPeriod{10};

  // `clock` outlives it.
  explicit Symbolizer(Clock& clock = system_clock()) : clock_(&clock) {}

  // False where libdw is missing: every answer is then empty.
  static bool available() noexcept { return Libdw::get() != nullptr; }

  // For each line that is a raw frame its functions, the innermost inlined first; empty for every other line and where
  // the file is gone, another one, or says nothing, and for the oldest lines when the time is over.
  std::vector<std::vector<CodePlace>> places(const std::vector<std::string_view>& lines);

 private:
  using Places = std::vector<CodePlace>;
  using OpenFiles = std::map<std::string, std::unique_ptr<SymbolFile>, std::less<>>;  // by module and build id

  static const SymbolFile* file_of(const Libdw& libdw, const RawFrame& frame, OpenFiles& open);

  // Whether something may be looked up that begins `now`.
  bool has_time(SteadyTime now) noexcept;

  Clock* clock_;
  SteadyTime period_end_ = SteadyTime::min();
  SteadyTime::duration spent_{};                   // of the period
  std::unordered_map<std::string, Places> known_;  // by the frame's text
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SYMBOLS_SYMBOLIZER_H_
