#include "src/symbols/symbolizer.h"

#include <optional>
#include <utility>

namespace logs_sdk::inline v1 {
namespace {

// This program, also when its file has been replaced by a newer one while it runs.
constexpr const char* kThisProgram = "/proc/self/exe";

}  // namespace

std::vector<Symbolizer::Places> Symbolizer::places(const std::vector<std::string_view>& lines) {
  std::vector<Places> all(lines.size());
  const Libdw* const libdw = Libdw::get();
  if (libdw == nullptr) return all;
  OpenFiles open;
  for (std::size_t i = lines.size(); i-- > 0;) {
    const std::optional<RawFrame> frame = parse_raw_frame(lines[i]);
    if (!frame || frame->build_id.empty()) continue;  // without an id it may be another file by now
    const auto found = known_.find(std::string(lines[i]));
    if (found != known_.end()) {
      all[i] = found->second;
      continue;
    }
    const SteadyTime begun = clock_->steady();
    if (!has_time(begun)) continue;  // a later stack may have them
    if (const SymbolFile* file = file_of(*libdw, *frame, open)) all[i] = file->places(frame->offset);
    if (known_.size() >= kMaxKnownFrames) known_.clear();
    known_.emplace(lines[i], all[i]);
    spent_ += clock_->steady() - begun;
  }
  return all;
}

bool Symbolizer::has_time(SteadyTime now) noexcept {
  if (now >= period_end_) {
    period_end_ = now + kPeriod;
    spent_ = {};
  }
  return spent_ < kMostTime;
}

const SymbolFile* Symbolizer::file_of(const Libdw& libdw, const RawFrame& frame, OpenFiles& open) {
  const std::string name = std::string(frame.module) + ' ' + std::string(frame.build_id);
  const auto known = open.find(name);
  if (known != open.end()) return known->second.get();
  std::unique_ptr<SymbolFile> file = SymbolFile::open(libdw, std::string(frame.module), frame.build_id);
  if (file == nullptr) file = SymbolFile::open(libdw, kThisProgram, frame.build_id);
  return open.emplace(name, std::move(file)).first->second.get();
}

}  // namespace logs_sdk::inline v1
