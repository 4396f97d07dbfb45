// Sample entries: what a web service's traffic looks like, always the same. For benchmarks and for tests that want more
// than one kind of entry.
//
// 256 of them by default, about 2.6 KB each once encoded: 12 request headers and 3 response headers, 60 % POST with a
// JSON body of about 330 bytes of UTF-8, a third of it Chinese, 4 % errors with a stack of eight lines.
#ifndef LOGS_SDK_TESTING_SAMPLE_ENTRIES_H_
#define LOGS_SDK_TESTING_SAMPLE_ENTRIES_H_

#include <cstddef>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "src/entry/entry_encoder.h"
#include "src/entry/entry_view.h"

namespace logs_sdk::inline v1 {

// Owns what the views show; stays where it is.
class SampleEntries {
 public:
  explicit SampleEntries(std::size_t count = 256);
  SampleEntries(const SampleEntries&) = delete;
  SampleEntries& operator=(const SampleEntries&) = delete;

  std::span<const EntryView> views() const noexcept { return views_; }

  // The process from which all of them come; the views leave these fields empty.
  static ProcessIdentity identity();

 private:
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }
  EntryView make(std::size_t number);
  std::span<const HeaderView> request_headers(const EntryView& entry);
  std::span<const HeaderView> response_headers(const EntryView& entry);

  std::deque<std::string> texts_;
  std::deque<std::vector<HeaderView>> headers_;
  std::vector<EntryView> views_;
};

// The same as bytes.
std::vector<std::string> encoded_sample_entries(std::size_t count = 256);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTING_SAMPLE_ENTRIES_H_
