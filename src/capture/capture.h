// Capture: an exchange as the fields of an entry, by the rules of trust, client, trace and masking.
//
// Ownership: one per LogSDK. Constant after construction; every call from any thread, with a scratch of its own each.
// Everything in the resulting view is masked; limits are left to the encoder, which cuts after masking.
#ifndef LOGS_SDK_CAPTURE_CAPTURE_H_
#define LOGS_SDK_CAPTURE_CAPTURE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "logs_sdk/config.h"
#include "logs_sdk/exchange.h"
#include "src/base/clock.h"
#include "src/capture/capture_scratch.h"
#include "src/capture/exchange_state.h"
#include "src/capture/trusted_proxies.h"
#include "src/entry/entry_view.h"
#include "src/masking/masker.h"

namespace logs_sdk::inline v1 {

class Capture {
 public:
  // Reads mask_extra, mask_allow, exclude_paths, capture_bodies, max_body_size and max_stack_size. `trusted` comes from
  // TrustedProxies::parse(config.trusted_proxies), which tells what is wrong with them.
  Capture(const Config& config, TrustedProxies trusted);

  const Masker& masker() const noexcept { return masker_; }

  // For ExchangeStart: how many bytes of a body are to be copied; 0 when bodies are only counted.
  std::size_t max_body_bytes() const noexcept { return max_body_bytes_; }

  // Whether exclude_paths says that this path makes no entry.
  bool excluded(const ExchangeState& state) const noexcept;

  // Fixes trace_id, parent_span_id and request_id from the headers given so far. Idempotent.
  void settle_identity(ExchangeState& state) const noexcept;

  // Fills `entry` with views into `state` and `scratch`, which must both stay as they are while it is used. `end` is
  // when the exchange was finished. Leaves project_slug, environment, service_name, host and process_id empty: the
  // encoder knows them. Throws std::bad_alloc only.
  void capture(ExchangeState& state, Outcome outcome, SteadyTime end, CaptureScratch& scratch, EntryView& entry) const;

 private:
  Masker masker_;
  TrustedProxies trusted_;
  std::vector<std::string> exclude_paths_;
  std::size_t max_body_bytes_;
  std::size_t max_stack_bytes_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_CAPTURE_CAPTURE_H_
